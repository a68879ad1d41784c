import type { AppContext } from '../../context.ts'
import type { Db } from '../../db/schema.ts'
import { listDeclaredCommands } from '../../inbound/commands/declared-store.ts'
import { listEndpoints } from '../../platform/store.ts'
import { listQuietHours } from '../../quiet-hours/store.ts'
import { listAllRules } from '../../routing/rules-store.ts'
import { listAllTypes, readRoutingState } from '../../routing/store.ts'
import { listScheduleRows } from '../../schedules/store.ts'
import { listCurrentTemplates } from '../../templates/store.ts'
import type { Entry, EntryOf } from '../entries.ts'
import type { Ground } from '../ground.ts'
import type { Fields, Present, Wanted } from '../items.ts'
import { nameShower } from '../resolver.ts'
import { PAGE, readAll, type State } from '../state.ts'
import { commandDefaults, presentCommands, wantedCommand } from './command.ts'
import { destinationDefaults, presentDestinations, wantedDestination } from './destination.ts'
import { presentFallback, wantedFallback } from './fallback.ts'
import { integrationDefaults, presentIntegrations } from './integration.ts'
import { presentPlatforms } from './platform.ts'
import { presentQuietHours, quietHoursDefaults, wantedQuietHours } from './quiet-hours.ts'
import { presentRules, ruleDefaults, wantedRule } from './rule.ts'
import { presentSchedules, scheduleDefaults, wantedSchedule } from './schedule.ts'
import { impliedTemplates, presentTemplates, templateDefaults, wantedTemplate } from './template.ts'
import { presentTypes, typeDefaults, wantedType } from './type.ts'

/** Everything that a file can set, as it stands. */
export async function readPresent(ctx: AppContext, db: Db, state: State): Promise<Present[]> {
  const nameOf = nameShower(state, state.integrations, new Map())
  const ownerOf = (id: string) => state.integrations.find((row) => row.id === id)?.name ?? id
  const quietHours = await readAll((cursor) => listQuietHours(db, { cursor, limit: PAGE }))
  return [
    ...presentIntegrations(state),
    ...presentPlatforms(ctx, await listEndpoints(db), ownerOf),
    ...presentDestinations(state, nameOf),
    ...presentCommands(await listDeclaredCommands(db)),
    ...presentTemplates(await listCurrentTemplates(db)),
    ...(await presentTypes(db, await listAllTypes(db), state)),
    ...presentRules(await listAllRules(db), state),
    presentFallback((await readRoutingState(db)).fallback, state),
    ...presentSchedules(await readAll((cursor) => listScheduleRows(db, { cursor, limit: PAGE }))),
    ...presentQuietHours(quietHours, state, nameOf),
  ]
}

/** What a thing of this kind is where a file says nothing else. */
export async function defaultsOf(db: Db, kind: Present['kind']): Promise<Fields> {
  return kind === 'type' ? typeDefaults(db) : (DEFAULTS[kind] ?? {})
}

const DEFAULTS: { [Kind in Present['kind']]?: Fields } = {
  integration: integrationDefaults,
  destination: destinationDefaults,
  command: commandDefaults,
  template: templateDefaults,
  rule: ruleDefaults,
  schedule: scheduleDefaults,
  quiet_hours: quietHoursDefaults,
}

/** What the entries want, but for integrations, which are matched before all others. */
export async function wantedOf(
  ground: Ground,
  entries: readonly Entry[],
  present: readonly Present[],
): Promise<Wanted[]> {
  const ofType = await typeDefaults(ground.ctx.db)
  const each = async (entry: Entry): Promise<Wanted | undefined> => {
    switch (entry.kind) {
      case 'destination':
        return wantedDestination(ground, entry)
      case 'command':
        return wantedCommand(ground, entry)
      case 'template':
        return wantedTemplate(ground, entry, present)
      case 'type':
        return wantedType(ground, entry, ofType)
      case 'rule':
        return wantedRule(ground, entry)
      case 'fallback':
        return wantedFallback(ground, entry)
      case 'schedule':
        return wantedSchedule(ground, entry, present)
      case 'integration':
      case 'quiet_hours':
        return undefined
    }
  }
  const wanted: Wanted[] = []
  for (const entry of entries) {
    const item = await each(entry)
    if (item) wanted.push(item)
  }
  wanted.push(...impliedTemplates(ground, wanted, present))
  const hours = entries.filter((entry): entry is EntryOf<'quiet_hours'> => entry.kind === 'quiet_hours')
  return [...wanted, ...(await wantedQuietHours(ground, hours, present))]
}
