import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { OutgoingMessage } from '../../../../server/providers/provider.ts'
import { send } from '../../../../server/providers/slack/messages.ts'
import { textOf } from '../../../../server/providers/slack/plain-text.ts'
import { slack } from '../../../../server/providers/slack/slack.ts'
import { TIERS } from '../../../../server/simulator/limits.ts'
import { METHODS } from '../../../../server/simulator/methods/table.ts'
import { HASTY, type Outside, startOutside } from './outside.ts'

let outside: Outside
beforeAll(async () => {
  outside = await startOutside({ times: HASTY })
})
beforeEach(() => outside.sandbox.ask('POST', '/reset'))
afterAll(() => outside[Symbol.asyncDispose]())

const CHANNEL = 'C0COMPLIANC'
const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } })

function doing(act: OutgoingMessage['act'], message: OutgoingMessage['message'] = { text: 'Key leaked' }) {
  const target = { kind: 'channel' as const, conversationId: CHANNEL }
  return send(outside.ctx, outside.connection, { deliveryId: 'dlv_1', target, message, act })
}

async function posted(message?: OutgoingMessage['message'], act: OutgoingMessage['act'] = { kind: 'post' }) {
  const result = await doing(act, message)
  if (result.kind !== 'sent' || !result.messageTs) throw new Error(`It was not posted: ${JSON.stringify(result)}`)
  return result.messageTs
}

const stored = () => outside.sandbox.messages(CHANNEL)

describe('a reply', () => {
  test('stands in the thread of its parent', async () => {
    const parent = await posted()

    await posted({ text: 'Fixed' }, { kind: 'post', threadTs: parent })

    expect((await stored()).at(-1)).toMatchObject({ text: 'Fixed', thread_ts: parent })
  })

  test('is told to the whole channel when asked to', async () => {
    const parent = await posted()

    await posted({ text: 'Fixed' }, { kind: 'post', threadTs: parent, broadcast: true })

    expect((await stored()).at(-1)).toMatchObject({ subtype: 'thread_broadcast', thread_ts: parent })
  })
})

describe('a change', () => {
  test('takes the place of the message, which still names its delivery', async () => {
    const messageTs = await posted({ text: 'Open', blocks: [section('Open')] })

    const result = await doing({ kind: 'update', messageTs }, { text: 'Closed', blocks: [section('Closed')] })

    expect(result).toMatchObject({ kind: 'sent', messageTs, conversationId: CHANNEL })
    expect(await stored()).toMatchObject([
      {
        ts: messageTs,
        text: 'Closed',
        blocks: [section('Closed')],
        metadata: { event_type: 'switchboard_delivery', event_payload: { delivery_id: 'dlv_1' } },
      },
    ])
  })

  test('to a text alone takes the blocks away, which Slack would keep', async () => {
    const messageTs = await posted({ text: 'Open', blocks: [section('Open')] })

    await doing({ kind: 'update', messageTs }, { text: 'Closed' })

    expect(await stored()).toMatchObject([{ text: 'Closed', blocks: [] }])
  })

  test.each([
    ['update', 'lost_answer'],
    ['update', 'http_500_after_commit'],
    ['update', 'never_answers'],
    ['delete', 'lost_answer'],
    ['delete', 'never_answers'],
  ] as const)('%s is tried again after %s, for twice is as good as once', async (kind, fault) => {
    const messageTs = await posted()
    await outside.sandbox.fault({ method: `chat.${kind}`, kind: fault })

    const first = await doing({ kind, messageTs }, { text: 'Closed' })
    const second = await doing({ kind, messageTs }, { text: 'Closed' })

    expect([first.kind, second.kind]).toEqual(['transient', 'sent'])
  })

  test('of a message that is gone is refused', async () => {
    expect(await doing({ kind: 'update', messageTs: '1.000001' })).toMatchObject({
      kind: 'permanent',
      code: 'message_not_found',
      stops: 'message',
    })
  })
})

describe('a message that is taken away', () => {
  test('is gone', async () => {
    const messageTs = await posted()

    expect(await doing({ kind: 'delete', messageTs })).toMatchObject({ kind: 'sent', messageTs })

    expect(await stored()).toEqual([])
  })

  test('and was gone before is gone all the same', async () => {
    expect(await doing({ kind: 'delete', messageTs: '1.000001' })).toMatchObject({ kind: 'sent' })
  })
})

