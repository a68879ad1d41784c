import { expect, test } from 'vitest'
import {
  deleteFailures,
  deleteFailuresBefore,
  findFailures,
  putFailures,
  takeBackFailure,
} from '../../server/users/attempts-store.ts'
import { insertPerson, isSetupTaken, listUsers, takeSetup } from '../../server/users/store.ts'
import { eachStore } from '../support/each-store.ts'

eachStore('failed attempts', (open) => {
  test('are put, changed, taken back and forgotten', async () => {
    await using store = await open()
    const { db } = store
    await putFailures(db, 'a', { failures: 1, firstAt: 10, lastAt: 10 })
    await putFailures(db, 'a', { failures: 2, firstAt: 10, lastAt: 20 })
    await putFailures(db, 'b', { failures: 1, firstAt: 30, lastAt: 30 })

    expect(await findFailures(db, ['a', 'b', 'c'])).toEqual(
      new Map([
        ['a', { failures: 2, firstAt: 10, lastAt: 20 }],
        ['b', { failures: 1, firstAt: 30, lastAt: 30 }],
      ]),
    )

    await takeBackFailure(db, 'a')
    expect((await findFailures(db, ['a'])).get('a')?.failures).toBe(1)
    await takeBackFailure(db, 'a')
    await takeBackFailure(db, 'a')
    expect((await findFailures(db, ['a'])).get('a')?.failures).toBe(0)

    await deleteFailuresBefore(db, 30)
    expect([...(await findFailures(db, ['a', 'b'])).keys()]).toEqual(['b'])
    await deleteFailures(db, ['b'])
    expect((await findFailures(db, ['b'])).size).toBe(0)
  })
})

eachStore('people', (open) => {
  test('setup is taken once', async () => {
    await using store = await open()

    expect(await isSetupTaken(store.db)).toBe(false)
    expect(await takeSetup(store.db, 1)).toBe(true)
    expect(await takeSetup(store.db, 2)).toBe(false)
    expect(await isSetupTaken(store.db)).toBe(true)
  })

  test('an e-mail is taken once, also inside a transaction that goes on', async () => {
    await using store = await open()
    const person = { name: 'Ada', email: 'ada@acme.example', role: 'admin' as const, passwordHash: 'x', now: 1 }

    const made = await store.db
      .transaction()
      .execute(async (trx) => [
        await insertPerson(trx, { ...person, id: 'usr_1' }),
        await insertPerson(trx, { ...person, id: 'usr_2' }),
      ])

    expect(made).toEqual([true, false])
    expect((await listUsers(store.db, { limit: 10 })).items.map(({ id }) => id)).toEqual(['usr_1'])
  })
})
