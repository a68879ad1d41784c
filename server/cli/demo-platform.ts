import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Demo } from './demo-traffic.ts'

const CONFIGURATION = join(import.meta.dirname, '..', '..', 'test', 'acceptance', 'studio-platform.yaml')
const DAILY_SUMMARY = {
  name: 'daily_summary',
  cron: '*/5 * * * *',
  type: 'daily_summary',
  missedRuns: 'skip',
}

/** Sets the example platform up as its own configuration file says; gives what its process has to know. */
export async function setUpPlatform(
  { api, slack, appId, integrationId }: Demo,
  url: string,
): Promise<Record<string, string>> {
  const text = await readFile(CONFIGURATION, 'utf8')
  await api('POST', '/api/configuration/apply', z.unknown(), { name: 'studio-platform.yaml', text })
  // As an admin pastes the manifest anew.
  const Commands = z.object({ items: z.array(z.object({ command: z.string(), description: z.string() })) })
  const { items: commands } = await api('GET', '/api/commands', Commands)
  await slack('PATCH', `/apps/${appId}`, z.unknown(), { commands })
  const made = z.object({ newSecret: z.string() })
  const { newSecret } = await api('PUT', `/api/integrations/${integrationId}/platform`, made, { url })
  await api('PUT', '/api/notification-types/daily_summary', z.unknown(), {
    destinations: [{ integrationId, channel: '#compliance-reports' }],
    emoji: ':sunrise:',
    priority: 'low',
  })
  const source = { kind: 'platform', integrationId }
  await api('POST', '/api/schedules', z.unknown(), { ...DAILY_SUMMARY, source })
  const WithKey = z.object({ key: z.string() })
  const { key } = await api('POST', '/api/api-keys', WithKey, { name: 'Studio Platform', scopes: ['events:write'] })
  return { SWITCHBOARD_API_KEY: key, SWITCHBOARD_WEBHOOK_SECRET: newSecret }
}
