import { ErrorCode } from '@slack/web-api'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { codeOf, startSandbox, type TestSandbox } from './support.ts'

let sandbox: TestSandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.stop())
beforeEach(() => sandbox.ask('POST', '/reset'))

const CHANNEL = 'C0COMPLIANC'
const post = (text = 'hello') => sandbox.client().chat.postMessage({ channel: CHANNEL, text })
const stored = async () => (await sandbox.messages(CHANNEL)).map(({ text }) => text)
const dial = (fault: Record<string, unknown>) => sandbox.fault({ method: 'chat.postMessage', ...fault })

describe('faults before anything happened', () => {
  test.each([
    [{ kind: 'rate_limited', retryAfterSeconds: 7 }, ErrorCode.RateLimitedError],
    [{ kind: 'http_500' }, ErrorCode.HTTPError],
    [{ kind: 'http_503_html' }, ErrorCode.HTTPError],
    [{ kind: 'redirect' }, ErrorCode.RequestError],
    [{ kind: 'reset' }, ErrorCode.RequestError],
    [{ kind: 'error', code: 'fatal_error' }, 'fatal_error'],
  ])('%j reaches the client as %s, once, and nothing is posted', async (fault, code) => {
    await dial(fault)

    const struck = await codeOf(post())
    const left = await stored()
    const after = await codeOf(post())

    expect([struck, left, after]).toEqual([code, [], 'ok'])
  })

  test('a 429 names its wait, or not', async () => {
    await dial({ kind: 'rate_limited', retryAfterSeconds: 7 })
    await dial({ kind: 'rate_limited_without_header' })

    const named = await sandbox.raw('chat.postMessage', { channel: CHANNEL, text: 'hello' })
    const silent = await sandbox.raw('chat.postMessage', { channel: CHANNEL, text: 'hello' })

    expect([named.status, named.headers.get('retry-after')]).toEqual([429, '7'])
    expect([silent.status, silent.headers.get('retry-after')]).toEqual([429, null])
    expect(await silent.json()).toEqual({ ok: false, error: 'ratelimited' })
  })

  test('an overloaded Slack answers with a page', async () => {
    await dial({ kind: 'http_503_html' })

    const response = await sandbox.raw('chat.postMessage', { channel: CHANNEL, text: 'hello' })

    expect(response.status).toBe(503)
    expect(response.headers.get('content-type')).toContain('text/html')
    expect(await response.text()).toContain('<html>')
  })

  test('a call that is never answered lasts until the caller gives up', async () => {
    await dial({ kind: 'never_answers' })
    const signal = AbortSignal.timeout(50)

    const asked = fetch(`${sandbox.apiUrl}chat.postMessage`, { method: 'POST', signal })

    await expect(asked).rejects.toThrow(/aborted/)
    expect(await stored()).toEqual([])
  })

  test('a slow call is answered in the end', async () => {
    await dial({ kind: 'slow', delayMs: 60 })
    const startedAt = performance.now()

    const code = await codeOf(post())

    expect(code).toBe('ok')
    expect(performance.now() - startedAt).toBeGreaterThan(55)
  })
})

describe('faults after the message was posted', () => {
  test.each([
    ['lost_answer', ErrorCode.RequestError],
    ['http_500_after_commit', ErrorCode.HTTPError],
  ])('%s: the client sees %s and the message stands', async (kind, code) => {
    await dial({ kind })

    const struck = await codeOf(post('is it there?'))

    expect(struck).toBe(code)
    expect(await stored()).toEqual(['is it there?'])
    expect(await sandbox.calls('chat.postMessage')).toMatchObject([{ fault: kind, ok: true }])
  })

  test('an answer cut short is no JSON, and the message stands', async () => {
    await dial({ kind: 'truncated_json' })

    const response = await sandbox.raw('chat.postMessage', { channel: CHANNEL, text: 'hello' })

    expect(response.status).toBe(200)
    await expect(response.json()).rejects.toThrow()
    expect(await stored()).toEqual(['hello'])
  })
})

describe('the dial', () => {
  test('a fault strikes only its method and its channel', async () => {
    await sandbox.fault({ method: 'chat.postMessage', channel: '#risk-watch', kind: 'error', code: 'fatal_error' })
    const client = sandbox.client()

    const codes = [
      await codeOf(client.auth.test()),
      await codeOf(client.chat.postMessage({ channel: CHANNEL, text: 'a' })),
      await codeOf(client.chat.postMessage({ channel: 'C0RISKWATCH', text: 'a' })),
    ]

    expect(codes).toEqual(['ok', 'ok', 'fatal_error'])
  })

  test('a fault strikes as often as it says, or until it is taken off', async () => {
    await dial({ kind: 'error', code: 'internal_error', times: 2 })
    const twice = [await codeOf(post()), await codeOf(post()), await codeOf(post())]
    const { id } = await dial({ kind: 'error', code: 'internal_error', times: null })
    const lasting = [await codeOf(post()), await codeOf(post())]
    await sandbox.ask('DELETE', `/faults/${id}`)
    const after = await codeOf(post())

    expect(twice).toEqual(['internal_error', 'internal_error', 'ok'])
    expect(lasting).toEqual(['internal_error', 'internal_error'])
    expect(after).toBe('ok')
  })

  test('a fault for everything strikes webhooks too, in their own words', async () => {
    await sandbox.fault({ method: '*', kind: 'rate_limited', retryAfterSeconds: 3 })

    const response = await sandbox.post(sandbox.hook.url, { text: 'hello' })

    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '3'])
    expect(await response.json()).toEqual({ retry_after: 3, ok: false, error: 'rate_limited' })
  })

  test('a fault of probability 0 never strikes', async () => {
    await dial({ kind: 'error', times: null, probability: 0 })

    expect(await codeOf(post())).toBe('ok')
  })

  test('a lost webhook answer leaves its message behind', async () => {
    await sandbox.fault({ method: 'webhook', kind: 'lost_answer' })

    await expect(sandbox.post(sandbox.hook.url, { text: 'twice?' })).rejects.toThrow('fetch failed')

    expect(await sandbox.messages('C0COMPALERT')).toMatchObject([{ text: 'twice?' }])
  })
})
