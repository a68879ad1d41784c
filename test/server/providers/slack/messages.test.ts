import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { OutgoingMessage, SendResult } from '../../../../server/providers/provider.ts'
import { send } from '../../../../server/providers/slack/messages.ts'
import { HASTY, type Outside, startOutside } from './outside.ts'

let outside: Outside
let hasty: Outside
beforeAll(async () => {
  outside = await startOutside()
  hasty = await startOutside({ times: HASTY })
})
beforeEach(() => outside.sandbox.clearFaults())
afterAll(async () => {
  await outside[Symbol.asyncDispose]()
  await hasty[Symbol.asyncDispose]()
})

const POST = { kind: 'post' } as const
const MESSAGE = { text: 'Key leaked', blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'Key *leaked*' } }] }

async function toChannel(name = 'compliance', from = outside): Promise<OutgoingMessage> {
  const conversationId = await from.sandbox.channel(name)
  return { deliveryId: 'dlv_1', target: { kind: 'channel', conversationId }, message: MESSAGE, act: POST }
}

function toWebhook(url = outside.webhookUrl): OutgoingMessage {
  return { deliveryId: 'dlv_1', target: { kind: 'webhook', url }, message: MESSAGE, act: POST }
}

describe('a channel that the bot is no member of', () => {
  async function mayNotPostFromOutside(without: string[] = []) {
    const fresh = await startOutside({ times: HASTY })
    const scopes = fresh.app.scopes.filter((scope) => scope !== 'chat:write.public' && !without.includes(scope))
    await fresh.sandbox.changeToken(fresh.app.appId, 'bot', { scopes })
    return fresh
  }
  const methods = async (from: Outside) => (await from.sandbox.calls()).map(({ method }) => method)

  test('is entered, where the app may, and the message said once', async () => {
    await using fresh = await mayNotPostFromOutside()
    const message = await toChannel('audit-room', fresh)

    const result = await send(fresh.ctx, fresh.connection, message)

    expect(result).toMatchObject({ kind: 'sent', exchange: { method: 'chat.postMessage', httpStatus: 200 } })
    expect(await methods(fresh)).toEqual(['chat.postMessage', 'conversations.join', 'chat.postMessage'])
    expect(await fresh.sandbox.messages(await fresh.sandbox.channel('audit-room'))).toHaveLength(1)
  })

  test('is left alone by an app that may not enter, and the first answer counts: the token is a good one', async () => {
    await using fresh = await mayNotPostFromOutside(['channels:join'])

    const result = await send(fresh.ctx, fresh.connection, await toChannel('audit-room', fresh))

    expect(result).toMatchObject({ kind: 'permanent', code: 'not_in_channel', stops: 'destination' })
    expect(result.exchange).toMatchObject({ method: 'chat.postMessage' })
  })

  test('is tried again later when Slack could not let it in just now', async () => {
    await using fresh = await mayNotPostFromOutside()
    await fresh.sandbox.fault({ method: 'conversations.join', kind: 'error', code: 'internal_error' })

    const result = await send(fresh.ctx, fresh.connection, await toChannel('audit-room', fresh))

    expect(result).toMatchObject({ kind: 'transient', exchange: { method: 'conversations.join' } })
    expect(await fresh.sandbox.messages(await fresh.sandbox.channel('audit-room'))).toEqual([])
  })

  test('gets a file too, for which it has to be entered whatever the app may post', async () => {
    await using fresh = await startOutside({ times: HASTY })
    const bytes = Buffer.from('day,count')
    const read = async function* () {
      yield bytes
    }
    const file = { name: 'week.csv', sizeBytes: bytes.length, read, keepUploadId: async () => {} }

    const result = await send(fresh.ctx, fresh.connection, { ...(await toChannel('audit-room', fresh)), file })

    expect(result).toMatchObject({ kind: 'sent', exchange: { method: 'files.completeUploadExternal' } })
    const shown = await fresh.sandbox.messages(await fresh.sandbox.channel('audit-room'))
    expect(shown).toMatchObject([{ files: [{ title: 'week.csv' }] }])
  })
})

