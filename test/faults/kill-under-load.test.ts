import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { Delivery, type DeliverySummary } from '../../shared/deliveries.ts'
import { dataFolder, endPrograms, startProgram, startSimulatorProgram } from '../support/program.ts'
import { type Sandbox, sandboxOf } from '../support/sandbox.ts'
import { chanceOf, isLong, SEED } from './chance.ts'
import { countsOfWebhooks, outOfOrder, wrongInChannels } from './compare.ts'
import { connect, deliveriesAt, settingsFor } from './connect.ts'
import { type Kept, startLoad } from './load.ts'

/* The real program on a file, under load, before a Slack that fails in every way: killed again and again. */

afterAll(endPrograms)

const KILLS = isLong ? 60 : 9
const TIMEOUT_MS = isLong ? 900_000 : 240_000
const told = `SWITCHBOARD_FAULTS_SEED=${SEED}`

/** What Slack does to a share of the requests; the first two and the resets leave whoever asked in the dark. */
const FAULTS = [
  { kind: 'lost_answer', probability: 0.02 },
  { kind: 'http_500_after_commit', probability: 0.02 },
  { kind: 'reset', probability: 0.01 },
  { kind: 'http_500', probability: 0.01 },
  { kind: 'http_503_html', probability: 0.02 },
  { kind: 'rate_limited', retryAfterSeconds: 1, probability: 0.03 },
  { kind: 'slow', delayMs: 60, probability: 0.5 },
]

test(`killed at ${KILLS} random moments, it loses nothing and doubles nothing`, { timeout: TIMEOUT_MS }, async ({
  annotate,
}) => {
  const chance = chanceOf(SEED)
  await using simulator = await startSimulatorProgram()
  const sandbox = sandboxOf(simulator)
  const env = { ...settingsFor(sandbox), SWITCHBOARD_DATA_DIR: dataFolder() }
  let program = await startProgram(env)
  const { key, places } = await connect(program.url, sandbox, { channels: 8, webhooks: true })
  const deliveries = deliveriesAt(() => program.url, key)
  await setFaults(sandbox)

  const url = () => program.url
  const load = startLoad({ url, key, places, chance, clients: 4, pauseMs: 120, patienceMs: 5_000 })
  for (let kill = 1; kill <= KILLS; kill += 1) {
    // The moment is what is drawn: there is nothing to wait for.
    await wait(chance.between(100, 1_500))
    await program.kill()
    program = await startProgram(env)
  }
  await load.stop()
  await sandbox.clearFaults()
  await expect
    .poll(async () => Object.keys(await deliveries.byState()), {
      timeout: TIMEOUT_MS / 3,
      interval: 200,
      message: told,
    })
    .toEqual(['delivered'])

  const lines = await sandbox.allMessages()
  expect(load.tries(), 'some requests had to be sent again').toBeGreaterThan(load.requests())
  expect(wrongInChannels(load.kept, lines, places), told).toEqual([])
  expect(outOfOrder(load.kept, lines), told).toEqual([])
  const all = await deliveries.all()
  expect(all.map(({ id }) => id).sort(), told).toEqual(load.kept.map(({ deliveryId }) => deliveryId).sort())
  const { found, uncalledFor } = countsOfWebhooks(load.kept, lines, places)
  expect(uncalledFor, told).toEqual([])
  expect(await wrongDoubles(found, all, deliveries.read), told).toEqual([])
  const doubled = found.filter(({ count }) => count > 1).length
  await annotate(
    `${load.requests()} requests in ${load.tries()} tries, ${load.kept.length} messages, ` +
      `${doubled} of ${found.length} doubled through webhooks`,
  )
  await program.stop()
})

async function setFaults(sandbox: Sandbox): Promise<void> {
  for (const method of ['chat.postMessage', 'webhook', 'conversations.history']) {
    for (const fault of FAULTS) await sandbox.fault({ method, times: null, ...fault })
  }
}

/** A webhook can't be looked into: its messages stand there at least once, and once more for each send in the dark. */
async function wrongDoubles(
  found: (Kept & { count: number })[],
  all: DeliverySummary[],
  read: (path: string) => Promise<unknown>,
): Promise<string[]> {
  const wrong: string[] = []
  const marked = new Set(all.filter(({ mark }) => mark === 'may_be_duplicate').map(({ id }) => id))
  for (const { deliveryId, text, count } of found) {
    if (count === 0) wrong.push(`${deliveryId} (${text}) is lost`)
    if (count < 2) continue
    if (!marked.has(deliveryId)) wrong.push(`${deliveryId} (${text}) stands there ${count} times, unmarked`)
    const { tries, attempts } = Delivery.parse(await read(`/api/deliveries/${deliveryId}`))
    const inTheDark = attempts.filter(({ outcome }) => outcome === 'ambiguous').length
    // A worker that was killed while it sent has written no attempt; the try is counted all the same.
    const unwritten = tries - attempts.filter(({ number }) => number !== undefined).length
    if (count > 1 + inTheDark + unwritten) wrong.push(`${deliveryId} (${text}) stands there ${count} times`)
  }
  return wrong
}
