import { expect, test } from 'vitest'
import { TIERS, take } from '../../../server/simulator/limits.ts'
import { codeOf, startSandbox } from './support.ts'

test('a bucket gives its burst, then one for each interval', () => {
  const limiter = new Map()
  const rate = { burst: 2, perSecond: 0.5 }

  const waits = [0, 0, 0, 1_000, 2_000, 2_000].map((now) => take(limiter, 'key', rate, now))

  expect(waits).toEqual([0, 0, 2, 1, 0, 2])
})

test.each([
  ['t1', 1],
  ['t2', 20],
  ['t3', 50],
  ['t4', 100],
] as const)('tier %s lets %i through at once', (tier, burst) => {
  const limiter = new Map()
  const asks = Array.from({ length: burst + 1 }, () => take(limiter, 'key', TIERS[tier], 0))

  expect(asks.filter((wait) => wait === 0)).toHaveLength(burst)
})

test('a channel takes a short burst and then one message a second', async () => {
  await using sandbox = await startSandbox({ pace: 'slack' })
  const post = (channel: string) => sandbox.raw('chat.postMessage', { channel, text: 'hello' })

  const burst = []
  for (let count = 0; count < 4; count += 1) burst.push(await post('#compliance'))
  const elsewhere = await post('#risk-watch')
  sandbox.clock.now += 1_000
  const later = await post('#compliance')

  expect(burst.map(({ status }) => status)).toEqual([200, 200, 200, 429])
  expect(burst[3]?.headers.get('retry-after')).toBe('1')
  expect([elsewhere.status, later.status]).toEqual([200, 200])
})

test('a webhook has a limit of its own', async () => {
  await using sandbox = await startSandbox({ pace: 'slack' })

  const statuses = []
  for (let count = 0; count < 4; count += 1) {
    statuses.push((await sandbox.post(sandbox.hook.url, { text: 'hello' })).status)
  }

  expect(statuses).toEqual([200, 200, 200, 429])
})

test('a method’s tier is counted for each token and method', async () => {
  await using sandbox = await startSandbox({ pace: 'slack' })
  const client = sandbox.client()

  const lists = []
  for (let count = 0; count < 21; count += 1) lists.push(await codeOf(client.conversations.list({ limit: 1 })))
  const other = await codeOf(client.team.info())

  expect(lists.filter((code) => code === 'ok')).toHaveLength(20)
  expect(lists[20]).toBe('slack_webapi_rate_limited_error')
  expect(other).toBe('ok')
})

test('Retry-After can be left out, as some proxies do', async () => {
  await using sandbox = await startSandbox({ pace: 'slack' })
  await sandbox.ask('PATCH', '/settings', { retryAfterHeader: false })

  const answers = []
  for (let count = 0; count < 4; count += 1) {
    answers.push(await sandbox.raw('chat.postMessage', { channel: '#compliance', text: 'hello' }))
  }

  expect(answers[3]?.status).toBe(429)
  expect(answers[3]?.headers.has('retry-after')).toBe(false)
})
