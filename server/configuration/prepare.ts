import type { ConfigurationFormat, ConfigurationKind, ConfigurationRequest } from '../../shared/configuration.ts'
import type { AppContext } from '../context.ts'
import type { Db } from '../db/schema.ts'
import type { Actor } from '../users/actor.ts'
import { warnOfScopes } from './compare-scopes.ts'
import { diff, type Step } from './diff.ts'
import type { EntryOf } from './entries.ts'
import { formatOf } from './formats/formats.ts'
import type { Ground } from './ground.ts'
import { type Present, stable, type Wanted } from './items.ts'
import { impliedDestinations } from './kinds/destination.ts'
import { matchIntegrations, namedIntegrations, wantedIntegration } from './kinds/integration.ts'
import { readPresent, wantedOf } from './kinds/kinds.ts'
import { wantedPlatform } from './kinds/platform.ts'
import { wantedOrder } from './kinds/rule.ts'
import { type ReadText, readText } from './read-text.ts'
import { openResolver, type Resolver } from './resolver.ts'
import { readState } from './state.ts'
import { listApplied } from './store.ts'
import { warnOfDeleted } from './warn-of-deleted.ts'

/** A file that was read, and what applying it would do. Slack was asked for what is not known here; nothing is written. */
export type Prepared = {
  read: ReadText
  format?: ConfigurationFormat
  steps: Step[]
  resolver?: Resolver
  /** What everything looked like that the steps were made from. */
  standing: string
}

export async function prepare(ctx: AppContext, actor: Actor, request: ConfigurationRequest): Promise<Prepared> {
  const read = readText(request.text)
  const format = read.problems.length === 0 ? formatOf(read) : undefined
  const said = format?.read(read)
  if (!format || !said) return { read, steps: [], standing: '' }
  const state = await readState(ctx.db)
  const present = await readPresent(ctx, ctx.db, state)
  const early = { ctx, read, request, state }
  const matched = matchIntegrations(early, said.entries.filter(isIntegration))
  const integrations = namedIntegrations(early, matched)
  const resolver = openResolver({ ...early, actor, integrations, integrationId: request.integrationId })
  const ground: Ground = { ...early, actor, resolver }

  const wanted: Wanted[] = []
  for (const each of matched) {
    push(wanted, await wantedIntegration(ground, each))
    push(wanted, wantedPlatform(ground, each.entry, each.named, hasPlatform(present, each.named.id)))
  }
  const platforms = wanted.filter(({ kind }) => kind === 'platform')
  const others = await wantedOf(ground, said.entries, [...present, ...platforms])
  const described = new Set(others.filter(({ kind }) => kind === 'destination').map(({ key }) => key))
  wanted.push(...impliedDestinations(ground, described), ...others)
  if (said.scopes) await warnOfScopes(ground, said.scopes)
  const order = wantedOrder(wanted, present, request.prune ?? false)
  const steps = diff({
    present: order ? [...present, order.present] : present,
    wanted: inOrder(order ? [...wanted, order.wanted] : wanted),
    applied: await listApplied(ctx.db),
    sections: new Set(said.sections),
    prune: request.prune ?? false,
  })
  await warnOfDeleted(ground, steps, present)
  return { read, format: format.kind, steps, resolver, standing: stable(present) }
}

const hasPlatform = (present: readonly Present[], id: string): boolean =>
  present.some(({ kind, key }) => kind === 'platform' && key === id)

/** Everything as it stands, told from what it was when it was prepared. */
export async function standingNow(ctx: AppContext, db: Db): Promise<string> {
  return stable(await readPresent(ctx, db, await readState(db)))
}

/** What others refer to is written first. */
export const WRITING_ORDER: readonly ConfigurationKind[] = [
  ...(['integration', 'platform', 'destination', 'command', 'template', 'type', 'rule', 'fallback'] as const),
  ...(['schedule', 'quiet_hours'] as const),
]

function inOrder(wanted: readonly Wanted[]): Wanted[] {
  return WRITING_ORDER.flatMap((kind) => wanted.filter((item) => item.kind === kind))
}

function push(list: Wanted[], item: Wanted | undefined): void {
  if (item) list.push(item)
}

const isIntegration = (entry: { kind: string }): entry is EntryOf<'integration'> => entry.kind === 'integration'
