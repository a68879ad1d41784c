import type { HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import { type Args, isJson, isJsonList } from './args.ts'
import { type Call, recordCall } from './calls.ts'
import { readContent } from './content.ts'
import { PlatformError, retryAfter, slackHeaders } from './envelope.ts'
import { takeFault } from './faults.ts'
import { POSTING, take } from './limits.ts'
import { addMessage, findMessage, fromBot } from './messages.ts'
import type { Sandbox } from './sandbox.ts'
import { tell } from './stream.ts'
import { strike } from './strike.ts'
import type { App, Channel, Message, Webhook } from './workspace.ts'

/** /services/T/B/secret: incoming webhooks. The answer is one plain word, and `ok` gives no ts. */
export function webhookHttp(sandbox: Sandbox) {
  return new Hono<{ Bindings: HttpBindings }>().post('/:team/:hook/:secret', async (c) => {
    const startedAt = performance.now()
    const { team, hook, secret } = c.req.param()
    const body = await c.req.text()
    const args = { webhook: `${team}/${hook}`, body: parsed(body, c.req.header('content-type')) ?? body }
    const call = recordCall(sandbox.calls, sandbox.now(), { direction: 'in', method: 'webhook', args })
    const rateLimited = (seconds: number, headers: Record<string, string>) =>
      answer(sandbox, call, 429, JSON.stringify({ retry_after: seconds, ok: false, error: 'rate_limited' }), headers)
    const run = async () => {
      const outcome = accept(sandbox, { team, hook, secret }, parsed(body, c.req.header('content-type')))
      if (outcome.kind === 'too_fast') return rateLimited(outcome.seconds, retryAfter(sandbox, outcome.seconds))
      return answer(sandbox, call, outcome.kind === 'posted' ? 200 : outcome.status, outcome.body)
    }

    const fault = takeFault(sandbox, 'webhook', sandbox.workspace.webhooks.get(hook)?.channelId)
    if (fault) call.fault = fault.kind
    const refused = (code: string) => answer(sandbox, call, STATUS_BY_ERROR[code] ?? 400, code)
    const response = fault ? await strike(sandbox, c, fault, { run, rateLimited, refused }) : await run()

    call.tookMs = performance.now() - startedAt
    call.status = c.env.incoming.socket.destroyed ? null : response.status
    tell(sandbox.feed, { kind: 'call', id: call.id, method: 'webhook' })
    return response
  })
}

/** What each webhook error comes with. Where reports disagree the first-named status of the reports is used. */
const STATUS_BY_ERROR: Record<string, number> = {
  invalid_payload: 400,
  user_not_found: 400,
  invalid_blocks: 400,
  invalid_blocks_format: 400,
  no_text: 400,
  missing_text_or_fallback_or_attachments: 400,
  too_many_attachments: 400,
  action_prohibited: 403,
  invalid_token: 403,
  posting_to_general_channel_denied: 403,
  team_disabled: 403,
  channel_not_found: 404,
  no_service: 404,
  no_service_id: 404,
  no_active_hooks: 404,
  no_team: 404,
  channel_is_archived: 410,
  rollup_error: 500,
}

type Outcome =
  | { kind: 'posted'; body: 'ok' }
  | { kind: 'refused'; status: number; body: string }
  | { kind: 'too_fast'; seconds: number }

function accept(
  sandbox: Sandbox,
  path: { team: string; hook: string; secret: string },
  payload: Args | undefined,
): Outcome {
  try {
    const { webhook, app } = liveWebhook(sandbox, path)
    const channel = openChannel(sandbox, webhook)
    if (!payload) throw new PlatformError('invalid_payload')
    const message = read(sandbox, channel, payload)
    const wait = sandbox.pace === 'fast' ? 0 : take(sandbox.limiter, `webhook ${webhook.id}`, POSTING, sandbox.now())
    if (wait > 0) return { kind: 'too_fast', seconds: wait }
    addMessage(sandbox, channel, { ...fromBot(sandbox, app), subtype: 'bot_message', ...message })
    return { kind: 'posted', body: 'ok' }
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error
    return { kind: 'refused', status: STATUS_BY_ERROR[error.code] ?? 400, body: error.code }
  }
}

function liveWebhook(
  sandbox: Sandbox,
  path: { team: string; hook: string; secret: string },
): { webhook: Webhook; app: App } {
  const { team, webhooks, apps } = sandbox.workspace
  if (path.team !== team.id) throw new PlatformError('no_team')
  if (team.disabled) throw new PlatformError('team_disabled')
  const webhook = webhooks.get(path.hook)
  if (!webhook) throw new PlatformError('no_service_id')
  if (webhook.path !== `${path.team}/${path.hook}/${path.secret}`) throw new PlatformError('invalid_token')
  const app = apps.get(webhook.appId)
  if (webhook.removed || !app) throw new PlatformError('no_service')
  if (!app.webhooksEnabled) throw new PlatformError('no_active_hooks')
  return { webhook, app }
}

function openChannel(sandbox: Sandbox, webhook: Webhook): Channel {
  const channel = sandbox.workspace.channels.get(webhook.channelId)
  if (!channel) throw new PlatformError('channel_not_found')
  if (channel.isArchived) throw new PlatformError('channel_is_archived')
  if (channel.readOnly) {
    throw new PlatformError(channel.isGeneral ? 'posting_to_general_channel_denied' : 'action_prohibited')
  }
  return channel
}

/** Webhooks belong to one channel: a `channel` in the payload is ignored, except that an unknown person is named. */
function read(sandbox: Sandbox, channel: Channel, payload: Args): Pick<Message, 'text'> & Partial<Message> {
  const person = typeof payload.channel === 'string' ? /^@(.+)$/.exec(payload.channel)?.[1] : undefined
  const isKnown = [...sandbox.workspace.users.values()].some((user) => user.name === person)
  if (person !== undefined && !isKnown) throw new PlatformError('user_not_found')
  if (isJsonList(payload.attachments) && payload.attachments.some(saysNothing)) {
    throw new PlatformError('missing_text_or_fallback_or_attachments')
  }
  const { warnings: _, ...said } = readContent(payload, { sumOfBlocksIsChecked: true })
  const threadTs = typeof payload.thread_ts === 'string' ? payload.thread_ts : undefined
  const parent = threadTs ? findMessage(sandbox, channel, threadTs) : undefined
  return { ...said, ...(parent ? { thread_ts: parent.thread_ts ?? parent.ts } : {}) }
}

function saysNothing(attachment: Args): boolean {
  return ['text', 'fallback', 'title', 'pretext', 'blocks', 'fields', 'image_url'].every((name) => !attachment[name])
}

/** The payload of a JSON body, or of the older form field. Undefined: neither, which is `invalid_payload`. */
function parsed(body: string, contentType = ''): Args | undefined {
  const text = contentType.startsWith('application/x-www-form-urlencoded')
    ? new URLSearchParams(body).get('payload')
    : body
  try {
    const value: unknown = JSON.parse(text ?? '')
    return isJson(value) ? value : undefined
  } catch {
    return undefined
  }
}

function answer(sandbox: Sandbox, call: Call, status: number, body: string, headers: Record<string, string> = {}) {
  call.ok = status === 200
  if (status !== 200) call.error = status === 429 ? 'rate_limited' : body
  const isJsonBody = body.startsWith('{')
  const type = isJsonBody ? 'application/json; charset=utf-8' : status === 200 ? 'text/plain' : 'text/html'
  return new Response(body, { status, headers: { ...slackHeaders(sandbox), 'content-type': type, ...headers } })
}
