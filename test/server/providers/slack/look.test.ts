import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { look } from '../../../../server/providers/slack/look.ts'
import { send } from '../../../../server/providers/slack/messages.ts'
import { type Outside, startOutside } from './outside.ts'

let outside: Outside
beforeAll(async () => {
  outside = await startOutside()
})
beforeEach(async () => {
  await outside.sandbox.ask('POST', '/reset')
})
afterAll(() => outside[Symbol.asyncDispose]())

const CHANNEL = 'C0COMPLIANC'
const since = () => Date.now() - 1_000

async function lose(deliveryId = 'dlv_1', threadTs?: string) {
  await outside.sandbox.fault({ method: 'chat.postMessage', kind: 'lost_answer' })
  return send(outside.ctx, outside.connection, {
    deliveryId,
    target: { kind: 'channel', conversationId: CHANNEL },
    message: { text: 'Key leaked' },
    act: { kind: 'post', ...(threadTs && { threadTs }) },
  })
}

async function chat(count: number, threadTs?: string) {
  for (let said = 0; said < count; said += 1) {
    const input = { userId: 'U0ADAFERRER', text: `private words ${said}`, ...(threadTs && { threadTs }) }
    await outside.sandbox.ask('POST', `/channels/${CHANNEL}/messages`, input)
  }
}

const lookFor = (more: Partial<Parameters<typeof look>[2]> = {}) =>
  look(outside.ctx, outside.connection, { deliveryId: 'dlv_1', conversationId: CHANNEL, since: since(), ...more })

describe('a message of unknown outcome', () => {
  test('is found where it stands', async () => {
    const lost = await lose()

    const result = await lookFor()

    const [line] = await outside.sandbox.allMessages()
    expect(lost.kind).toBe('ambiguous')
    expect(result).toMatchObject({ kind: 'found', messageTs: line?.ts })
  })

  test('is found in its thread', async () => {
    await chat(1)
    const [parent] = await outside.sandbox.allMessages()
    await lose('dlv_1', parent?.ts)
    await chat(3, parent?.ts)

    const result = await lookFor({ threadTs: parent?.ts ?? '' })

    const line = (await outside.sandbox.allMessages()).find(({ deliveryId }) => deliveryId === 'dlv_1')
    expect(result).toMatchObject({ kind: 'found', messageTs: line?.ts, exchange: { method: 'conversations.replies' } })
  })

  test('is found behind many others where Slack gives 15 a page', async () => {
    await outside.sandbox.settings({ historyPageMost: 15 })
    await lose()
    await chat(100)

    expect(await lookFor()).toMatchObject({ kind: 'found', exchange: { response: { pages: 7, messages: 101 } } })
  })

  test('is not found when it never arrived, or another one did', async () => {
    expect((await lookFor()).kind).toBe('not_found')

    await lose('dlv_2')

    expect((await lookFor()).kind).toBe('not_found')
  })

  test('is not looked for among what was said long before it was sent', async () => {
    await lose()

    expect((await lookFor()).kind).toBe('found')
    const [call] = await outside.sandbox.calls('conversations.history')
    expect(Number(call?.args.oldest) * 1_000).toBeGreaterThan(Date.now() - 5 * 60_000)
  })

  test('is found although our clock was ahead of Slack’s when it was sent, by far', async () => {
    await lose()

    expect((await lookFor({ since: Date.now() + 10 * 60_000 })).kind).toBe('found')
  })

  test('is never called absent when not all that was said since could be read', async () => {
    await outside.sandbox.settings({ historyPageMost: 2 })
    await lose()
    await chat(30)

    expect(await lookFor()).toMatchObject({ kind: 'can_not_look', code: 'history_too_long' })
    expect(await outside.sandbox.calls('conversations.history')).toHaveLength(10)
  })

  test('is a file when it has an upload’s id', async () => {
    const upload = await outside.sandbox.ask<{ ts: string }>('POST', `/channels/${CHANNEL}/messages`, {
      userId: 'U0ADAFERRER',
      text: 'no file',
    })

    expect((await lookFor({ uploadId: 'F0NOSUCH001' })).kind).toBe('not_found')
    expect(upload.ts).toMatch(/^\d+\.\d{6}$/)
  })
})

describe('what is kept of a look', () => {
  test('is how much was read and where the message stands, and none of what people said', async () => {
    await lose()
    await chat(3)

    const result = await lookFor()

    expect(result.exchange).toMatchObject({
      method: 'conversations.history',
      httpStatus: 200,
      request: { channel: CHANNEL, include_all_metadata: true, limit: 100 },
      response: { pages: 1, messages: 4 },
    })
    expect(JSON.stringify(result)).not.toContain('private words')
  })

  test.each(['truncated_json', 'http_500_after_commit', 'lost_answer'])(
    'after %s holds none of what people said either',
    async (kind) => {
      await chat(3)
      await outside.sandbox.fault({ method: 'conversations.history', kind })

      const result = await lookFor()

      expect(result.kind).toBe('transient')
      expect(JSON.stringify(result)).not.toContain('private words')
    },
  )
})

describe('nobody can look', () => {
  test('without the scope', async () => {
    await outside.sandbox.changeToken(outside.app.appId, 'bot', { scopes: ['chat:write'] })

    expect(await lookFor()).toMatchObject({
      kind: 'can_not_look',
      code: 'missing_scope',
      exchange: { response: { refused: { needed: 'channels:history' } } },
    })
  })

  test.each([
    ['C0RISKWATCH', 'not_in_channel'],
    ['C0NOSUCHCH1', 'channel_not_found'],
  ])('into %s: %s', async (conversationId, code) => {
    expect(await lookFor({ conversationId })).toMatchObject({ kind: 'can_not_look', code })
  })

  test.each(['access_denied', 'team_access_not_granted', 'token_revoked'])('when Slack says %s', async (code) => {
    await outside.sandbox.fault({ method: 'conversations.history', kind: 'error', code })

    expect(await lookFor()).toMatchObject({ kind: 'can_not_look', code })
  })
})

test('a look that Slack asks to wait with says how long', async () => {
  await outside.sandbox.fault({ method: 'conversations.history', kind: 'rate_limited', retryAfterSeconds: 30 })

  expect(await lookFor()).toMatchObject({ kind: 'rate_limited', waitMs: 30_000 })
})

test('a reply to a message that is gone stands nowhere', async () => {
  expect((await lookFor({ threadTs: '1.000001' })).kind).toBe('not_found')
})
