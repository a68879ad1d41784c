import { once } from 'node:events'
import { z } from 'zod'
import { startSimulator } from './simulator.ts'

/** What the command line says; absent means the default of `startSimulator`. */
export const RunOptions = z.strictObject({
  port: z.coerce.number('a port number').int().min(0).max(65_535).optional(),
  host: z.string().min(1).optional(),
  seed: z.enum(['acme', 'large', 'empty'], 'one of acme, large, empty').optional(),
  pace: z.enum(['slack', 'fast'], 'one of slack, fast').optional(),
  clientDir: z.string().min(1).optional(),
})

/** Runs a simulator until SIGINT or SIGTERM, after printing how to reach it and what to enter in Switchboard. */
export async function runSimulator(
  argv: z.input<typeof RunOptions> | Record<string, unknown> = {},
  print: (line: string) => void = (line) => void process.stdout.write(`${line}\n`),
): Promise<void> {
  const parsed = RunOptions.safeParse(argv)
  if (!parsed.success) {
    throw new Error(parsed.error.issues.map(({ path, message }) => `--${path.join('.')}: ${message}`).join('\n'))
  }
  const simulator = await startSimulator(withoutUndefined(parsed.data))
  for (const line of await describe(simulator)) print(line)
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  await simulator.stop()
}

const Apps = z.array(
  z.object({
    name: z.string(),
    appId: z.string(),
    clientId: z.string(),
    clientSecret: z.string(),
    signingSecret: z.string(),
    botToken: z.string(),
    appToken: z.string(),
    webhooks: z.array(z.object({ channel: z.string(), url: z.string() })),
  }),
)

async function describe(simulator: { url: string; apiUrl: string; host: string }): Promise<string[]> {
  const apps = Apps.parse(await (await fetch(`${simulator.url}/_sim/apps`)).json())
  return [
    `Slack simulator at ${simulator.url}`,
    `Start Switchboard with SLACK_API_URL=${simulator.apiUrl} SLACK_WEBHOOK_HOSTS=${simulator.host}`,
    ...apps.flatMap((app) => [
      '',
      `App ${app.name}`,
      `  app ID           ${app.appId}`,
      `  client ID        ${app.clientId}`,
      `  client secret    ${app.clientSecret}`,
      `  signing secret   ${app.signingSecret}`,
      `  bot token        ${app.botToken}`,
      `  app-level token  ${app.appToken}`,
      ...app.webhooks.map((webhook) => `  webhook          ${webhook.url} (${webhook.channel})`),
    ]),
  ]
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> }

function withoutUndefined<T extends object>(options: T): Defined<T> {
  // Absent and undefined are different to exactOptionalPropertyTypes; after the filter only defined values are left.
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Defined<T>
}
