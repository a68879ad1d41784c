import type { HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import { type Args, isJson } from './args.ts'
import { recordCall } from './calls.ts'
import { type Content, readContent } from './content.ts'
import { PlatformError, slackAnswer } from './envelope.ts'
import { takeFault } from './faults.ts'
import { addMessage, changeMessage, deleteMessage, findMessage, fromBot } from './messages.ts'
import type { Answered } from './outbound.ts'
import type { Sandbox } from './sandbox.ts'
import { tell } from './stream.ts'
import { strike } from './strike.ts'
import type { App, Channel, Message, ResponseUrl } from './workspace.ts'

const MOST_USES = 5

type Answering = { app: App; channel: Channel; userId: string; typed?: string; messageTs?: string | undefined }

/** /commands/… and /actions/…: the response_urls handed out with commands and clicks. Five uses, thirty minutes. */
export function responseUrlHttp(sandbox: Sandbox, family: 'commands' | 'actions') {
  return new Hono<{ Bindings: HttpBindings }>().post('/:team/:id/:secret', async (c) => {
    const { team, id, secret } = c.req.param()
    const payload: unknown = await c.req.json().catch(() => undefined)
    const args = isJson(payload) ? payload : {}
    const call = recordCall(sandbox.calls, sandbox.now(), { direction: 'in', method: 'response_url', args })
    const url = sandbox.workspace.responseUrls.get(`${family}/${team}/${id}/${secret}`)
    const refused = (error: string, status = 404) => {
      Object.assign(call, { ok: false, error })
      return slackAnswer(sandbox, { ok: false, error }, { status })
    }
    const run = async () => {
      const refusal = use(sandbox, url, payload)
      if (refusal) return refused(refusal.error, refusal.status)
      call.ok = true
      return slackAnswer(sandbox, { ok: true })
    }
    const rateLimited = (_seconds: number, headers: Record<string, string>) =>
      slackAnswer(sandbox, { ok: false, error: 'rate_limited' }, { status: 429, headers })

    const fault = takeFault(sandbox, 'response_url', url?.channelId)
    if (fault) call.fault = fault.kind
    const answer = fault ? await strike(sandbox, c, fault, { run, rateLimited, refused }) : await run()

    call.status = c.env.incoming.socket.destroyed ? null : answer.status
    tell(sandbox.feed, { kind: 'call', id: call.id, method: 'response_url' })
    return answer
  })
}

function use(sandbox: Sandbox, url: ResponseUrl | undefined, payload: unknown) {
  const app = sandbox.workspace.apps.get(url?.appId ?? '')
  const channel = sandbox.workspace.channels.get(url?.channelId ?? '')
  // The words and the 404 for a dead response_url are field reports; Slack documents only the limits.
  if (!url || !app || !channel || url.expiresAt < sandbox.now()) return { status: 404, error: 'expired_url' }
  if (url.uses >= MOST_USES) return { status: 404, error: 'used_url' }
  if (!isJson(payload)) return { status: 400, error: 'invalid_payload' }
  try {
    const posted = show(sandbox, { app, channel, userId: url.userId, messageTs: url.messageTs }, payload)
    // What is to replace or delete an original means the message that the app posted here first.
    if (posted) url.messageTs ??= posted.ts
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error
    return { status: 400, error: error.code }
  }
  url.uses += 1
  return undefined
}

/** Shows what an app answered to a command: nothing, a plain text, or a message. */
export function showAnswer(sandbox: Sandbox, answering: Answering, answered: Answered): void {
  if (answered.body.trim() === '') return
  const payload = answered.contentType.includes('json') ? parsed(answered.body) : { text: answered.body }
  try {
    show(sandbox, answering, payload)
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error
    addMessage(sandbox, answering.channel, {
      ...fromBot(sandbox, answering.app),
      text: `The answer could not be shown: ${error.code}`,
      ephemeral_to: answering.userId,
    })
  }
}

function show(
  sandbox: Sandbox,
  { app, channel, userId, typed, messageTs }: Answering,
  payload: Args,
): Message | undefined {
  const original = messageTs ? findMessage(sandbox, channel, messageTs) : undefined
  if (payload.delete_original === true) {
    if (original) deleteMessage(sandbox, channel, original)
    return undefined
  }
  const inChannel = payload.response_type === 'in_channel'
  if (inChannel && typed) addMessage(sandbox, channel, { user: userId, text: typed })
  if (inChannel && typed && !payload.text && !payload.blocks && !payload.attachments) return undefined
  const content = readContent(payload, { sumOfBlocksIsChecked: false })
  if (payload.replace_original === true && original) {
    changeMessage(sandbox, channel, original, { ...said(content), edited: { user: app.botUserId, ts: original.ts } })
    return undefined
  }
  return addMessage(sandbox, channel, {
    ...fromBot(sandbox, app),
    ...said(content),
    ...(typeof payload.thread_ts === 'string' && inChannel ? { thread_ts: payload.thread_ts } : {}),
    ...(inChannel ? {} : { ephemeral_to: userId }),
  })
}

function said(content: Content): Pick<Message, 'text' | 'blocks' | 'attachments'> {
  const { warnings: _, ...rest } = content
  return rest
}

function parsed(body: string): Args {
  try {
    const value: unknown = JSON.parse(body)
    return isJson(value) ? value : { text: body }
  } catch {
    return { text: body }
  }
}