describe('a message to a channel', () => {
  test('arrives with its blocks and the delivery it belongs to', async () => {
    const message = await toChannel('audit-room')

    const result = await send(outside.ctx, outside.connection, message)

    expect(result).toMatchObject({ kind: 'sent', conversationId: await outside.sandbox.channel('audit-room') })
    const [posted] = await outside.sandbox.messages(await outside.sandbox.channel('audit-room'))
    expect(posted).toMatchObject({
      ts: result.kind === 'sent' ? result.messageTs : '',
      text: 'Key leaked',
      blocks: [{ type: 'section' }],
      metadata: { event_type: 'switchboard_delivery', event_payload: { delivery_id: 'dlv_1' } },
    })
  })

  test('is kept with its request, answer, status, time and request id', async () => {
    const result = await send(outside.ctx, outside.connection, await toChannel())

    expect(result.exchange).toMatchObject({
      method: 'chat.postMessage',
      httpStatus: 200,
      requestId: expect.stringMatching(/^[0-9a-f]{32}$/),
      request: { text: 'Key leaked', unfurl_links: false, unfurl_media: false },
      response: { ok: true, channel: expect.stringMatching(/^C/), ts: expect.any(String) },
    })
    expect(result.exchange.tookMs).toBeGreaterThan(0)
  })

  test('takes one request', async () => {
    const before = (await outside.sandbox.calls()).length

    await send(outside.ctx, outside.connection, await toChannel())

    expect((await outside.sandbox.calls()).slice(before)).toHaveLength(1)
  })

  test('goes out as JSON in UTF-8, of which Slack warns of nothing', async () => {
    const channel = await toChannel()
    const text = 'Schlüssel & <Token> 🔑 \u2028 100 % + "mehr"'

    const result = await send(outside.ctx, outside.connection, { ...channel, message: { ...MESSAGE, text } })

    expect(result.exchange.response).not.toHaveProperty('warning')
    const call = (await outside.sandbox.calls()).at(-1)
    expect(call).toMatchObject({ args: { text, blocks: MESSAGE.blocks, unfurl_links: false } })
  })

  test('is not even tried without a bot token', async () => {
    const result = await send(outside.ctx, { secrets: {} }, await toChannel())

    expect(result).toMatchObject({ kind: 'permanent', code: 'not_authed', stops: 'credential' })
  })

  test('with a long answer keeps no more than 8 kB of it', async () => {
    const channel = await toChannel()

    const result = await send(outside.ctx, outside.connection, { ...channel, message: { text: 'x'.repeat(20_000) } })

    expect(result.kind).toBe('sent')
    expect(JSON.stringify(result.exchange.response).length).toBeLessThan(8_200)
  })
})

describe('a message to a person', () => {
  test('opens the conversation first, and says which it is', async () => {
    const target = { kind: 'person' as const, person: 'U0NOORHADDA' }

    const result = await send(outside.ctx, outside.connection, {
      deliveryId: 'dlv_2',
      target,
      message: MESSAGE,
      act: POST,
    })

    expect(result).toMatchObject({ kind: 'sent', conversationId: expect.stringMatching(/^D/) })
  })

  test('goes straight to a conversation that is known', async () => {
    const opened = await outside.sandbox.calls('conversations.open')
    const channel = await outside.sandbox.channel('compliance')
    const target = { kind: 'person' as const, person: 'U0NOORHADDA', conversationId: channel }

    await send(outside.ctx, outside.connection, { deliveryId: 'dlv_3', target, message: MESSAGE, act: POST })

    expect(await outside.sandbox.calls('conversations.open')).toHaveLength(opened.length)
  })

  test('to a deactivated account is refused for good', async () => {
    const target = { kind: 'person' as const, person: 'U0LENAOLSEN' }

    const result = await send(outside.ctx, outside.connection, {
      deliveryId: 'dlv_4',
      target,
      message: MESSAGE,
      act: POST,
    })

    expect(result).toMatchObject({ kind: 'permanent', code: 'user_disabled', stops: 'destination' })
    expect(result.exchange.method).toBe('conversations.open')
  })

  test('is in no doubt when only the opening got no answer, since nothing was posted yet', async () => {
    await outside.sandbox.fault({ method: 'conversations.open', kind: 'lost_answer' })
    const target = { kind: 'person' as const, person: 'U0NOORHADDA' }

    const result = await send(outside.ctx, outside.connection, {
      deliveryId: 'dlv_5',
      target,
      message: MESSAGE,
      act: POST,
    })

    expect(result.kind).toBe('transient')
  })
})

