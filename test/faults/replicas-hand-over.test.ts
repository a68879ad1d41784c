import { afterAll, expect, test } from 'vitest'
import { Delivery } from '../../shared/deliveries.ts'
import { freshDatabase } from '../support/databases.ts'
import { endPrograms, startProgram, startSimulatorProgram } from '../support/program.ts'
import { sandboxOf } from '../support/sandbox.ts'
import { connect, deliveriesAt, settingsFor } from './connect.ts'

/* Two real processes on one PostgreSQL: what one of them takes in, the other one sends. */

afterAll(endPrograms)

const EVENTS = 21
const settings = { timeout: 60_000 }

test('an event taken in by one process wakes the worker of another at once', settings, async ({ annotate }) => {
  await using simulator = await startSimulatorProgram()
  const sandbox = sandboxOf(simulator)
  const database = await freshDatabase('postgres')
  const env = { ...settingsFor(sandbox), SWITCHBOARD_DATABASE_URL: database.url }
  const [door, worker] = await Promise.all([
    startProgram({ ...env, SWITCHBOARD_ROLES: 'api' }),
    startProgram({ ...env, SWITCHBOARD_ROLES: 'worker' }),
  ])
  const [alive, console, asked] = await Promise.all(
    ['/readyz', '/', '/api/setup'].map(async (path) => (await fetch(worker.url + path)).status),
  )
  expect([alive, console, asked], 'who only sends serves no console').toEqual([200, 503, 503])
  const { key, places } = await connect(door.url, sandbox, { channels: 1, webhooks: false })
  const deliveries = deliveriesAt(() => door.url, key)

  const waits: number[] = []
  for (let number = 1; number <= EVENTS; number += 1) {
    const response = await fetch(`${door.url}/api/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        type: 'faults.hand-over',
        text: `event ${number}`,
        destinations: places.map(({ id }) => id),
      }),
    })
    expect(response.status).toBe(202)
    const { deliveries: made } = (await response.json()) as { deliveries: { id: string }[] }
    const path = `/api/deliveries/${made[0]?.id}`
    // Each one comes to a worker that has nothing to do, and looks by itself once a second only.
    await expect.poll(async () => (await readOne(path)).state, { interval: 20 }).toBe('delivered')
    const { createdAt, attempts } = await readOne(path)
    waits.push(Date.parse(attempts[0]?.startedAt ?? '') - Date.parse(createdAt))
  }

  waits.sort((one, other) => one - other)
  const median = waits[(EVENTS - 1) / 2]
  expect(median, `${waits}`).toBeLessThan(500)
  await annotate(`median ${median} ms`)
  await Promise.all([door.stop(), worker.stop()])
  await database.remove()

  async function readOne(path: string): Promise<Delivery> {
    return Delivery.parse(await deliveries.read(path))
  }
})
