import { QuietHoursChange, type QuietScope } from '../../../shared/quiet-hours.ts'
import { eraseQuietHours, writeNewQuietHours, writeQuietHours } from '../../quiet-hours/change-quiet-hours.ts'
import { isTimeZone } from '../../quiet-hours/local-time.ts'
import { toRule } from '../../quiet-hours/read-rules.ts'
import type { SavedQuietHours } from '../../quiet-hours/store.ts'
import type { EntryOf } from '../entries.ts'
import { type Ground, sayError } from '../ground.ts'
import { type Fields, isSame, type Present, type Wanted } from '../items.ts'
import type { State } from '../state.ts'
import { isTargetKey, type TargetKey } from '../target-keys.ts'

export const quietHoursDefaults: Fields = { urgentBreaksThrough: true, atEnd: 'digest', enabled: true }

/** They have no names, so they go by their ids. */
export function presentQuietHours(
  rows: readonly SavedQuietHours[],
  state: State,
  nameOf: (key: TargetKey) => string,
): Present[] {
  return rows.map((row) => {
    const { id, scope, days, ...rule } = toRule(row)
    const fields = { ...rule, days: inOrder(days), scope: scopeField(scope, state), enabled: row.disabledAt === null }
    return {
      ...{ kind: 'quiet_hours', key: id, id, name: nameOfHours(fields, nameOf), fields },
      remove: ({ ctx, trx, actor }) => eraseQuietHours(ctx, trx, actor, id),
    }
  })
}

/**
 * All quiet hours of a file at once. Those that stand as the file has them are the same; of the others each takes the
 * place of one about the same thing, as long as there is one.
 */
export async function wantedQuietHours(
  ground: Ground,
  entries: readonly EntryOf<'quiet_hours'>[],
  present: readonly Present[],
): Promise<Wanted[]> {
  const free = present.filter(({ kind }) => kind === 'quiet_hours')
  const read: { entry: EntryOf<'quiet_hours'>; fields: Fields; before: Present | undefined }[] = []
  for (const entry of entries) {
    const fields = await fieldsOf(ground, entry)
    if (fields) read.push({ entry, fields, before: take(free, (item) => isSame(item.fields, fields)) })
  }
  return read.map(({ entry, fields, before }) =>
    wanted(ground, entry, fields, before ?? take(free, (item) => isSame(item.fields.scope, fields.scope))),
  )
}

function wanted(ground: Ground, { path }: EntryOf<'quiet_hours'>, fields: Fields, before: Present | undefined): Wanted {
  const { ctx, resolver } = ground
  const key = before?.key ?? ctx.newId('qth')
  return {
    ...{ kind: 'quiet_hours', key, name: nameOfHours(fields, resolver.nameOf), path },
    ...{ fields, defaults: quietHoursDefaults },
    write: async ({ trx, actor }) => {
      const change = QuietHoursChange.parse({ ...fields, scope: savedScope(fields.scope, ground) })
      if (before) await writeQuietHours(ctx, trx, actor, key, change)
      else await writeNewQuietHours(ctx, trx, actor, change, key)
    },
  }
}

async function fieldsOf(ground: Ground, { body, at }: EntryOf<'quiet_hours'>): Promise<Fields | undefined> {
  if (!isTimeZone(body.timeZone)) {
    return sayError(ground, at('timeZone'), {
      message: `There is no time zone ${body.timeZone}.`,
      fix: 'Name it as the tz database does, for example Europe/Berlin or America/New_York.',
    })
  }
  const { scope, days, ...rest } = body
  const more = { ...quietHoursDefaults, ...rest, days: inOrder(days) }
  if (scope.kind !== 'destination') return { ...more, scope }
  const destination = await ground.resolver.target(scope.destination, at('scope', 'destination'))
  if (destination === undefined) return undefined
  if (destination.endsWith(' recipient')) {
    return sayError(ground, at('scope', 'destination'), {
      message: 'The recipient is another one with each event.',
      fix: 'Write {kind: person, recipient: …} to be quiet for one person.',
    })
  }
  return { ...more, scope: { kind: 'destination', destination } }
}

const inOrder = (days: readonly number[]): number[] => [...new Set(days)].sort()

/** A destination by its place. Of one that was deleted only its id is left. */
function scopeField(scope: QuietScope, { keyOfDestination }: State): Fields {
  return scope.kind === 'destination'
    ? { kind: 'destination', destination: keyOfDestination(scope.id) ?? scope.id }
    : scope
}

function savedScope(scope: unknown, { resolver }: Ground): unknown {
  const { kind, destination } = scope as { kind: string; destination?: unknown }
  if (kind !== 'destination' || !isTargetKey(destination)) return scope
  const saved = resolver.saved(destination)
  return { kind, id: 'id' in saved ? saved.id : '' }
}

function nameOfHours({ scope, from, to }: Fields, nameOf: (key: TargetKey) => string): string {
  const { kind, destination, type, recipient } = scope as Record<string, string>
  const of =
    kind === 'everything'
      ? 'everything'
      : (type ?? recipient ?? (isTargetKey(destination) ? nameOf(destination) : destination))
  return `${of}, ${from} to ${to}`
}

function take<Kept>(from: Kept[], fits: (item: Kept) => boolean): Kept | undefined {
  const place = from.findIndex(fits)
  return place < 0 ? undefined : from.splice(place, 1)[0]
}
