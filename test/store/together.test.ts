import { expect, test } from 'vitest'
import type { Db } from '../../server/db/schema.ts'
import { together } from '../../server/db/together.ts'
import { eachStore } from '../support/each-store.ts'

const put = (db: Db, key: string) =>
  db.insertInto('buckets').values({ key, fullAt: 0, closedUntil: 0, limitedBy: null, limitedAt: null }).execute()

const keysIn = async (db: Db): Promise<string[]> =>
  (await db.selectFrom('buckets').select('key').orderBy('key').execute()).map(({ key }) => key)

eachStore('works of one transaction', (open) => {
  test('are done together, and each gives its own answer', async () => {
    await using store = await open()

    const answers = await store.db.transaction().execute((trx) =>
      together(trx, [
        async () => {
          await put(trx, 'one')
          return 1
        },
        () => put(trx, 'two').then(() => 'two'),
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
        async () => {
          for (const key of ['first', 'second', 'third', 'fourth']) await put(trx, key)
        },
        () => put(trx, 'known'),
        async () => {
          for (const key of ['fifth', 'sixth', 'seventh']) await put(trx, key)
        },
      ]),
    )

    await expect(failing).rejects.toThrow(/unique/i)
    expect(await keysIn(store.db)).toEqual(['known'])
    await store.db.transaction().execute((trx) => put(trx, 'later'))
    expect(await keysIn(store.db)).toEqual(['known', 'later'])
  })
})
