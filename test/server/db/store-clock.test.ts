import { expect, test } from 'vitest'
import type { Db } from '../../../server/db/schema.ts'
import { storeClock } from '../../../server/db/store-clock.ts'

/** A database whose clock is an hour ahead of ours, and takes its time to answer. */
function clocks({ answersAfterMs = 2 } = {}) {
  const at = { steadyMs: 5_000, wallMs: 1_800_000_000_000, databaseMs: 1_800_003_600_000, reads: 0 }
  const pass = (ms: number, of: ('steadyMs' | 'wallMs' | 'databaseMs')[] = ['steadyMs', 'wallMs', 'databaseMs']) => {
    for (const name of of) at[name] += ms
  }
  const read = async () => {
    at.reads += 1
    const now = at.databaseMs
    pass(answersAfterMs)
    return now
  }
  const clock = storeClock(() => at.wallMs, { steadyMs: () => at.steadyMs, read })
  return { at, pass, now: () => clock.storeNow({} as Db), ours: clock.now }
}

test('the clock of the database is read once a second, and counted on in between', async () => {
  const { at, pass, now } = clocks()

  expect(await now()).toBe(1_800_003_600_000)
  pass(400)
  expect(await now()).toBe(1_800_003_600_400)
  pass(599.5)
  expect(await now()).toBe(1_800_003_600_999)
  expect(at.reads).toBe(1)
  pass(1)
  expect(await now()).toBe(at.databaseMs - 2)
  expect(at.reads).toBe(2)
})

test('it is never ahead of that of the database', async () => {
  const { at, pass, now } = clocks({ answersAfterMs: 30 })

  for (let step = 0; step < 50; step += 1) {
    const before = at.databaseMs
    const told = await now()
    expect(told).toBeLessThanOrEqual(at.databaseMs)
    expect(told).toBeGreaterThanOrEqual(before - 30)
    pass(70)
  }
})

test('a clock of this machine that jumps, or a sleep that the steady one does not count, changes nothing', async () => {
  const { at, pass, now } = clocks()
  await now()

  pass(3_600_000, ['wallMs', 'databaseMs'])
  expect(await now()).toBe(at.databaseMs - 2)
  pass(-7_200_000, ['wallMs'])
  expect(await now()).toBe(at.databaseMs - 2)
})

test('an answer that was long in coming is not counted on from', async () => {
  const { at, pass, now } = clocks({ answersAfterMs: 400 })

  await now()
  pass(1)
  await now()

  expect(at.reads).toBe(2)
})

test('what is written down goes by the clock of the database, wherever ours was set to', async () => {
  const { at, pass, now, ours } = clocks()
  expect(ours()).toBe(at.wallMs)

  await now()
  expect(Math.abs(ours() - at.databaseMs)).toBeLessThanOrEqual(2)
  pass(7 * 60_000, ['wallMs'])
  await now()
  expect(Math.abs(ours() - at.databaseMs)).toBeLessThanOrEqual(2)
  pass(-3_660_000 - 6 * 60_000, ['wallMs'])
  await now()
  pass(500)
  expect(Math.abs(ours() - at.databaseMs)).toBeLessThanOrEqual(2)
})

test('a clock that is kept in time is left as it is', async () => {
  const { at, pass, now, ours } = clocks({ answersAfterMs: 30 })
  pass(3_600_000, ['wallMs'])

  for (let step = 0; step < 5; step += 1) {
    await now()
    expect(ours()).toBe(at.wallMs)
    pass(1_000)
  }
})
