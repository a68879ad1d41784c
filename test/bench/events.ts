import { type Gateway, startGateway, timed } from './gateway.ts'
import { type Measured, measure, median } from './load.ts'
import { eventOf } from './messages.ts'
import type { BenchOptions } from './options.ts'
import { type BenchServer, startChild, startSimulator, withFolder } from './servers.ts'

/**
 * Few callers, and as many as share a commit with hundreds or thousands of others; to as many destinations as a large
 * company has, and to as many as most have.
 */
const CALLERS: Callers[] = [
  { connections: 50, destinations: 200 },
  { connections: 50, destinations: 20 },
  { connections: 500, destinations: 200 },
  { connections: 500, destinations: 20 },
  { connections: 2_000, destinations: 20 },
]
type Callers = { connections: number; destinations: number }
const REQUESTS = 10_000
const ROUNDS = 5
const BATCH = 100
const BATCH_CONNECTIONS = 10
const CHANNELS = 200
/** So many runs of each side count nowhere, until their code is compiled to its best. */
const WARM_UPS = 3

/** POST /api/events until it is on disk, against a route that only reads the JSON; then the same in batches. */
export async function benchEvents(print: (line: string) => void, options: BenchOptions): Promise<void> {
  const { messages = REQUESTS, rounds = ROUNDS } = options
  await withFolder(async (dataDir) => {
    const simulator = await startSimulator('fast')
    const channels = await simulator.channels(CHANNELS)
    // Nothing is sent meanwhile: what is measured is taking in.
    const env = { SWITCHBOARD_ROLES: 'api' }
    const gateway = await startGateway({ dataDir, simulator, channels, env }).finally(simulator.stop)
    const bare = await startChild(['test/bench/bare-route.ts'], {}, /The route is at \S+\n/)
    const sides = { gateway, bare, messages, rounds }
    try {
      for (const callers of CALLERS) await benchSingles(print, sides, callers)
      const batched = await inTurn(rounds, {
        batched: () => run(gateway.server, batches(gateway, messages * 2), BATCH_CONNECTIONS),
      })
      const perSecond = of(batched.batched, 'requestsPerSecond') * BATCH
      const cpuUs = of(batched.batched, 'cpuUs') / BATCH
      print(`  batches of ${BATCH}: ${perSecond.toFixed(0)} events/s   ${cpuUs.toFixed(0)} µs of CPU an event`)
    } finally {
      await bare.stop()
      await gateway.stop()
    }
  })
}

type Sides = { gateway: Gateway; bare: BenchServer; messages: number; rounds: number }

async function benchSingles(print: (line: string) => void, sides: Sides, callers: Callers): Promise<void> {
  const { bare, messages, rounds } = sides
  const { connections, destinations } = callers
  const gateway = { ...sides.gateway, destinationIds: sides.gateway.destinationIds.slice(0, destinations) }
  const { ours, theirs } = await inTurn(rounds, {
    ours: () => run(gateway.server, singles(gateway, gateway.server.url, messages), connections),
    theirs: () => run(bare, singles(gateway, bare.url, messages), connections),
  })
  const how = `${connections} connections, ${destinations} destinations`
  print(`POST /api/events, ${how}, ${rounds} runs of ${messages} in turn, medians:`)
  print(`  ${told('Switchboard, on disk', ours)}`)
  print(`  ${told('Hono route, nothing', theirs)}`)
  const share = (of(ours, 'requestsPerSecond') / of(theirs, 'requestsPerSecond')) * 100
  print(`  ${share.toFixed(0)} % of the requests a second of a route that keeps nothing`)
}

/** Runs of each side in turn, those that warm them up left out. */
async function inTurn<Side extends string>(
  rounds: number,
  sides: Record<Side, () => Promise<Run>>,
): Promise<Record<Side, Run[]>> {
  const runs = Object.fromEntries(Object.keys(sides).map((side) => [side, []])) as unknown as Record<Side, Run[]>
  for (let round = 1 - WARM_UPS; round <= rounds; round += 1) {
    for (const side of Object.keys(sides) as Side[]) {
      const measured = await sides[side]()
      if (round > 0) runs[side].push(measured)
    }
  }
  return runs
}

type Run = Measured & { cpuUs: number }

async function run(server: BenchServer, requests: Buffer[], connections: number): Promise<Run> {
  let measured: Measured | undefined
  const took = await timed(server, async () => {
    measured = await measure({ url: server.url, requests, connections })
  })
  if (measured?.statuses.get(202) !== requests.length) {
    throw new Error(`${server.url} answered ${JSON.stringify([...(measured?.statuses ?? [])])}`)
  }
  return { ...measured, cpuUs: (took.cpuMs * 1_000) / requests.length }
}

const of = (runs: Run[], figure: 'requestsPerSecond' | 'p50Ms' | 'p99Ms' | 'cpuUs') =>
  median(runs.map((each) => each[figure]))

function told(name: string, runs: Run[]): string {
  const perSecond = of(runs, 'requestsPerSecond').toFixed(0).padStart(6)
  const latency = `p50 ${of(runs, 'p50Ms').toFixed(2)} ms   p99 ${of(runs, 'p99Ms').toFixed(2)} ms`
  return `${name.padEnd(20)} ${perSecond} req/s   ${latency}   ${of(runs, 'cpuUs').toFixed(0)} µs of CPU a request`
}

const eventAt = ({ destinationIds }: Gateway, number: number) =>
  eventOf(number, destinationIds[number % destinationIds.length] ?? '')

const singles = (gateway: Gateway, url: string, count: number): Buffer[] =>
  Array.from({ length: count }, (_, number) => newRequest(gateway, url, eventAt(gateway, number)))

const batches = (gateway: Gateway, events: number): Buffer[] =>
  Array.from({ length: Math.ceil(events / BATCH) }, (_, first) => {
    const batch = Array.from({ length: BATCH }, (_, place) => eventAt(gateway, first * BATCH + place))
    return newRequest(gateway, gateway.server.url, batch)
  })

let made = 0

function newRequest({ key }: Gateway, url: string, content: unknown): Buffer {
  made += 1
  const body = JSON.stringify(content)
  const lines = [
    'POST /api/events HTTP/1.1',
    `host: ${new URL(url).host}`,
    `authorization: Bearer ${key}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    `idempotency-key: bench-single-${made}`,
  ]
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`)
}
