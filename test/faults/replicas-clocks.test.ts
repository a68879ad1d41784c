import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { AcceptedEvents } from '../../shared/events.ts'
import { freshDatabase } from '../support/databases.ts'
import { endPrograms, type Program, startProgram, startSimulatorProgram } from '../support/program.ts'
import { sandboxOf } from '../support/sandbox.ts'
import { settingsFor, setUp } from './connect.ts'

/* Real processes on one PostgreSQL, whose machines do not agree on the time. */

afterAll(endPrograms)

const AHEAD_MS = 7 * 60_000
const SHIFTED_CLOCK = join(import.meta.dirname, '../support/shifted-clock.mjs')
const shifted = (ms: number) => ({ NODE_OPTIONS: `--import ${SHIFTED_CLOCK}`, CLOCK_SHIFT_MS: String(ms) })

test('a replica whose clock is minutes ahead, and one whose is behind, delay nothing and change no order', {
  timeout: 60_000,
}, async () => {
  await using simulator = await startSimulatorProgram()
  const sandbox = sandboxOf(simulator)
  const database = await freshDatabase('postgres')
  const env = { ...settingsFor(sandbox), SWITCHBOARD_DATABASE_URL: database.url }
  const ahead = await startProgram({ ...env, ...shifted(AHEAD_MS) })
  const behind = await startProgram({ ...env, ...shifted(-AHEAD_MS), SWITCHBOARD_ROLES: 'api' })
  const { make, integrationId, key } = await setUp(ahead.url, sandbox, ['events:write', 'deliveries:read'])
  const channel = await sandbox.ask<{ id: string }>('POST', '/channels', { name: 'clocks', member: true })
  const { id } = await make<{ id: string }>('/api/destinations', {
    integrationId,
    kind: 'channel',
    channel: channel.id,
  })
  const send = async ({ url }: Program, event: Record<string, unknown>) => {
    const response = await fetch(`${url}/api/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ type: 'faults.clocks', destinations: [id], ...event }),
    })
    expect(response.status).toBe(202)
    AcceptedEvents.parse(await response.json())
  }

  await make(`/api/destinations/${id}/pause`, {})
  await send(ahead, { text: 'parent', threadKey: 'thread' })
  await send(behind, { text: 'reply', threadKey: 'thread' })
  await send(ahead, { text: 'open', updateKey: 'alert' })
  await send(behind, { text: 'closed', updateKey: 'alert' })
  await make(`/api/destinations/${id}/resume`, {})

  await expect
    .poll(async () => (await sandbox.messages(channel.id)).map(({ text }) => text), { timeout: 10_000 })
    .toEqual(['parent', 'reply', 'closed'])
  const [parent, reply] = await sandbox.messages(channel.id)
  expect(reply?.thread_ts).toBe(parent?.ts)
  await Promise.all([ahead.stop(), behind.stop()])
  await database.remove()
})
