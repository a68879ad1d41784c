import { Hono } from 'hono'
import { Webhook } from 'standardwebhooks'
import { z } from 'zod'
import { replyTo } from './commands.ts'
import { dailySummary, type PlatformEvent, reminders } from './happenings.ts'

/** A call from Switchboard, once its signature was found right. */
const Call = z.object({
  type: z.string(),
  timestamp: z.string(),
  data: z.looseObject({ schedule: z.string().optional(), type: z.string().optional() }),
})
type Call = z.infer<typeof Call>

const CommandUse = z.object({
  handler: z.string(),
  parameters: z.record(z.string(), z.string()),
  user: z.object({ id: z.string(), name: z.string() }),
  invocationId: z.string(),
})

type PlatformOptions = {
  /** What Switchboard showed when the endpoint was made: whsec_… */
  secret: string
  /** Where the platform's own pages are. */
  siteUrl: string
  now: () => number
}

/**
 * The one address of the example platform that Switchboard calls. Unsigned calls are refused, a repeated call gets the
 * first answer again.
 */
export function createPlatform({ secret, siteUrl, now }: PlatformOptions) {
  const answered = new Map<string, unknown>()
  return new Hono()
    .get('/healthz', (c) => c.text('ok'))
    .post('/switchboard', async (c) => {
      const body = await c.req.text()
      const id = c.req.header('webhook-id') ?? ''
      try {
        new Webhook(secret).verify(body, {
          'webhook-id': id,
          'webhook-timestamp': c.req.header('webhook-timestamp') ?? '',
          'webhook-signature': c.req.header('webhook-signature') ?? '',
        })
      } catch {
        return c.json({ error: 'the signature does not fit' }, 401)
      }
      if (!answered.has(id)) {
        const call = Call.parse(JSON.parse(body))
        answered.set(id, answerTo(call, now(), siteUrl))
        if (answered.size > MOST_ANSWERS) answered.delete(answered.keys().next().value ?? '')
      }
      return c.json(answered.get(id))
    })
}

const MOST_ANSWERS = 1_000

function answerTo(call: Call, now: number, siteUrl: string): unknown {
  if (call.type === 'command.invoked') return replyTo(CommandUse.parse(call.data), siteUrl)
  if (call.type !== 'schedule.run') return { ok: true }
  return { events: eventsOf(call.data.type ?? call.data.schedule ?? '', now, siteUrl) }
}

function eventsOf(type: string, now: number, siteUrl: string): PlatformEvent[] {
  if (type === 'deadline_reminders') return reminders(now, siteUrl)
  return type === 'daily_summary' ? [dailySummary(now, siteUrl)] : []
}
