import { randomInt } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { serve } from '@hono/node-server'
import { happening, type PlatformEvent } from './happenings.ts'
import { createPlatform } from './platform.ts'

/**
 * Runs the example platform: it answers Switchboard, and tells it what happens until told to stop. All it knows of
 * Switchboard stands in its environment, as with any service: SWITCHBOARD_URL, an API key with events:write in
 * SWITCHBOARD_API_KEY, the endpoint's secret in SWITCHBOARD_WEBHOOK_SECRET, and its own PORT.
 */
const { SWITCHBOARD_URL, SWITCHBOARD_API_KEY, SWITCHBOARD_WEBHOOK_SECRET, PORT = '4700' } = process.env
const siteUrl = 'https://studio.example.com'
const stopping = new AbortController()
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stopping.abort())

const platform = createPlatform({ secret: SWITCHBOARD_WEBHOOK_SECRET ?? '', siteUrl, now: Date.now })
const server = serve({ fetch: platform.fetch, hostname: '127.0.0.1', port: Number(PORT) }, ({ port }) => {
  process.stdout.write(`Studio Platform is at http://127.0.0.1:${port}\n`)
})

for (let number = 0; !stopping.signal.aborted; number += 1) {
  await send(happening(number, Date.now(), siteUrl)).catch((error: Error) => {
    if (!stopping.signal.aborted) process.stderr.write(`platform: ${error.message}\n`)
  })
  await wait(randomInt(2_000, 7_000), undefined, { signal: stopping.signal }).catch(() => {})
}
server.close()

async function send(event: PlatformEvent): Promise<void> {
  const response = await fetch(`${SWITCHBOARD_URL}/api/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${SWITCHBOARD_API_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify(event),
    signal: AbortSignal.any([stopping.signal, AbortSignal.timeout(10_000)]),
  })
  if (!response.ok) throw new Error(`Switchboard answered ${response.status}: ${(await response.text()).slice(0, 300)}`)
}
