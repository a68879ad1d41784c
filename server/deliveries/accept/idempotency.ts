import { createHash } from 'node:crypto'
import type { AppContext } from '../../context.ts'
import type { Db } from '../../db/schema.ts'
import { together } from '../../db/together.ts'
import { refusalOfTrouble } from '../../db/trouble.ts'
import { Refusal } from '../../errors.ts'
import { findAnswers, insertAnswers } from './idempotency-store.ts'

/** By what a repeated request is known again. */
export type RequestKey = { source: string; key: string; bodyHash: string }
/** What one request is answered: JSON, the same each time, or why not. */
export type Accepted = { kind: 'accepted'; answer: string; isReplay: boolean } | { kind: 'refused'; error: unknown }
type Keyed = { requestKey?: RequestKey | undefined }
/** What came of each new request; `last` is what is still to be written of them, along with the answers. */
export type Written = {
  results: ({ answer: string } | { error: unknown })[]
  last?: (one: Db) => Promise<void>
}

/** The header as a key, or a refusal. */
export function readKey(header: string | undefined, source: string, about: (string | Uint8Array)[]) {
  if (header === undefined) return undefined
  if (!/^[\x21-\x7e](?:[\x20-\x7e]{0,198}[\x21-\x7e])?$/.test(header)) {
    throw new Refusal('invalid', 'Idempotency-Key: 1 to 200 printable ASCII characters.', { field: 'Idempotency-Key' })
  }
  const hash = createHash('sha256')
  for (const part of about) hash.update(part)
  return { source, key: header, bodyHash: hash.digest('hex') }
}

/**
 * Takes in what `write` makes of the requests that are new, in one transaction with the answers that repeats will get.
 * Of several with one key the first is taken and the others get its answer. What breaks over one request alone is told
 * to that one: its neighbours are taken in without it.
 */
export async function takeIn<Item extends Keyed>(
  ctx: AppContext,
  db: Db,
  items: Item[],
  write: (trx: Db, items: Item[]) => Promise<Written>,
): Promise<Accepted[]> {
  try {
    return await takeTogether(ctx, db, items, write)
  } catch (error) {
    if (items.length === 1 || refusalOfTrouble(error)) throw error
    const accepted: Accepted[] = []
    for (const item of items) {
      const alone = takeTogether(ctx, db, [item], write).catch((error: unknown) => [refused(error)])
      accepted.push(...(await alone))
    }
    return accepted
  }
}

const refused = (error: unknown): Accepted => ({ kind: 'refused', error })

async function takeTogether<Item extends Keyed>(
  ctx: AppContext,
  db: Db,
  items: Item[],
  write: (trx: Db, items: Item[]) => Promise<Written>,
): Promise<Accepted[]> {
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    try {
      return await db.transaction().execute((trx) => takeOnce(ctx, trx, items, write))
    } catch (error) {
      if (!(error instanceof Overtaken)) throw error
    }
  }
  throw new Refusal('conflict', 'Other requests with the same Idempotency-Key keep coming. Send it again.')
}

async function takeOnce<Item extends Keyed>(
  ctx: AppContext,
  trx: Db,
  items: Item[],
  write: (trx: Db, items: Item[]) => Promise<Written>,
): Promise<Accepted[]> {
  // So that `ctx.now` is right: a message of a replica whose clock is ahead would wait, and all behind it, until it is reached.
  await ctx.storeNow(trx)
  const known = await knownAnswers(trx, items)
  const leaders = new Map<string, Item>()
  for (const item of items) {
    const name = nameOf(item.requestKey)
    if (name !== undefined && !known.has(name) && !leaders.has(name)) leaders.set(name, item)
  }
  const isNew = (item: Item): boolean => {
    const name = nameOf(item.requestKey)
    return name === undefined || leaders.get(name) === item
  }
  const fresh = items.filter(isNew)
  const { results: written, last = nothing } = fresh.length > 0 ? await write(trx, fresh) : { results: [] }
  const results = new Map(fresh.map((item, place) => [item, written[place]]))

  const now = ctx.now()
  const kept = fresh.flatMap((item) => {
    const result = results.get(item)
    if (!item.requestKey || !result || 'error' in result) return []
    return [{ ...item.requestKey, answer: result.answer, createdAt: now }]
  })
  const [, isFirst] = await together(trx, [last, (one) => insertAnswers(one, kept)])
  if (!isFirst) throw new Overtaken()
  for (const row of kept) known.set(nameOf(row) ?? '', row)
  return items.map((item) => {
    const result = results.get(item)
    if (result) return 'error' in result ? refused(result.error) : { kind: 'accepted', ...result, isReplay: false }
    return repeated(item.requestKey, known)
  })
}

const nothing = async () => {}

type Known = Map<string, { bodyHash: string; answer: string }>

async function knownAnswers(trx: Db, items: Keyed[]): Promise<Known> {
  const keys = items.flatMap(({ requestKey }) => (requestKey ? [requestKey] : []))
  const rows = await findAnswers(trx, keys)
  return new Map(rows.map((row) => [nameOf(row) ?? '', row]))
}

function repeated(key: RequestKey | undefined, known: Known): Accepted {
  const first = known.get(nameOf(key) ?? '')
  if (!first) return refused(new Refusal('conflict', 'The first request with this Idempotency-Key was refused.'))
  if (first.bodyHash === key?.bodyHash) return { kind: 'accepted', answer: first.answer, isReplay: true }
  return refused(
    new Refusal('conflict', 'This Idempotency-Key came with another request before, so nothing was done.', {
      field: 'Idempotency-Key',
      fix: 'Use a new key for a new request, and the same one only to repeat the same request.',
    }),
  )
}

/** Another replica took the same key between our look and our insert. */
class Overtaken extends Error {}

const MOST_ROUNDS = 5

const nameOf = (key: Pick<RequestKey, 'source' | 'key'> | undefined): string | undefined =>
  key && `${key.source} ${key.key}`