describe('a webhook', () => {
  const through = (act: OutgoingMessage['act'], file?: OutgoingMessage['file']) =>
    send(outside.ctx, outside.connection, {
      deliveryId: 'dlv_1',
      target: { kind: 'webhook', url: outside.webhookUrl },
      message: { text: 'Key leaked' },
      act,
      ...(file && { file }),
    })

  test('posts into a thread', async () => {
    const hook = outside.app.webhooks[0]
    const parent = await outside.sandbox.ask<{ ts: string }>('POST', `/channels/${hook?.channelId}/messages`, {
      userId: 'U0ADAFERRER',
      text: 'What happened?',
    })

    await through({ kind: 'post', threadTs: parent.ts })

    expect((await outside.sandbox.messages(hook?.channelId ?? '')).at(-1)).toMatchObject({ thread_ts: parent.ts })
  })

  test('posts nothing once the claim is lost', async () => {
    const target = { kind: 'webhook' as const, url: outside.webhookUrl }
    const message = { deliveryId: 'dlv_1', target, message: { text: 'Key leaked' }, act: { kind: 'post' as const } }

    const result = await slack.send(outside.ctx, outside.connection, message, { notAfterMs: performance.now() - 1 })

    expect(result).toMatchObject({ kind: 'transient', code: 'claim_lost' })
    expect(await outside.sandbox.calls('webhook')).toEqual([])
  })

  test('changes nothing, deletes nothing and carries no file', async () => {
    const file = { name: 'a.txt', sizeBytes: 1, read: async function* () {}, keepUploadId: async () => {} }
    const results = [
      await through({ kind: 'update', messageTs: '1.000001' }),
      await through({ kind: 'delete', messageTs: '1.000001' }),
      await through({ kind: 'post' }, file),
    ]

    for (const result of results) {
      expect(result).toMatchObject({ kind: 'permanent', code: 'webhook_only_posts', stops: 'message' })
    }
    expect(await outside.sandbox.calls('webhook')).toEqual([])
  })
})

describe('the text beside blocks', () => {
  test('is what the message says', () => {
    expect(textOf({ text: 'Said', blocks: [section('Shown')] })).toBe('Said')
  })

  test('is made of the words of the blocks when there is none', () => {
    const blocks = [
      { type: 'header', text: { type: 'plain_text', text: 'Key leaked' } },
      { type: 'divider' },
      { ...section('In *acme*'), fields: [{ type: 'mrkdwn', text: 'high' }] },
      {
        type: 'context',
        elements: [
          { type: 'image', image_url: 'https://acme.example/kim.png', alt_text: 'Kim' },
          { type: 'mrkdwn', text: '09:00' },
        ],
      },
      { type: 'section', text: 'no text object' },
    ]

    expect(textOf({ text: ' ', blocks })).toBe('Key leaked\nIn *acme*\nhigh\nKim\n09:00\nno text object')
  })

  test('of cards, containers, tables and rich text too', () => {
    const words = (text: string) => ({ type: 'mrkdwn', text })
    const list = (...items: string[]) => ({
      type: 'rich_text_list',
      elements: items.map((text) => ({ type: 'rich_text_section', elements: [{ type: 'text', text }] })),
    })
    const card = { type: 'card', title: words('A card'), subtitle: words('small'), body: words('says this') }
    const blocks = [
      card,
      { type: 'carousel', elements: [{ type: 'card', hero_image: { type: 'image', alt_text: 'A door' } }, card] },
      {
        type: 'container',
        rich_text_title: { type: 'rich_text', elements: [list('A title')] },
        subtitle: words('below it'),
        child_blocks: [
          { type: 'rich_text', elements: [list('one', 'two')] },
          {
            type: 'table',
            rows: [
              [
                { type: 'raw_text', text: 'a' },
                { type: 'raw_number', value: 1, text: '1' },
              ],
            ],
          },
        ],
      },
      { type: 'constructor' },
    ]

    expect(textOf({ text: '', blocks }).split('\n')).toEqual([
      ...['A card', 'small', 'says this', 'A door', 'A card', 'small', 'says this'],
      ...['A title', 'below it', 'one', 'two', 'a | 1'],
    ])
  })

  test('is sent', async () => {
    await posted({ text: '', blocks: [section('Shown')] })

    expect(await stored()).toMatchObject([{ text: 'Shown' }])
  })
})

describe('an hours-long hold', () => {
  test.each(['team_added_to_org', 'org_login_required', 'message_limit_exceeded', 'external_channel_migrating'])(
    'of %s is tried again an hour later',
    async (code) => {
      await outside.sandbox.fault({ method: 'chat.postMessage', kind: 'error', code })

      expect(await doing({ kind: 'post' })).toMatchObject({ kind: 'transient', code, waitMs: 3_600_000 })
    },
  )
})

describe('the pace', () => {
  test.each(Object.entries(slack.rates.methods))('of %s stays within its tier', (method, { burst, perMinute }) => {
    const tier = METHODS[method]?.tier
    if (!tier) throw new Error(`The simulator has no method ${method}.`)

    expect(perMinute / 60).toBeLessThanOrEqual(TIERS[tier].perSecond)
    expect(burst).toBeLessThan(TIERS[tier].burst)
  })
})
