import { signed } from '../../support/signed.ts'
import { startWorld, type World } from '../../support/world.ts'

/** What Slack's form of a slash command holds, as far as the server reads it. */
export const COMMAND = {
  command: '/switchboard',
  text: 'help',
  user_id: 'U0KIM00001',
  user_name: 'kim',
  channel_id: 'C0ROOM0001',
  channel_name: 'compliance',
  team_id: 'T0ACME0001',
}

export type SlackAnswer = { status: number; headers: Headers; text: string }

/** A world with one connected integration, and Slack's way of calling it, signed by hand. */
export async function startCalled(options: Parameters<typeof startWorld>[0] = {}) {
  const world = await startWorld(options)
  const integration = await world.havingIntegration()
  const { signingSecret } = await world.slack.app()
  // Slack's calls come after the secret was saved.
  world.clock.now += 1_000
  const commandsUrl = `${world.url}/slack/${integration.id}/commands`
  const interactionsUrl = `${world.url}/slack/${integration.id}/interactions`
  const headersFor = (body: string | Uint8Array, ageSeconds = 0) =>
    signed(signingSecret, body, Math.floor(world.clock.now / 1_000) - ageSeconds)

  return {
    ...world,
    world,
    integration,
    signingSecret,
    commandsUrl,
    interactionsUrl,
    headersFor,
    /** A signed slash command; `change` is laid over its fields. */
    command: (change: Record<string, string | undefined> = {}) => {
      const body = form({ ...COMMAND, ...change })
      return send(commandsUrl, body, headersFor(body))
    },
    /** A signed click or modal. */
    interact: (payload: unknown) => {
      const body = form({ payload: typeof payload === 'string' ? payload : JSON.stringify(payload) })
      return send(interactionsUrl, body, headersFor(body))
    },
    invocations: async () => (await (await world.as('viewer')).get('/api/invocations')).body.items,
    /** What was refused, as `reason: count`. */
    refused: async (): Promise<Record<string, number>> => {
      const { items } = (await (await world.as('viewer')).get('/api/refused-requests')).body
      return Object.fromEntries(items.map((row: { reason: string; count: number }) => [row.reason, row.count]))
    },
    async [Symbol.asyncDispose]() {
      await world[Symbol.asyncDispose]()
    },
  }
}

export type Called = Awaited<ReturnType<typeof startCalled>>
export type { World }

/** A form as Slack encodes it; fields that are undefined are left out. */
export function form(fields: Record<string, string | undefined>): string {
  const given = Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined)
  return new URLSearchParams(given).toString()
}

export async function send(
  url: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<SlackAnswer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body,
  })
  return { status: response.status, headers: response.headers, text: await response.text() }
}
