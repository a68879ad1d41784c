import type { ConfigurationKind } from '../../shared/configuration.ts'
import type { AppContext } from '../context.ts'
import type { Db } from '../db/schema.ts'
import type { Actor } from '../users/actor.ts'
import type { Path } from './read-text.ts'

export type Fields = Readonly<Record<string, unknown>>

/** One thing that a file can name. Fields are plain JSON, the same for the same meaning; places are `TargetKey`s. */
export type Item = { kind: ConfigurationKind; key: string; name: string; fields: Fields }

/** What writing needs: the open transaction of the whole apply. */
export type Act = { ctx: AppContext; trx: Db; actor: Actor }

/** As it stands, with the id of its row. What has no `remove` is not taken away by a file. */
export type Present = Item & { id?: string; remove?: (act: Act) => Promise<void> }

/** As a file wants it: only the fields that it decides. */
export type Wanted = Item & {
  path: Path
  /** What a new one has where nothing is said: not worth telling, nor writing. */
  defaults: Fields
  /** Of these fields, how they will stand once they are written, where that is not how they are shown before. */
  kept?: Fields
  /** Brings in the fields that differ, from the defaults if it is new; `before` is what is there. */
  write: (act: Act, fields: Fields, before: Present | undefined) => Promise<void>
}

/** Whether two values mean the same, whatever the order in which the fields of an object stand. */
export const isSame = (one: unknown, other: unknown): boolean => stable(one) === stable(other)

/** JSON with the fields of each object in order; what is undefined is absent. */
export function stable(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stable).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const fields = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1))
  return `{${fields.map(([name, item]) => `${JSON.stringify(name)}:${stable(item)}`).join(',')}}`
}

export const idOf = ({ kind, key }: Pick<Item, 'kind' | 'key'>): string => `${kind} ${key}`
