import { type NotificationType, NotificationTypeChange } from '../../../shared/notification-types.ts'
import type { Db } from '../../db/schema.ts'
import { eraseType, freshType, writeType } from '../../routing/change-type.ts'
import { showTypes } from '../../routing/show-types.ts'
import type { SavedType } from '../../routing/store.ts'
import { targetsIn } from '../../routing/targets.ts'
import type { EntryOf } from '../entries.ts'
import type { Ground } from '../ground.ts'
import type { Fields, Present, Wanted } from '../items.ts'
import type { State } from '../state.ts'
import type { TargetKey } from '../target-keys.ts'
import { warnOfMentions } from './mentions.ts'
import { savedTargets, targetKeys } from './targets.ts'

export async function presentTypes(db: Db, rows: readonly SavedType[], state: State): Promise<Present[]> {
  const shown = await showTypes(db, rows)
  return rows.flatMap((row, index): Present[] => {
    const type = shown[index]
    if (!type) return []
    const destinations = targetsIn(row.destinations).flatMap((target) => state.keyOfTarget(target) ?? [])
    return [
      {
        ...{ kind: 'type', key: row.type, name: row.type, fields: fieldsOf(type, destinations) },
        // What a paused one holds would have nobody to let it go.
        ...(row.pausedAt === null && { remove: ({ ctx, trx, actor }) => eraseType(ctx, trx, actor, row.type) }),
      },
    ]
  })
}

/** Of a type that nobody has set anything for. */
export async function typeDefaults(db: Db): Promise<Fields> {
  const [type] = await showTypes(db, [freshType('', 0, '')])
  if (!type) throw new Error('The defaults of a type were not shown.')
  return fieldsOf(type, [])
}

export async function wantedType(
  ground: Ground,
  entry: EntryOf<'type'>,
  defaults: Fields,
): Promise<Wanted | undefined> {
  const { name, body, whole, path, at } = entry
  const { destinations: _, threading, ...plain } = body
  const destinations = body.destinations && (await targetKeys(ground, body.destinations, at))
  if (body.destinations && !destinations) return undefined
  await warnOfMentions(ground, body.mentions ?? [], destinations ?? [], at)
  const fields = {
    ...(whole && defaults),
    ...Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined)),
    ...(threading !== undefined && { threading: threading && wholeThreading(threading) }),
    ...(destinations && { destinations }),
  }
  return {
    ...{ kind: 'type', key: name, name, path, fields, defaults },
    write: async ({ ctx, trx, actor }, { destinations: keys, ...changes }) => {
      const targets = savedTargets(ground, keys)
      const change = NotificationTypeChange.parse(changes)
      await writeType(ctx, trx, actor, name, { change, targets, whole: false })
    },
  }
}

const fieldsOf = (type: NotificationType, destinations: readonly TargetKey[]): Fields => {
  const { type: _, paused: _p, isSetUp: _s, threading, ...plain } = type
  return { ...plain, destinations, threading: threading && wholeThreading(threading) }
}

/** The same for the same meaning, whether or not its defaults are written out. */
const wholeThreading = ({ enabled, by = null, broadcast = false }: NonNullable<NotificationType['threading']>) => ({
  ...{ enabled, by, broadcast },
})
