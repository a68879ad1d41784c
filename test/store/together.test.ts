import { sql } from 'kysely'
import pg from 'pg'
import { expect, test, vi } from 'vitest'
import type { Db } from '../../server/db/schema.ts'
import { together } from '../../server/db/together.ts'
import { eachStore } from '../support/each-store.ts'

const put = (db: Db, key: string) =>
  db.insertInto('buckets').values({ key, fullAt: 0, closedUntil: 0, limitedBy: null, limitedAt: null }).execute()

const keysIn = async (db: Db): Promise<string[]> =>
  (await db.selectFrom('buckets').select('key').orderBy('key').execute()).map(({ key }) => key)

eachStore('works of one transaction', (open, engine) => {
  test('do their first statements in their order', async () => {
    await using store = await open()
    const keys = ['a', 'b', 'c', 'd']

    const seen = await store.db.transaction().execute((trx) =>
      together(
        trx,
        keys.map((key) => async (one: Db) => {
          const { rows } = await sql<{ count: number }>`
            insert into buckets (key, full_at, closed_until) select ${key}, count(*), 0 from buckets
            returning full_at as count`.execute(one)
          return Number(rows[0]?.count)
        }),
      ),
    )

    expect(seen).toEqual([0, 1, 2, 3])
  })

  if (engine === 'postgres') {
    test('are with the database before any of them is answered', async () => {
      await using store = await open()
      const query = vi.spyOn(pg.Client.prototype, 'query')
      const asked = () => query.mock.calls.filter(([text]) => String(text).includes('buckets')).length

      const askedAtFirstAnswer = await store.db.transaction().execute(async (trx) => {
        const [first] = await together(trx, [
          (one) => keysIn(one).then(asked),
          (one) => keysIn(one),
          (one) => put(one, 'third'),
        ])
        return first
      })
      query.mockRestore()

      expect(askedAtFirstAnswer).toBe(3)
    })
  }

  test('are done together, and each gives its own answer', async () => {
    await using store = await open()

    const answers = await store.db.transaction().execute((trx) =>
      together(trx, [
        async (one) => {
          await put(one, 'one')
          return 1
        },
        (one) => put(one, 'two').then(() => 'two'),
      ]),
    )

    expect(answers).toEqual([1, 'two'])
    expect(await keysIn(store.db)).toEqual(['one', 'two'])
  })

  test('leave nothing behind when one fails, not even what the others had still to do', async () => {
    await using store = await open()
    await put(store.db, 'known')

    const failing = store.db.transaction().execute((trx) =>
      together(trx, [
        async (one) => {
          for (const key of ['first', 'second', 'third', 'fourth']) await put(one, key)
        },
        (one) => put(one, 'known'),
        async (one) => {
          for (const key of ['fifth', 'sixth', 'seventh']) await put(one, key)
        },
      ]),
    )

    await expect(failing).rejects.toThrow(/unique/i)
    expect(await keysIn(store.db)).toEqual(['known'])
    await store.db.transaction().execute((trx) => put(trx, 'later'))
    expect(await keysIn(store.db)).toEqual(['known', 'later'])
  })
})