type Case = { fault: Record<string, unknown>; gives: Partial<SendResult> & Record<string, unknown>; arrives?: boolean }

const faults: Case[] = [
  { fault: { kind: 'rate_limited', retryAfterSeconds: 30 }, gives: { kind: 'rate_limited', waitMs: 30_000 } },
  { fault: { kind: 'rate_limited_without_header' }, gives: { kind: 'rate_limited', waitMs: 1000 } },
  { fault: { kind: 'http_500' }, gives: { kind: 'ambiguous', code: 'http_500' } },
  { fault: { kind: 'http_500_after_commit' }, gives: { kind: 'ambiguous', code: 'http_500' }, arrives: true },
  { fault: { kind: 'http_503_html' }, gives: { kind: 'transient', code: 'http_503' } },
  { fault: { kind: 'http_503_html', status: 502 }, gives: { kind: 'transient', code: 'http_502' } },
  { fault: { kind: 'http_503_html', status: 504 }, gives: { kind: 'transient', code: 'http_504' } },
  { fault: { kind: 'http_503_html', status: 200 }, gives: { kind: 'ambiguous', code: 'not_json' } },
  { fault: { kind: 'truncated_json' }, gives: { kind: 'ambiguous', code: 'not_json' }, arrives: true },
  { fault: { kind: 'redirect' }, gives: { kind: 'transient', code: 'redirected' } },
  { fault: { kind: 'reset' }, gives: { kind: 'ambiguous' } },
  { fault: { kind: 'lost_answer' }, gives: { kind: 'ambiguous' }, arrives: true },
  { fault: { kind: 'error', code: 'token_revoked' }, gives: { kind: 'permanent', stops: 'credential' } },
  { fault: { kind: 'error', code: 'account_inactive' }, gives: { kind: 'permanent', stops: 'credential' } },
  { fault: { kind: 'error', code: 'is_archived' }, gives: { kind: 'permanent', stops: 'destination' } },
  { fault: { kind: 'error', code: 'invalid_blocks' }, gives: { kind: 'permanent', stops: 'message' } },
  { fault: { kind: 'error', code: 'team_access_not_granted' }, gives: { kind: 'permanent', stops: 'integration' } },
  { fault: { kind: 'error', code: 'internal_error' }, gives: { kind: 'ambiguous', code: 'internal_error' } },
  { fault: { kind: 'error', code: 'service_unavailable' }, gives: { kind: 'transient', code: 'service_unavailable' } },
  { fault: { kind: 'error', code: 'ratelimited' }, gives: { kind: 'rate_limited', waitMs: 1000 } },
  { fault: { kind: 'error', code: 'never_heard_of' }, gives: { kind: 'permanent', code: 'never_heard_of' } },
]

describe('when Slack fails', () => {
  test.each(faults)(
    '$fault.kind $fault.code $fault.status is $gives.kind $gives.code',
    async ({ fault, ...wanted }) => {
      const message = await toChannel('compliance-reports')
      const channel = await outside.sandbox.channel('compliance-reports')
      const before = (await outside.sandbox.messages(channel)).length
      await outside.sandbox.fault({ method: 'chat.postMessage', ...fault })

      const result = await send(outside.ctx, outside.connection, message)

      expect(result).toMatchObject(wanted.gives)
      expect((await outside.sandbox.messages(channel)).length - before).toBe(wanted.arrives ? 1 : 0)
    },
  )

  test('an answer that never comes leaves it open whether the message arrived', async () => {
    await hasty.sandbox.fault({ method: 'chat.postMessage', kind: 'never_answers' })

    const result = await send(hasty.ctx, hasty.connection, await toChannel('compliance', hasty))

    expect(result).toMatchObject({ kind: 'ambiguous', code: 'timeout' })
  })

  test('a missing scope is named together with the ones there are', async () => {
    await using other = await startOutside()
    await other.sandbox.changeToken(other.app.appId, 'bot', { scopes: ['commands'] })

    const result = await send(other.ctx, other.connection, await toChannel('compliance', other))

    expect(result).toMatchObject({
      kind: 'permanent',
      code: 'missing_scope',
      detail: 'needed: chat:write; provided: commands',
    })
  })

  test('a block it does not take is named', async () => {
    const channel = await toChannel()
    const message = { text: 'x', blocks: [{ type: 'section' }] }

    const result = await send(outside.ctx, outside.connection, { ...channel, message })

    expect(result).toMatchObject({
      kind: 'permanent',
      code: 'invalid_blocks',
      detail: expect.stringContaining('/blocks/0'),
    })
  })

  test('a private channel without the bot is not found', async () => {
    const result = await send(outside.ctx, outside.connection, await toChannel('board'))

    expect(result).toMatchObject({ kind: 'permanent', code: 'channel_not_found', stops: 'destination' })
  })
})

