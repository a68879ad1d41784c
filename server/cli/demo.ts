import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { buildConsole } from './build.ts'
import { startChild, startProgram } from './child.ts'
import { setUpPlatform } from './demo-platform.ts'
import { connectDemo, runDemoTraffic } from './demo-traffic.ts'
import { wholeNumber } from './options.ts'
import { untilStopped } from './start.ts'

const PLATFORM = fileURLToPath(new URL('../../test/example-platform/main.ts', import.meta.url))

/**
 * Product, simulator and a platform that uses the product, each in its own process as a customer would run them, and a
 * client that uses all of them over HTTP.
 */
export function demoCommand(program: Command): void {
  program
    .command('demo')
    .description('Try it without Slack: product and simulator together, connected, with traffic')
    .option('--port <port>', 'port of the console', wholeNumber(0, 65_535), 3_000)
    .option('--simulator-port <port>', 'port of the simulated Slack', wholeNumber(0, 65_535), 4_600)
    .option('--platform-port <port>', 'port of the example platform', wholeNumber(1, 65_535), 4_700)
    .action(async (options: { port: number; simulatorPort: number; platformPort: number }) => {
      await buildConsole()
      const dataDir = await mkdtemp(join(tmpdir(), 'switchboard-demo-'))
      const stops: (() => Promise<void>)[] = [() => rm(dataDir, { recursive: true, force: true })]
      const stop = async () => {
        for (const close of stops.splice(0).reverse()) await close()
      }
      try {
        const simulator = startChild(['simulator', '--port', String(options.simulatorPort)], {}, /simulator at (\S+)/)
        stops.push(simulator.stop)
        const slackUrl = await simulator.ready
        const setupToken = randomBytes(24).toString('base64url')
        const server = startChild(
          ['start', '--no-build'],
          {
            SWITCHBOARD_PORT: String(options.port),
            SWITCHBOARD_DATA_DIR: dataDir,
            SWITCHBOARD_SETUP_TOKEN: setupToken,
            SWITCHBOARD_LOG_LEVEL: 'warn',
            SLACK_API_URL: `${slackUrl}/api/`,
            SLACK_WEBHOOK_HOSTS: new URL(slackUrl).host,
            SLACK_UPLOAD_HOSTS: new URL(slackUrl).host,
            SWITCHBOARD_PLATFORM_HOSTS: `127.0.0.1:${options.platformPort}`,
          },
          /Switchboard is at (\S+)/,
        )
        stops.push(server.stop)
        const consoleUrl = await server.ready
        const demo = await connectDemo({ consoleUrl, slackUrl, setupToken })
        const platformUrl = `http://127.0.0.1:${options.platformPort}/switchboard`
        const platform = startProgram(
          [PLATFORM],
          {
            SWITCHBOARD_URL: consoleUrl,
            PORT: String(options.platformPort),
            ...(await setUpPlatform(demo, platformUrl)),
          },
          /Studio Platform is at (\S+)/,
        )
        stops.push(platform.stop)
        await platform.ready
        const stopping = new AbortController()
        const traffic = runDemoTraffic(demo, stopping.signal)
        stops.push(async () => {
          stopping.abort()
          await traffic
        })
        process.stdout.write(
          [
            '',
            'DEMO. Nothing here reaches Slack, and all of it is gone when you stop.',
            `  Console          ${consoleUrl}/overview?window=1h`,
            `  Sign in          ${demo.email}  ${demo.password}`,
            `  Simulated Slack  ${slackUrl}`,
            '',
            'An example platform says what happens; types, rules and templates decide what becomes of it (Notifications).',
            'Messages and commands flow by themselves. Press a button or type /compliance soc2 in the simulated Slack,',
            'or break something there with its fault dial, and watch the console notice.',
            '',
            '',
          ].join('\n'),
        )
        await untilStopped(stop)
      } finally {
        await stop()
      }
    })
}
