import { randomBytes } from 'node:crypto'
import { DeliveryCounts, DeliveryPage, type DeliverySummary } from '../../shared/deliveries.ts'
import { PROGRAM_SETUP_TOKEN } from '../support/program.ts'
import type { Sandbox } from '../support/sandbox.ts'
import { PASSWORD } from '../support/world.ts'

export type Place = { id: string; kind: 'channel' | 'webhook'; channelId: string }
export type Connected = { key: string; places: Place[] }

/** What every process of a test is told: where the sandbox is, and one master key for all of them. */
export function settingsFor(sandbox: Sandbox): Record<string, string> {
  return {
    SLACK_API_URL: sandbox.apiUrl,
    SLACK_WEBHOOK_HOSTS: sandbox.host,
    SLACK_UPLOAD_HOSTS: sandbox.host,
    SWITCHBOARD_PACE: 'off',
    SWITCHBOARD_MASTER_KEY: randomBytes(32).toString('base64'),
  }
}

/** Sets a fresh server up: its admin, the sandbox's app, an API key with these scopes. `make` asks as the admin. */
export async function setUp(url: string, sandbox: Sandbox, scopes: string[]) {
  const person = { email: 'ada@acme.example', password: PASSWORD }
  await post(url, '/api/setup', { token: PROGRAM_SETUP_TOKEN, name: 'Ada Ferrer', ...person })
  const { headers } = await post(url, '/api/auth/sign-in/email', person)
  const cookie = headers.getSetCookie().map((line) => line.split(';')[0])
  const signedIn = { cookie: cookie.join('; '), 'x-switchboard-csrf': '1' }
  const make = async <Made>(path: string, body: unknown): Promise<Made> => {
    return (await (await post(url, path, body, signedIn)).json()) as Made
  }
  const { webhooks, appId, clientId, clientSecret, signingSecret, botToken } = await sandbox.app()
  const { id: integrationId } = await make<{ id: string }>('/api/integrations', {
    ...{ provider: 'slack', name: 'Acme production', testChannel: '#compliance' },
    ...{ appId, clientId, clientSecret, signingSecret, botToken },
  })
  const { key } = await make<{ key: string }>('/api/api-keys', { name: 'faults', scopes })
  return { make, integrationId, webhooks, key }
}

/** Sets a fresh server up with a destination for each of so many channels, and the sandbox's webhooks. */
export async function connect(
  url: string,
  sandbox: Sandbox,
  wanted: { channels: number; webhooks: boolean },
): Promise<Connected> {
  const { make, integrationId, webhooks, key } = await setUp(url, sandbox, ['events:write', 'deliveries:read'])
  const places: Place[] = []
  for (let number = 1; number <= wanted.channels; number += 1) {
    const channel = await sandbox.ask<{ id: string }>('POST', '/channels', { name: `faults-${number}`, member: true })
    const body = { integrationId, kind: 'channel', channel: channel.id }
    places.push({ ...(await make<{ id: string }>('/api/destinations', body)), kind: 'channel', channelId: channel.id })
  }
  for (const { url: hook, channelId } of wanted.webhooks ? webhooks : []) {
    const body = { integrationId, kind: 'webhook', url: hook, name: `Webhook of ${channelId}` }
    places.push({ ...(await make<{ id: string }>('/api/destinations', body)), kind: 'webhook', channelId })
  }
  return { key, places: places.map(({ id, kind, channelId }) => ({ id, kind, channelId })) }
}

/** Deliveries as the API tells of them. */
export function deliveriesAt(url: () => string, key: string) {
  const read = async (path: string): Promise<unknown> => {
    const response = await fetch(`${url()}${path}`, { headers: { authorization: `Bearer ${key}` } })
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`)
    return response.json()
  }
  return {
    read,
    byState: async () => DeliveryCounts.parse(await read('/api/deliveries/counts')).byState,
    all: async (): Promise<DeliverySummary[]> => {
      const all: DeliverySummary[] = []
      let cursor: string | undefined
      do {
        const at = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`
        const page = DeliveryPage.parse(await read(`/api/deliveries?limit=200${at}`))
        all.push(...page.items)
        cursor = page.next
      } while (cursor !== undefined)
      return all
    },
  }
}

async function post(url: string, path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url, ...headers },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`)
  return response
}
