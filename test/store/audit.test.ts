import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { recordAudit } from '../../server/audit/record.ts'
import { listEntries } from '../../server/audit/store.ts'
import { verifyChain } from '../../server/audit/verify-chain.ts'
import type { AppContext } from '../../server/context.ts'
import { makeNewId } from '../../server/lib/ids.ts'
import { SERVER_ACTOR } from '../../server/users/actor.ts'
import { eachStore, type Store } from '../support/each-store.ts'

const event = (name: string, detail: Record<string, unknown> = {}) => ({
  action: 'thing.changed',
  subject: { kind: 'thing', id: name, name },
  detail,
})

function recorder({ db }: Store) {
  const now = () => 1_000
  const ctx = { now, newId: makeNewId(now, randomBytes) } as AppContext
  return (name: string, detail?: Record<string, unknown>) =>
    db.transaction().execute((trx) => recordAudit(ctx, trx, SERVER_ACTOR, event(name, detail)))
}

eachStore('the audit trail', (open) => {
  test('entries written at once get numbers without a gap and one chain', async () => {
    await using store = await open()
    const record = recorder(store)

    await Promise.all(Array.from({ length: 25 }, (_, index) => record(`thing ${index}`)))

    expect(await verifyChain(store.db)).toMatchObject({ state: 'intact', entries: 25 })
  })

  test('an entry whose change failed was never written', async () => {
    await using store = await open()
    const record = recorder(store)
    await record('first')
    const ctx = { now: () => 1, newId: makeNewId(() => 1, randomBytes) } as AppContext

    await expect(
      store.db.transaction().execute(async (trx) => {
        await recordAudit(ctx, trx, SERVER_ACTOR, event('second'))
        throw new Error('the change failed')
      }),
    ).rejects.toThrow('the change failed')
    await record('third')

    expect(await verifyChain(store.db)).toMatchObject({ state: 'intact', entries: 2 })
  })

  test('a secret that slipped into the detail is not kept', async () => {
    await using store = await open()

    await recorder(store)('thing', { botToken: 'xoxb-1-2-abcdefghijkl', note: 'was xoxb-1-2-abcdefghijkl', kept: 7 })

    const { items } = await listEntries(store.db, { limit: 1 })
    expect(items[0]?.detail).toEqual({ botToken: '[removed]', note: 'was xox-[removed]', kept: 7 })
  })

  test('an entry taken out is found out', async () => {
    await using store = await open()
    const record = recorder(store)
    for (const name of ['a', 'b', 'c']) await record(name)

    await store.db.deleteFrom('auditEntries').where('number', '=', 2).execute()

    expect(await verifyChain(store.db)).toMatchObject({ state: 'broken', entries: 1, brokenAt: 2 })
  })
})
