import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { codeOf, startSandbox, type TestSandbox } from './support.ts'

let sandbox: TestSandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.stop())
beforeEach(() => sandbox.ask('POST', '/reset'))

const CHANNEL = 'C0COMPLIANC'
const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } })
const button = (actionId: string) => ({
  type: 'button',
  action_id: actionId,
  text: { type: 'plain_text', text: 'Acknowledge' },
})

describe('posting', () => {
  test('a message comes back with a rising ts, its author and ids on its blocks', async () => {
    const client = sandbox.client()
    const blocks = [section('hello'), { type: 'actions', elements: [button('ack')] }]

    const first = await client.chat.postMessage({ channel: CHANNEL, text: 'hello', blocks })
    const second = await client.chat.postMessage({ channel: CHANNEL, text: 'hello' })

    expect(first.ts).toMatch(/^\d{10}\.\d{6}$/)
    expect(Number(second.ts)).toBeGreaterThan(Number(first.ts))
    expect(first.message).toMatchObject({ bot_id: 'B0SWITCHBOT', app_id: 'A0SWITCHBRD', user: 'U0SWITCHBOT' })
    expect(first.message?.blocks?.every((block) => block.block_id)).toBe(true)
  })

  test('a reply joins its thread and leaves the channel alone', async () => {
    const client = sandbox.client()
    const { ts = '' } = await client.chat.postMessage({ channel: CHANNEL, text: 'parent' })

    const reply = await client.chat.postMessage({ channel: CHANNEL, text: 'reply', thread_ts: ts })

    const thread = await client.conversations.replies({ channel: CHANNEL, ts })
    const history = await client.conversations.history({ channel: CHANNEL })
    expect(thread.messages?.map(({ text }) => text)).toEqual(['parent', 'reply'])
    expect(history.messages).toMatchObject([{ text: 'parent', reply_count: 1, latest_reply: reply.ts }])
  })

  test('a reply needs a parent that is there and is not itself a reply', async () => {
    const client = sandbox.client()
    const { ts = '' } = await client.chat.postMessage({ channel: CHANNEL, text: 'parent' })
    const reply = await client.chat.postMessage({ channel: CHANNEL, text: 'reply', thread_ts: ts })
    const replyTo = (thread_ts = '') => codeOf(client.chat.postMessage({ channel: CHANNEL, text: 'no', thread_ts }))

    const codes = [await replyTo('1700000000.000001'), await replyTo(reply.ts)]

    expect(codes).toEqual(['thread_not_found', 'cannot_reply_to_message'])
  })

  test('text beyond 40,000 characters is cut with a warning', async () => {
    const answer = await sandbox.client().chat.postMessage({ channel: CHANNEL, text: 'x'.repeat(40_001) })

    expect(answer).toMatchObject({ ok: true, warning: 'message_truncated' })
    expect(answer.message?.text).toHaveLength(40_000)
  })

  test('a customised name needs its scope', async () => {
    const post = sandbox.client().chat.postMessage({ channel: CHANNEL, text: 'hello', username: 'Payroll' })

    expect(await codeOf(post)).toBe('missing_scope')
  })

  test.each([
    ['nothing to show', {}, 'no_text'],
    ['blocks that are no list', { blocks: '{"type":"divider"}' }, 'invalid_blocks_format'],
    ['blocks that are no JSON', { blocks: '[{' }, 'invalid_blocks_format'],
    ['51 blocks', { blocks: JSON.stringify(Array(51).fill({ type: 'divider' })) }, 'invalid_blocks'],
    ['an unknown block', { blocks: '[{"type":"hologram"}]' }, 'invalid_blocks'],
    ['a section of 3,001 characters', { blocks: JSON.stringify([section('x'.repeat(3_001))]) }, 'invalid_blocks'],
    [
      '13,201 characters together',
      { blocks: JSON.stringify(Array(5).fill(section('x'.repeat(2_641)))) },
      'msg_blocks_too_long',
    ],
    ['101 attachments', { attachments: JSON.stringify(Array(101).fill({ text: 'a' })) }, 'too_many_attachments'],
    ['markdown beside text', { text: 'a', markdown_text: 'b' }, 'markdown_text_conflict'],
    ['metadata without a payload', { text: 'a', metadata: '{"event_type":"x"}' }, 'invalid_metadata_format'],
    [
      'metadata of 20,000 characters',
      { text: 'a', metadata: JSON.stringify({ event_type: 'x', event_payload: { a: 'x'.repeat(20_000) } }) },
      'metadata_too_large',
    ],
  ])('%s is refused', async (_what, args, code) => {
    const answer = await (await sandbox.raw('chat.postMessage', { channel: CHANNEL, ...args })).json()

    expect(answer).toMatchObject({ ok: false, error: code })
  })

  test.each([
    [[section('')], 'must be more than 0 characters [json-pointer:/blocks/0/text/text]'],
    [
      [{ type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } }],
      'must be less than 151 characters [json-pointer:/blocks/0/text/text]',
    ],
    [
      [{ type: 'actions', elements: [button('a'), button('a')] }],
      '`action_id` already exists [json-pointer:/blocks/0/elements/1/action_id]',
    ],
    [
      [
        { type: 'divider', block_id: 'x' },
        { type: 'divider', block_id: 'x' },
      ],
      '`block_id` already exists [json-pointer:/blocks/1/block_id]',
    ],
    [
      [{ type: 'actions', elements: Array.from({ length: 26 }, (_, index) => button(`a${index}`)) }],
      'no more than 25 items allowed [json-pointer:/blocks/0/elements]',
    ],
    [[{ type: 'section' }], 'missing required field: text [json-pointer:/blocks/0]'],
    [
      [{ type: 'image', image_url: 'https://acme.example/a.png' }],
      'missing required field: alt_text [json-pointer:/blocks/0]',
    ],
  ])('a broken block %# is named by a pointer', async (blocks, problem) => {
    const response = await sandbox.raw('chat.postMessage', { channel: CHANNEL, blocks: JSON.stringify(blocks) })

    expect(await response.json()).toMatchObject({
      error: 'invalid_blocks',
      errors: [problem],
      response_metadata: { messages: [`[ERROR] ${problem}`] },
    })
  })
})

