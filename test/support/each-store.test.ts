import { expect, test } from 'vitest'
import { engineOf } from '../../server/db/engine.ts'
import { openDatabase } from '../../server/db/open.ts'
import { eachStore } from './each-store.ts'

eachStore('a store in a test', (open, engine) => {
  test('has every table and no row of another test', async () => {
    await using first = await open()
    await using second = await open()

    await first.db.insertInto('setupDone').values({ onlyOne: 1, doneAt: 0 }).execute()

    expect(engineOf(second.db)).toBe(engine)
    expect(await second.db.selectFrom('setupDone').selectAll().execute()).toEqual([])
  })

  test('can be opened by another process through its address', async () => {
    await using store = await open()
    const other = await openDatabase(store.url)

    await other.insertInto('setupDone').values({ onlyOne: 1, doneAt: 7 }).execute()

    expect(await store.db.selectFrom('setupDone').select('doneAt').executeTakeFirst()).toEqual({ doneAt: 7 })
    await other.destroy()
  })
})
