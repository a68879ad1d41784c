import { statSync } from 'node:fs'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { startCheckpoints } from '../../../server/db/checkpoints.ts'
import { insertDeliveries } from '../../../server/deliveries/store.ts'
import { openStore } from '../../support/each-store.ts'
import { deliveryRow } from '../../support/factories.ts'

test('the log is folded into the file beside the writing, and is used anew', { timeout: 120_000 }, async () => {
  await using store = await openStore('sqlite')
  const path = store.url.slice('sqlite:'.length)
  const problems: Error[] = []
  const stop = startCheckpoints(path, (error) => problems.push(error))
  const message = JSON.stringify({ text: 'x'.repeat(20_000) })
  const before = statSync(path).size

  // As much as the main connection would fold in by itself, and half as much again.
  for (let written = 0; written < 100_000_000; written += 50 * 20_000) {
    await insertDeliveries(
      store.db,
      Array.from({ length: 50 }, () => deliveryRow({ message })),
    )
  }
  await expect.poll(() => statSync(path).size, { timeout: 60_000 }).toBeGreaterThan(before + 90_000_000)
  await stop()

  const { count } = await store.db
    .selectFrom('deliveries')
    .select((row) => row.fn.countAll().as('count'))
    .executeTakeFirstOrThrow()
  const check = await sql<{ quick_check: string }>`pragma quick_check`.execute(store.db)
  expect(Number(count)).toBe(5_000)
  expect(check.rows).toEqual([{ quickCheck: 'ok' }])
  expect(problems).toEqual([])
})
