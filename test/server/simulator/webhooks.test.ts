import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startSandbox, type TestSandbox } from './support.ts'

let sandbox: TestSandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.stop())
beforeEach(() => sandbox.ask('POST', '/reset'))

const CHANNEL = 'C0COMPALERT'
const answerOf = async (response: Response) => [response.status, await response.text()]

test('a webhook posts to its channel and says ok, with nothing else', async () => {
  const response = await sandbox.post(sandbox.hook.url, { text: 'hello', channel: '#risk-watch' })

  expect(await answerOf(response)).toEqual([200, 'ok'])
  expect(response.headers.get('content-type')).toContain('text/plain')
  expect(await sandbox.messages(CHANNEL)).toMatchObject([{ text: 'hello', subtype: 'bot_message' }])
})

test('the older form field works too', async () => {
  const body = new URLSearchParams({ payload: JSON.stringify({ text: 'from a form' }) })

  const response = await fetch(sandbox.hook.url, { method: 'POST', body })

  expect(await answerOf(response)).toEqual([200, 'ok'])
})

describe('a webhook refuses by its state', () => {
  test.each<[string, number, string, (sandbox: TestSandbox) => Promise<unknown>]>([
    ['removed', 404, 'no_service', (it) => it.ask('DELETE', `/webhooks/${it.hook.id}`)],
    [
      'switched off for the app',
      404,
      'no_active_hooks',
      (it) => it.changeApp('A0SWITCHBRD', { webhooksEnabled: false }),
    ],
    ['channel archived', 410, 'channel_is_archived', (it) => it.changeChannel(CHANNEL, { archived: true })],
    ['channel gone', 404, 'channel_not_found', (it) => it.ask('DELETE', `/channels/${CHANNEL}`)],
    ['channel restricted', 403, 'action_prohibited', (it) => it.changeChannel(CHANNEL, { readOnly: true })],
    ['workspace closed', 403, 'team_disabled', (it) => it.ask('PATCH', '/team', { disabled: true })],
  ])('%s: %i %s', async (_state, status, body, change) => {
    await change(sandbox)

    const response = await sandbox.post(sandbox.hook.url, { text: 'hello' })

    expect(await answerOf(response)).toEqual([status, body])
  })

  test('into a restricted #general it may not post', async () => {
    const hook = await sandbox.ask<{ url: string }>('POST', '/webhooks', { channel: '#general' })

    const response = await sandbox.post(hook.url, { text: 'hello' })

    expect(await answerOf(response)).toEqual([403, 'posting_to_general_channel_denied'])
  })
})

describe('a webhook refuses by its address', () => {
  test.each([
    [0, 404, 'no_team'],
    [1, 404, 'no_service_id'],
    [2, 403, 'invalid_token'],
  ])('part %i wrong: %i %s', async (part, status, body) => {
    const { origin, pathname } = new URL(sandbox.hook.url)
    const parts = pathname.split('/').slice(2)
    parts[part] = `${parts[part]?.slice(0, -1)}X`

    const response = await sandbox.post(`${origin}/services/${parts.join('/')}`, { text: 'hello' })

    expect(await answerOf(response)).toEqual([status, body])
  })
})

describe('a webhook refuses by the message', () => {
  test.each([
    ['not JSON', '{"text":', 'invalid_payload'],
    ['JSON that is no object', '"hello"', 'invalid_payload'],
    ['an empty object', {}, 'no_text'],
    ['blocks that are no list', { blocks: { type: 'divider' } }, 'invalid_blocks_format'],
    ['a broken block', { blocks: [{ type: 'header' }] }, 'invalid_blocks'],
    ['101 attachments', { attachments: Array(101).fill({ text: 'a' }) }, 'too_many_attachments'],
    [
      'an attachment that says nothing',
      { attachments: [{ color: 'good' }] },
      'missing_text_or_fallback_or_attachments',
    ],
    ['an unknown person', { text: 'hello', channel: '@nobody' }, 'user_not_found'],
  ])('%s', async (_what, payload, body) => {
    const response = await sandbox.post(sandbox.hook.url, payload)

    expect(await answerOf(response)).toEqual([400, body])
    expect(await sandbox.messages(CHANNEL)).toEqual([])
  })
})

test.each([
  [500, 'rollup_error'],
  [403, 'action_prohibited'],
  [404, 'No service'],
])('any other answer can be dialled: %i %s', async (status, body) => {
  await sandbox.fault({ method: 'webhook', kind: 'webhook_error', status, body })

  const struck = await sandbox.post(sandbox.hook.url, { text: 'hello' })
  const after = await sandbox.post(sandbox.hook.url, { text: 'hello' })

  expect(await answerOf(struck)).toEqual([status, body])
  expect(await answerOf(after)).toEqual([200, 'ok'])
})

test('a dead webhook says so to a probe that would post nothing', async () => {
  await sandbox.ask('DELETE', `/webhooks/${sandbox.hook.id}`)

  const response = await sandbox.post(sandbox.hook.url, {})

  expect(await answerOf(response)).toEqual([404, 'no_service'])
})
