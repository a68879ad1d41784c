import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import type { AppContext } from '../../server/context.ts'
import { openDatabase } from '../../server/db/open.ts'
import type { Db } from '../../server/db/schema.ts'
import { takeIn } from '../../server/deliveries/accept/idempotency.ts'
import { dropAnswersBefore, findAnswers, insertAnswers } from '../../server/deliveries/accept/idempotency-store.ts'
import { dropLeftovers } from '../../server/deliveries/accept/worker.ts'
import { insertEvents } from '../../server/events/store.ts'
import { insertChunk, insertWholeFile } from '../../server/files/store.ts'
import { makeNewId } from '../../server/lib/ids.ts'
import { eachStore } from '../support/each-store.ts'

const answer = (key: string, change: { createdAt?: number } = {}) => ({
  source: 'key_1',
  key,
  bodyHash: 'hash',
  answer: `{"id":"${key}"}`,
  createdAt: 1_000,
  ...change,
})
const now = 1_800_000_000_000
const ctxOf = (db: Db) => {
  const clock = { now: () => now, storeNow: async () => now }
  return { db, ...clock, newId: makeNewId(() => now, randomBytes) } as Partial<AppContext> as AppContext
}

eachStore('answers for repeats', (open, engine) => {
  test('are found by source and key, and a key is taken once', async () => {
    await using store = await open()

    expect(await insertAnswers(store.db, [answer('b'), answer('a')])).toBe(true)
    expect(await insertAnswers(store.db, [answer('c'), answer('a')])).toBe(false)

    const found = await findAnswers(store.db, [
      { source: 'key_1', key: 'a' },
      { source: 'key_2', key: 'b' },
    ])
    expect(found).toEqual([answer('a')])
  })

  test('are dropped when they are old, some at a time', async () => {
    await using store = await open()
    const old = Array.from({ length: 5 }, (_, place) => answer(`old ${place}`, { createdAt: place }))
    await insertAnswers(store.db, [...old, answer('new')])

    expect(await dropAnswersBefore(store.db, 1_000, 3)).toBe(3)
    expect(await dropAnswersBefore(store.db, 1_000, 3)).toBe(2)

    const left = await store.db.selectFrom('idempotencyKeys').select('key').execute()
    expect(left).toEqual([{ key: 'new' }])
  })

  test('leftovers go: answers after seven days, pieces of uploads that never became a file after one', async () => {
    await using store = await open()
    const DAY_MS = 24 * 60 * 60_000
    const idAt = (at: number) => makeNewId(() => at, randomBytes)('fil')
    const [lost, recent, whole] = [idAt(now - 2 * DAY_MS), idAt(now - 60_000), idAt(now - 3 * DAY_MS)]
    await insertChunk(store.db, lost, 0, Buffer.from('x'))
    await insertChunk(store.db, recent, 0, Buffer.from('x'))
    const row = { id: whole, name: 'a', sizeBytes: 1, contentType: 'a/b', altText: null, sha256: '', createdAt: now }
    await insertWholeFile(store.db, { row: { ...row, createdBy: 'a test' }, bytes: Buffer.from('x') })
    await insertAnswers(store.db, [
      answer('old', { createdAt: now - 7 * DAY_MS - 1 }),
      answer('new', { createdAt: now - 7 * DAY_MS + 1 }),
    ])

    expect(await dropLeftovers(ctxOf(store.db))).toBe(false)

    const chunks = await store.db.selectFrom('fileChunks').select('fileId').execute()
    expect(chunks.map(({ fileId }) => fileId).sort()).toEqual([whole, recent].sort())
    expect(await store.db.selectFrom('idempotencyKeys').select('key').execute()).toEqual([{ key: 'new' }])
  })

  test('what breaks over one request is told to that one, and its neighbours are taken in', async () => {
    await using store = await open()
    const ctx = ctxOf(store.db)
    const event = (id: string) => ({
      id,
      source: 'key_1',
      type: 'a',
      body: '{}',
      acceptedAt: now,
      routingRevision: null,
      routingNotes: null,
      landed: null,
    })
    await insertEvents(store.db, [event('evt_2')])
    const items = ['evt_1', 'evt_2', 'evt_3'].map((id) => ({ id, requestKey: undefined }))

    const accepted = await takeIn(ctx, store.db, items, async (trx, fresh) => {
      await insertEvents(
        trx,
        fresh.map(({ id }) => event(id)),
      )
      return { results: fresh.map(({ id }) => ({ answer: id })) }
    })

    expect(accepted.map(({ kind }) => kind)).toEqual(['accepted', 'refused', 'accepted'])
    const kept = await store.db.selectFrom('events').select('id').orderBy('id').execute()
    expect(kept.map(({ id }) => id)).toEqual(['evt_1', 'evt_2', 'evt_3'])
  })

  test('many rows go in as they are, whatever their number', async () => {
    await using store = await open()
    const rows = Array.from({ length: 77 }, (_, place) => ({
      id: `evt_${String(place).padStart(3, '0')}`,
      source: 'key_1',
      type: `O'Hara "x" \\ ${place}`,
      body: '{"a":"ü😀"}',
      acceptedAt: now + place,
      routingRevision: null,
      routingNotes: null,
      landed: null,
    }))

    await insertEvents(store.db, rows)
    await insertEvents(store.db, [])

    expect(await store.db.selectFrom('events').selectAll().orderBy('id').execute()).toEqual(rows)
  })

  if (engine === 'postgres') {
    test('replicas that get the same request at the same moment take it once', async () => {
      await using store = await open()
      const replicas = await Promise.all([1, 2, 3].map(() => openDatabase(store.url)))
      const requestKey = { source: 'key_1', key: 'one', bodyHash: 'hash' }
      const take = (db: Db, name: string) => {
        const ctx = ctxOf(db)
        return takeIn(ctx, db, [{ requestKey }], async (trx) => {
          const id = ctx.newId('evt')
          await insertEvents(trx, [
            {
              id,
              source: name,
              type: 'a',
              body: '{}',
              acceptedAt: now,
              routingRevision: null,
              routingNotes: null,
              landed: null,
            },
          ])
          return { results: [{ answer: id }] }
        })
      }

      const taken = await Promise.all(
        Array.from({ length: 12 }, (_, place) => take(replicas[place % 3] ?? store.db, `replica ${place}`)),
      )

      const answers = taken.flat().map((each) => (each.kind === 'accepted' ? each.answer : each))
      expect(new Set(answers).size).toBe(1)
      expect(await store.db.selectFrom('events').selectAll().execute()).toHaveLength(1)
      await Promise.all(replicas.map((db) => db.destroy()))
    })
  }
})
