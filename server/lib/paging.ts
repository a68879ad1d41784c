import { Refusal } from '../errors.ts'

/** The instant of a row on the wire. */
export const toInstant = (epochMs: number): string => new Date(epochMs).toISOString()

/** The same, for a column that may be empty: an object to spread, so that an absent instant leaves no key. */
export function optional<Key extends string, Value>(key: Key, value: Value | null | undefined): { [K in Key]?: Value } {
  return value === null || value === undefined ? {} : ({ [key]: value } as { [K in Key]: Value })
}

/** Turns `limit + 1` rows, ordered by id, into a page; `next` is the last id that was given out. */
export function toPage<Row extends { id: string }, Item>(
  rows: Row[],
  limit: number,
  toItem: (row: Row) => Item,
): { items: Item[]; next?: string } {
  const given = rows.slice(0, limit)
  const last = given.at(-1)
  const items = given.map(toItem)
  return rows.length > limit && last ? { items, next: last.id } : { items }
}

/** What a query promised to find. */
export function found<Row>(row: Row | undefined, what: string, id: string): Row {
  if (row === undefined) throw new Refusal('not_found', `There is no ${what} ${id}.`)
  return row
}
