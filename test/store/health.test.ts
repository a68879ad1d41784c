import { expect, test } from 'vitest'
import {
  claimProbe,
  deleteProbesBefore,
  hasProbeWithCode,
  insertProbe,
  isMigrated,
  isUnclaimed,
  listProbeClaims,
} from '../../server/health/store.ts'
import { eachStore } from '../support/each-store.ts'
import { havingIntegration } from '../support/factories.ts'

const MINUTE_MS = 60_000
const AT = 1_760_000_040_000

const probe = (number: number, change: { integrationId?: string; at?: number; ok?: number; code?: string } = {}) => ({
  id: `prb_${number}`,
  integrationId: 'int_1',
  at: AT + number * MINUTE_MS,
  tookMs: 12.5,
  ok: 1,
  code: null,
  ...change,
})

eachStore('probes', (open) => {
  test('of one minute are taken on by one replica', async () => {
    await using store = await open()
    await havingIntegration(store.db)

    const claims = await Promise.all([1, 2, 3, 4].map(() => claimProbe(store.db, 'int_1', AT)))

    expect(claims.filter(Boolean)).toHaveLength(1)
    expect(await claimProbe(store.db, 'int_1', AT + MINUTE_MS)).toBe(true)
    expect(await claimProbe(store.db, 'int_1', AT)).toBe(false)
    expect((await listProbeClaims(store.db)).get('int_1')).toBe(AT + MINUTE_MS)
  })

  test('go on after a clock was set back', async () => {
    await using store = await open()
    await havingIntegration(store.db)
    const before = AT + 600 * MINUTE_MS
    await claimProbe(store.db, 'int_1', before)

    expect(isUnclaimed(before, AT)).toBe(true)
    expect(await claimProbe(store.db, 'int_1', AT)).toBe(true)
  })

  test('are found again by what went wrong, since a moment', async () => {
    await using store = await open()
    await insertProbe(store.db, probe(1))
    await insertProbe(store.db, probe(2, { ok: 0, code: 'token_revoked' }))
    await insertProbe(store.db, probe(3, { integrationId: 'int_2', ok: 0, code: 'timeout' }))
    const seen = (code: string, since: number) => hasProbeWithCode(store.db, 'int_1', code, since)

    expect(await seen('token_revoked', AT)).toBe(true)
    expect(await seen('token_revoked', AT + 3 * MINUTE_MS)).toBe(false)
    expect(await seen('timeout', AT)).toBe(false)
  })

  test('are dropped when they are old', async () => {
    await using store = await open()
    await insertProbe(store.db, probe(1))
    await insertProbe(store.db, probe(2))

    await deleteProbesBefore(store.db, AT + 2 * MINUTE_MS)

    expect(await store.db.selectFrom('probes').select('id').execute()).toEqual([{ id: 'prb_2' }])
  })
})

eachStore('the store', (open) => {
  test('says whether its tables are as new as the program', async () => {
    await using store = await open()

    expect(await isMigrated(store.db)).toBe(true)
  })
})