describe('a message to a webhook', () => {
  test('arrives, and is kept without the secret part of the address', async () => {
    const result = await send(outside.ctx, outside.connection, toWebhook())

    expect(result).toMatchObject({ kind: 'sent', exchange: { method: 'webhook', httpStatus: 200, response: 'ok' } })
    expect(result.exchange.request).toMatchObject({
      url: `http://${outside.sandbox.host}/services/T0ACMEDEMO1/B0HOOKALERT/[removed]`,
      body: { text: 'Key leaked' },
    })
  })

  test.each([
    'https://example.com/services/T0/B0/secret',
    'https://hooks.slack.com.evil.test/services/T0/B0/secret',
    'https://hooks.slack.com@evil.test/services/T0/B0/secret',
    'http://127.0.0.1:1/services/T0/B0/secret',
    'not a url',
  ])('is not sent to %s', async (url) => {
    const result = await send(outside.ctx, outside.connection, toWebhook(url))

    expect(result).toMatchObject({ kind: 'permanent', code: 'webhook_not_allowed', stops: 'destination' })
    expect(JSON.stringify(result)).not.toContain('secret"')
  })

  test.each([
    ['invalid_payload', 'message'],
    ['user_not_found', 'destination'],
    ['invalid_blocks', 'message'],
    ['no_text', 'message'],
    ['too_many_attachments', 'message'],
    ['action_prohibited', 'destination'],
    ['invalid_token', 'destination'],
    ['posting_to_general_channel_denied', 'destination'],
    ['channel_not_found', 'destination'],
    ['no_service', 'destination'],
    ['no_service_id', 'destination'],
    ['no_active_hooks', 'destination'],
    ['no_team', 'destination'],
    ['team_disabled', 'integration'],
    ['channel_is_archived', 'destination'],
  ])('is refused with %s, which stops the %s', async (code, stops) => {
    await outside.sandbox.fault({ method: 'webhook', kind: 'error', code })

    const result = await send(outside.ctx, outside.connection, toWebhook())

    expect(result).toMatchObject({ kind: 'permanent', code, stops })
  })

  test.each<[Record<string, unknown>, Record<string, unknown>]>([
    [
      { kind: 'rate_limited', retryAfterSeconds: 7 },
      { kind: 'rate_limited', code: 'rate_limited', waitMs: 7000 },
    ],
    [{ kind: 'rate_limited_without_header' }, { kind: 'rate_limited', waitMs: 1000 }],
    [
      { kind: 'error', code: 'rollup_error' },
      { kind: 'transient', code: 'rollup_error' },
    ],
    [{ kind: 'http_500' }, { kind: 'ambiguous', code: 'http_500' }],
    [{ kind: 'http_503_html' }, { kind: 'transient', code: 'http_503' }],
    [
      { kind: 'http_503_html', status: 200 },
      { kind: 'ambiguous', code: 'not_json' },
    ],
    [{ kind: 'redirect' }, { kind: 'transient', code: 'redirected' }],
    [{ kind: 'lost_answer' }, { kind: 'ambiguous' }],
    [
      { kind: 'webhook_error', status: 404, body: 'No service' },
      { kind: 'permanent', code: 'no_service' },
    ],
    [
      { kind: 'webhook_error', status: 404, body: 'gone fishing' },
      { kind: 'permanent', code: 'http_404' },
    ],
    [
      { kind: 'webhook_error', status: 403, body: 'invalid_auth' },
      { code: 'http_403', stops: 'destination' },
    ],
  ])('%o gives %o', async (fault, gives) => {
    await outside.sandbox.fault({ method: 'webhook', ...fault })

    expect(await send(outside.ctx, outside.connection, toWebhook())).toMatchObject(gives)
  })
})