describe('changing', () => {
  test('a message is changed in place, and gone when deleted', async () => {
    const client = sandbox.client()
    const { ts = '' } = await client.chat.postMessage({ channel: CHANNEL, text: 'old' })

    await client.chat.update({ channel: CHANNEL, ts, text: 'new' })
    const changed = await client.conversations.history({ channel: CHANNEL })
    await client.chat.delete({ channel: CHANNEL, ts })
    const gone = await codeOf(client.chat.update({ channel: CHANNEL, ts, text: 'newer' }))

    expect(changed.messages).toMatchObject([{ text: 'new', edited: { user: 'U0SWITCHBOT' } }])
    expect(gone).toBe('message_not_found')
  })

  test('only one’s own message, and 4,000 characters at most', async () => {
    const client = sandbox.client()
    const { ts } = await sandbox.ask<{ ts: string }>('POST', `/channels/${CHANNEL}/messages`, {
      userId: 'U0ADAFERRER',
      text: 'from a person',
    })
    const own = await client.chat.postMessage({ channel: CHANNEL, text: 'own' })

    const foreign = await codeOf(client.chat.update({ channel: CHANNEL, ts, text: 'mine' }))
    const long = await codeOf(client.chat.update({ channel: CHANNEL, ts: own.ts ?? '', text: 'x'.repeat(4_001) }))

    expect([foreign, long]).toEqual(['cant_update_message', 'msg_too_long'])
  })

  test('an ephemeral message reaches one person of the channel and no history', async () => {
    const client = sandbox.client()

    const sent = await client.chat.postEphemeral({ channel: CHANNEL, user: 'U0ADAFERRER', text: 'for you' })
    const stranger = await codeOf(client.chat.postEphemeral({ channel: CHANNEL, user: 'U0NOBODY000', text: 'no' }))

    const shown = await sandbox.messages(CHANNEL)
    const history = await client.conversations.history({ channel: CHANNEL })
    expect(shown).toMatchObject([{ ts: sent.message_ts, ephemeral_to: 'U0ADAFERRER' }])
    expect(history.messages).toEqual([])
    expect(stranger).toBe('user_not_in_channel')
  })

  test('a permalink names the message, and the thread for a reply', async () => {
    const client = sandbox.client()
    const { ts = '' } = await client.chat.postMessage({ channel: CHANNEL, text: 'parent' })
    const reply = await client.chat.postMessage({ channel: CHANNEL, text: 'reply', thread_ts: ts })

    const links = [ts, reply.ts ?? ''].map((message_ts) => client.chat.getPermalink({ channel: CHANNEL, message_ts }))

    const [parentLink, replyLink] = await Promise.all(links)
    expect(parentLink?.permalink).toBe(`https://acme.slack.com/archives/${CHANNEL}/p${ts.replace('.', '')}`)
    expect(replyLink?.permalink).toContain(`?thread_ts=${ts}&cid=${CHANNEL}`)
  })

  test('a second reaction of the same kind says it stands already', async () => {
    const client = sandbox.client()
    const { ts: timestamp = '' } = await client.chat.postMessage({ channel: CHANNEL, text: 'hello' })
    const react = () => codeOf(client.reactions.add({ channel: CHANNEL, timestamp, name: 'eyes' }))

    const codes = [await react(), await react()]

    expect(codes).toEqual(['ok', 'already_reacted'])
  })
})
