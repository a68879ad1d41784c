import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { durableWrites } from '../../../server/db/durable-writes.ts'
import { type Db, openDatabase } from '../../../server/db/open.ts'
import { eachStore, openStore } from '../../support/each-store.ts'

type Mark = { name: string; at: number }

const insertMarks = async (db: Db, rows: Mark[]): Promise<string[]> => {
  await db.insertInto('rollupMarks').values(rows).execute()
  return rows.map((row) => row.name)
}

eachStore('durable writes', (open) => {
  test('give each of many callers its own answer once its row can be read by anyone', async () => {
    await using store = await open()
    const other = await openDatabase(store.url)
    const keep = durableWrites(store.db, insertMarks, 7)

    const answers = await Promise.all(Array.from({ length: 40 }, (_, at) => keep({ name: `mark ${at}`, at })))

    const kept = await other.selectFrom('rollupMarks').select('name').orderBy('at').execute()
    await other.destroy()
    expect(answers).toEqual(kept.map((row) => row.name))
    expect(kept).toHaveLength(40)
  })

  test('that fail tell their callers, and later ones go on', async () => {
    await using store = await open()
    const keep = durableWrites(store.db, insertMarks, 1)
    await keep({ name: 'taken', at: 1 })

    const [again, next] = await Promise.allSettled([keep({ name: 'taken', at: 2 }), keep({ name: 'free', at: 3 })])

    expect([again.status, next.status]).toEqual(['rejected', 'fulfilled'])
  })

  test('come between other writes without losing either', async () => {
    await using store = await open()
    const keep = durableWrites(store.db, insertMarks, 3)

    await Promise.all([
      ...Array.from({ length: 20 }, (_, at) => keep({ name: `kept ${at}`, at })),
      ...Array.from({ length: 20 }, (_, at) =>
        store.db.transaction().execute(async (trx) => {
          await insertMarks(trx, [{ name: `first ${at}`, at }])
          await insertMarks(trx, [{ name: `second ${at}`, at }])
        }),
      ),
    ])

    const { rows } = await sql<{ count: number }>`select count(*) as count from rollup_marks`.execute(store.db)
    expect(Number(rows[0]?.count)).toBe(60)
  })
})

test('every other commit waits for the disk as before, also after a write that failed', async () => {
  await using store = await openStore('sqlite')
  const keep = durableWrites(store.db, insertMarks, 1)
  await keep({ name: 'taken', at: 1 })
  await keep({ name: 'taken', at: 2 }).catch(() => {})

  const { rows } = await sql<{ synchronous: number }>`pragma synchronous`.execute(store.db)

  expect(rows[0]?.synchronous).toBe(2)
})
