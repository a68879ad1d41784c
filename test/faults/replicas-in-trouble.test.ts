import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { freshDatabase } from '../support/databases.ts'
import { endPrograms, type Program, startProgram, startSimulatorProgram } from '../support/program.ts'
import { sandboxOf } from '../support/sandbox.ts'
import { chanceOf, isLong, SEED } from './chance.ts'
import { outOfOrder, wrongInChannels } from './compare.ts'
import { connect, deliveriesAt, settingsFor } from './connect.ts'
import { startCuttableLine } from './cuttable-line.ts'
import { startLoad } from './load.ts'

/* Four real processes on one PostgreSQL, under load. One only takes events in; each of the others gets into trouble. */

afterAll(endPrograms)

const ROUNDS = isLong ? 6 : 1
const TIMEOUT_MS = isLong ? 900_000 : 240_000
/** Past the 30 seconds that a worker may hold what it has in flight. */
const STOPPED_MS = 33_000
const CUT_OFF_MS = isLong ? 40_000 : 20_000
/** What one holds in the database is taken from it within seconds, so the others soon go on taking events in. */
const LONGEST_ACCEPT_MS = 18_000
const told = `SWITCHBOARD_FAULTS_SEED=${SEED}`

test('a replica killed, one stopped past its lease and one cut off from the database lose nothing and double nothing', {
  timeout: TIMEOUT_MS,
}, async ({ annotate }) => {
  const chance = chanceOf(SEED)
  await using simulator = await startSimulatorProgram()
  const sandbox = sandboxOf(simulator)
  const database = await freshDatabase('postgres')
  await using line = await startCuttableLine(new URL(database.url))
  const env = { ...settingsFor(sandbox), SWITCHBOARD_DATABASE_URL: database.url }
  const [door, stopped, cutOff, first] = await Promise.all([
    startProgram({ ...env, SWITCHBOARD_ROLES: 'api' }),
    startProgram(env),
    startProgram({ ...env, SWITCHBOARD_DATABASE_URL: line.url }),
    startProgram(env),
  ])
  let killed: Program = first
  const { key, places } = await connect(door.url, sandbox, { channels: 8, webhooks: false })
  const deliveries = deliveriesAt(() => door.url, key)
  const posting = { method: 'chat.postMessage', times: null }
  await sandbox.fault({ ...posting, kind: 'lost_answer', probability: 0.01 })
  await sandbox.fault({ ...posting, kind: 'slow', delayMs: 80, probability: 0.8 })

  const url = () => chance.pick([door, stopped, cutOff, killed]).url
  const load = startLoad({ url, key, places, chance, clients: 4, pauseMs: 150, patienceMs: 1_000 })
  for (let round = 1; round <= ROUNDS; round += 1) {
    await wait(chance.between(1_000, 2_500))
    stopped.signal('SIGSTOP')
    const isLeaseOver = wait(STOPPED_MS)
    line.cut()
    await expect.poll(() => readiness(cutOff), { timeout: 15_000, message: told }).toMatchObject({ status: 503 })
    const isLongCut = wait(CUT_OFF_MS)
    await killed.kill()
    killed = await startProgram(env)
    await isLongCut
    line.restore()
    await expect.poll(() => readiness(cutOff), { timeout: 30_000, message: told }).toMatchObject({ status: 200 })
    await isLeaseOver
    stopped.signal('SIGCONT')
  }
  await load.stop()
  await sandbox.clearFaults()
  await expect
    .poll(async () => Object.keys(await deliveries.byState()), { timeout: 90_000, interval: 200, message: told })
    .toEqual(['delivered'])

  const lines = await sandbox.allMessages()
  expect(load.tries(), 'some requests had to be sent again').toBeGreaterThan(load.requests())
  const longest = Math.max(...load.kept.map(({ askedAt, keptAt }) => keptAt - askedAt))
  expect(longest, told).toBeLessThan(LONGEST_ACCEPT_MS)
  expect(wrongInChannels(load.kept, lines, places), told).toEqual([])
  expect(outOfOrder(load.kept, lines), told).toEqual([])
  const all = await deliveries.all()
  expect(all.map(({ id }) => id).sort(), told).toEqual(load.kept.map(({ deliveryId }) => deliveryId).sort())
  await annotate(`${load.kept.length} messages in ${load.tries()} tries, the slowest kept in ${Math.round(longest)} ms`)
  for (const replica of [door, stopped, cutOff, killed]) expect(await readiness(replica)).toMatchObject({ status: 200 })
  await Promise.all([door, stopped, cutOff, killed].map((replica) => replica.stop()))
  await database.remove()
})

async function readiness({ url }: Program): Promise<{ status: number; reason?: string }> {
  const response = await fetch(`${url}/readyz`)
  return { ...((await response.json()) as { reason?: string }), status: response.status }
}
