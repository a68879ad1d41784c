import { join } from 'node:path'
import SqliteFile from 'better-sqlite3'
import { afterAll, expect, test } from 'vitest'
import { endServers, startSending } from './database-program.ts'

/* The server is stopped as for an upgrade, in the middle of its work, and started again. */

afterAll(endServers)

const IN_FLIGHT = 50
/** What is in flight may take so long once the server stops. */
const DRAIN_MS = 15_000

test('stopped with 50 messages in flight it lets them end, and started again it sends what waits behind them', {
  timeout: 90_000,
}, async () => {
  await using sending = await startSending({ seed: 'large' })
  // Some that end in a nought are archived.
  const open = (await sending.slack.channels()).filter(({ name }) => /^team-\d+[1-9]$/.test(name))
  const channels = open.slice(0, IN_FLIGHT).map(({ id }) => id)
  await sending.slack.fault({ method: 'chat.postMessage', kind: 'slow', delayMs: 6_000, times: null })
  expect((await sending.post('in flight', channels)).status).toBe(202)
  expect((await sending.post('waits', channels)).status).toBe(202)
  await expect
    .poll(async () => (await sending.slack.calls('chat.postMessage')).length, { interval: 20 })
    .toBe(IN_FLIGHT)

  const stoppedAt = Date.now()
  const code = await sending.server().stop()
  const tookMs = Date.now() - stoppedAt
  const left = statesIn(sending.dataDir)
  const sent = (await sending.slack.allMessages()).map(({ text }) => text)

  expect(code).toBe(0)
  expect(tookMs).toBeLessThan(DRAIN_MS)
  expect(sent).toEqual(Array.from({ length: IN_FLIGHT }, () => 'in flight'))
  expect(left).toEqual({ delivered: IN_FLIGHT, pending: IN_FLIGHT })

  await sending.slack.clearFaults()
  await sending.startAgain()
  await expect
    .poll(async () => (await sending.slack.allMessages()).length, { timeout: 20_000 })
    .toBeGreaterThanOrEqual(2 * IN_FLIGHT)
  await sending.server().stop()

  expect(statesIn(sending.dataDir)).toEqual({ delivered: 2 * IN_FLIGHT })
  expect(await sending.slack.allMessages()).toHaveLength(2 * IN_FLIGHT)
})

function statesIn(dataDir: string): Record<string, number> {
  const file = new SqliteFile(join(dataDir, 'switchboard.db'), { readonly: true })
  const rows = file.prepare('select state, count(*) from deliveries group by state').raw().all() as [string, number][]
  file.close()
  return Object.fromEntries(rows)
}
