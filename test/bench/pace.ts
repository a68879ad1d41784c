import { deliverAll, startGateway } from './gateway.ts'
import type { BenchOptions } from './options.ts'
import { startSimulator, withFolder } from './servers.ts'

const MESSAGES = 5_000
const CHANNELS = 20
/* What the simulator allows a workspace, as Slack's "hundreds per minute": 300 at once, then five a second. */
const BURST = 300
const PER_SECOND = 5
/* And one channel: about one a second, three at once. */
const CHANNEL_BURST = 3
const CHANNEL_PER_SECOND = 1

/** How close to Slack's limits a long line goes out, and how often Slack has to say no. Takes as long as they take. */
export async function benchPace(print: (line: string) => void, options: BenchOptions): Promise<void> {
  const { messages = MESSAGES } = options
  await withFolder(async (dataDir) => {
    const simulator = await startSimulator('slack')
    try {
      const channels = await simulator.channels(CHANNELS)
      const gateway = await startGateway({ dataDir, simulator, channels, env: { SWITCHBOARD_PACE: 'slack' } })
      try {
        const { perSecond } = await deliverAll(gateway, messages)
        const limited = await gateway.db
          .selectFrom('attempts')
          .select((eb) => eb.fn.countAll().as('count'))
          .where('outcome', '=', 'rate_limited')
          .executeTakeFirst()
        const tookS = messages / perSecond
        const allowedS = Math.max(
          (messages - BURST) / PER_SECOND,
          (messages / CHANNELS - CHANNEL_BURST) / CHANNEL_PER_SECOND,
        )
        print(`Pace, ${messages.toLocaleString('en')} messages to ${CHANNELS} channels under Slack's limits:`)
        print(
          `  ${tookS.toFixed(0)} s, where the limits allow ${allowedS.toFixed(0)} s: ${(tookS / allowedS).toFixed(3)}x`,
        )
        print(`  ${limited?.count} answers 429`)
      } finally {
        await gateway.stop()
      }
    } finally {
      await simulator.stop()
    }
  })
}
