import { deliverAll, type Gateway, type Sent, startGateway, timed } from './gateway.ts'
import { median } from './load.ts'
import type { BenchOptions } from './options.ts'
import { type Peer, startPeer } from './peer.ts'
import { type Simulator, startSimulator, withFolder } from './servers.ts'

const MESSAGES = 10_000
export const CHANNELS = 200
const ROUNDS = 3

/** Accepted with fsync, sent and its outcome committed, on SQLite; against Slack's own client, which keeps nothing. */
export async function benchDeliveries(print: (line: string) => void, options: BenchOptions): Promise<void> {
  await withFolder(async (dataDir) => {
    const simulator = await startSimulator('fast')
    try {
      const channels = await simulator.channels(CHANNELS)
      const gateway = await startGateway({ dataDir, simulator, channels })
      const peer = await startPeer('bare-loop.ts', [simulator.apiUrl, simulator.app.botToken, ...channels])
      try {
        const compared = await inTurn(simulator, gateway, { 'bare @slack/web-api': peer }, options)
        for (const line of told('Deliveries on SQLite', compared)) print(line)
      } finally {
        await peer.stop()
        await gateway.stop()
      }
    } finally {
      await simulator.stop()
    }
  })
}

type Compared = { messages: number; rounds: number; ours: Sent[]; theirs: Record<string, Sent[]> }

/** So many runs of each side count nowhere: a run of 10,000 leaves code that is not compiled to its best yet. */
const WARM_UPS = 3

/** Runs of all sides in turn against one simulator, once they are warm. */
export async function inTurn(
  simulator: Simulator,
  gateway: Gateway,
  peers: Record<string, Peer>,
  { messages = MESSAGES, rounds = ROUNDS }: BenchOptions,
): Promise<Compared> {
  const ours: Sent[] = []
  const theirs = Object.fromEntries(Object.keys(peers).map((name): [string, Sent[]] => [name, []]))
  for (let round = 1 - WARM_UPS; round <= rounds; round += 1) {
    await simulator.reset()
    const sent = await deliverAll(gateway, messages)
    if (round > 0) ours.push(sent)
    for (const [name, peer] of Object.entries(peers)) {
      await simulator.reset()
      const sent = await runPeer(peer, messages)
      if (round > 0) theirs[name]?.push(sent)
    }
  }
  return { messages, rounds, ours, theirs }
}

async function runPeer(peer: Peer, count: number): Promise<Sent> {
  const { tookMs, cpuMs } = await timed(peer, () => peer.run(count))
  return { perSecond: (count / tookMs) * 1_000, cpuMsEach: cpuMs / count, refusals: 0 }
}

const of = (runs: Sent[], figure: keyof Sent): number => median(runs.map((run) => run[figure]))

/** A line for each side, and for each peer what we are by it. */
export function told(what: string, { messages, rounds, ours, theirs }: Compared): string[] {
  return [
    `${what}, ${CHANNELS} channels, ${rounds} runs of ${messages.toLocaleString('en')} messages in turn, medians:`,
    `  ${side('Switchboard', ours)}`,
    `  ${''.padEnd(26)} requests told to come again: ${ours.map(({ refusals }) => refusals).join(', ')}`,
    ...Object.entries(theirs).flatMap(([name, runs]) => [
      `  ${side(name, runs)}`,
      `  ${''.padEnd(26)} we send ${(of(ours, 'perSecond') / of(runs, 'perSecond')).toFixed(2)}x as many a second ` +
        `at ${(of(ours, 'cpuMsEach') / of(runs, 'cpuMsEach')).toFixed(2)}x the CPU each`,
    ]),
  ]
}

function side(name: string, runs: Sent[]): string {
  const each = runs.map(({ perSecond }) => perSecond.toFixed(0)).join(', ')
  const perSecond = of(runs, 'perSecond').toFixed(0).padStart(6)
  return `${name.padEnd(26)} ${perSecond} messages/s (${each})   ${of(runs, 'cpuMsEach').toFixed(3)} ms of CPU a message`
}
