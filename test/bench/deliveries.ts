import { deliverAll, type Gateway, type Sent, startGateway, timed } from './gateway.ts'
import { median } from './load.ts'
import type { BenchOptions } from './options.ts'
import { type Peer, startPeer } from './peer.ts'
import { type Simulator, startSimulator, withFolder } from './servers.ts'

const MESSAGES = 10_000
const CHANNELS = 200
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
        const compared = await inTurn(simulator, gateway, peer, options)
        print(`Deliveries on SQLite, ${told(compared)}:`)
        print(`  ${line('Switchboard', compared.ours)}`)
        print(`  ${line('bare @slack/web-api', compared.theirs)}`)
        print(`  ${ratio(compared)}`)
      } finally {
        await peer.stop()
        await gateway.stop()
      }
    } finally {
      await simulator.stop()
    }
  })
}

export type Compared = { messages: number; rounds: number; ours: Sent[]; theirs: Sent[] }

/** Runs of both sides in turn against one simulator, after one of each that counts nowhere. */
export async function inTurn(
  simulator: Simulator,
  gateway: Gateway,
  peer: Peer,
  { messages = MESSAGES, rounds = ROUNDS }: BenchOptions,
): Promise<Compared> {
  const compared: Compared = { messages, rounds, ours: [], theirs: [] }
  for (let round = 0; round <= rounds; round += 1) {
    await simulator.reset()
    const ours = await deliverAll(gateway, messages)
    await simulator.reset()
    const theirs = await runPeer(peer, messages)
    if (round === 0) continue
    compared.ours.push(ours)
    compared.theirs.push(theirs)
  }
  return compared
}

async function runPeer(peer: Peer, count: number): Promise<Sent> {
  const { tookMs, cpuMs } = await timed(peer, () => peer.run(count))
  return { perSecond: (count / tookMs) * 1_000, cpuMsEach: cpuMs / count }
}

export const of = (runs: Sent[], figure: keyof Sent): number => median(runs.map((run) => run[figure]))

export const told = ({ messages, rounds }: Compared): string =>
  `${CHANNELS} channels, ${rounds} runs of ${messages.toLocaleString('en')} messages in turn, medians`

export function line(name: string, runs: Sent[]): string {
  const each = runs.map(({ perSecond }) => perSecond.toFixed(0)).join(', ')
  const perSecond = of(runs, 'perSecond').toFixed(0).padStart(6)
  return `${name.padEnd(20)} ${perSecond} messages/s (${each})   ${of(runs, 'cpuMsEach').toFixed(3)} ms of CPU a message`
}

export function ratio({ ours, theirs }: Compared): string {
  const faster = of(ours, 'perSecond') / of(theirs, 'perSecond')
  const cpu = of(ours, 'cpuMsEach') / of(theirs, 'cpuMsEach')
  return `ratio ${faster.toFixed(2)}x messages/s, ${cpu.toFixed(2)}x the CPU a message`
}
