import http from 'node:http'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startSimulator } from '../../../server/simulator/simulator.ts'
import { codeOf, startSandbox, type TestSandbox } from './support.ts'

let sandbox: TestSandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.stop())
beforeEach(() => sandbox.ask('POST', '/reset'))

/** fetch() sets Host and Origin itself; a hostile page's request needs them set by hand. */
async function statusWith(path: string, headers: Record<string, string>, method = 'GET'): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const request = http.request(`${sandbox.url}${path}`, { method, headers }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    request.on('error', reject).end()
  })
}

describe('who is let in', () => {
  test.each([
    ['evil.example', 403],
    ['localhost.evil.example', 403],
    ['127.0.0.1.evil.example', 403],
    ['localhost:4600', 200],
    ['[::1]:4600', 200],
    ['sim.localhost:4600', 200],
  ])('Host %j answers %i', async (host, status) => {
    expect(await statusWith('/_sim/channels', { host })).toBe(status)
  })

  test.each([
    ['http://evil.example', 403],
    ['null', 403],
    ['https://127.0.0.1', 403],
  ])('Origin %j answers %i on every door', async (origin, status) => {
    const paths = ['/_sim/reset', '/api/chat.postMessage', '/services/T/B/x', '/oauth/v2/authorize']

    const statuses = await Promise.all(paths.map((path) => statusWith(path, { origin }, 'POST')))

    expect(statuses).toEqual(paths.map(() => status))
  })

  test('its own page may ask', async () => {
    expect(await statusWith('/_sim/reset', { origin: sandbox.url }, 'POST')).toBe(204)
  })
})

describe('control', () => {
  test.each([
    ['/faults', { method: 'chat.postMessage', kind: 'explode' }, 'kind'],
    ['/faults', { method: 'chat.postMessage', kind: 'slow', delayMs: -1 }, 'delayMs'],
    ['/channels', { name: 'Not A Name' }, 'name'],
    ['/commands', { userId: 'U0ADAFERRER', channelId: 'C0COMPLIANC', command: 'help' }, 'command'],
  ])('a wrong body to %s is refused and names its field', async (path, body, field) => {
    const response = await sandbox.control('POST', path, body)

    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: { code: 'invalid', field } })
  })

  test('a wrong token kind, an unknown field and an unknown route are refused too', async () => {
    const kind = await sandbox.control('PATCH', '/apps/A0SWITCHBRD/tokens/session', { state: 'revoked' })
    const field = await sandbox.control('PATCH', '/channels/C0COMPLIANC', { isArchived: true })
    const route = await sandbox.control('GET', '/nonsense')

    expect([kind.status, field.status, route.status]).toEqual([404, 400, 404])
  })

  test('a channel can be made, renamed and used at once', async () => {
    const made = await sandbox.ask<{ id: string }>('POST', '/channels', { name: 'new-room', member: true })
    await sandbox.changeChannel(made.id, { name: 'newer-room' })

    const { channel } = await sandbox.client().conversations.info({ channel: made.id })

    expect(channel).toMatchObject({ name: 'newer-room', is_member: true })
  })

  test('the workspace can become another one', async () => {
    await sandbox.ask('PATCH', '/team', { id: 'T0OTHERTEAM', name: 'Other' })

    const answer = await sandbox.client().auth.test()

    expect(answer).toMatchObject({ team: 'Other', team_id: 'T0OTHERTEAM' })
  })

  test('calls are kept with their outcome and without their secrets', async () => {
    const { botToken, clientSecret, clientId } = sandbox.credentials
    await sandbox.raw('chat.postMessage', { channel: '#compliance', text: `leaked ${botToken}`, token: botToken }, null)
    await sandbox.raw('oauth.v2.access', { client_id: clientId, client_secret: clientSecret, code: 'throwaway' }, null)
    await sandbox.post(sandbox.hook.url, { text: `see ${sandbox.hook.url}` })

    const calls = await sandbox.calls()

    expect(calls).toMatchObject([
      { method: 'chat.postMessage', status: 200, ok: true, args: { channel: '#compliance' } },
      { method: 'oauth.v2.access', status: 200, ok: false, error: 'invalid_code' },
      { method: 'webhook', status: 200, ok: true },
    ])
    const secret = sandbox.hook.url.split('/').at(-1) ?? ''
    expect(JSON.stringify(calls)).not.toContain(botToken)
    expect(JSON.stringify(calls)).not.toContain(clientSecret)
    expect(JSON.stringify(calls)).not.toContain(secret)
  })

  test('the record keeps the newest 5,000 and can be asked by method', async () => {
    for (let batch = 0; batch < 51; batch += 1) {
      await Promise.all(Array.from({ length: 100 }, () => sandbox.raw('api.test')))
    }
    await sandbox.client().auth.test()

    const all = await sandbox.calls()
    const one = await sandbox.calls('auth.test')

    expect(all).toHaveLength(5_000)
    expect(one).toHaveLength(1)
  })

  test('reset brings the seed back', async () => {
    await sandbox.client().chat.postMessage({ channel: 'C0COMPLIANC', text: 'hello' })
    await sandbox.changeChannel('C0COMPLIANC', { archived: true })
    await sandbox.fault({ method: '*', kind: 'reset', times: null })

    await sandbox.ask('POST', '/reset')

    expect(await sandbox.messages('C0COMPLIANC')).toEqual([])
    expect(await codeOf(sandbox.client().chat.postMessage({ channel: 'C0COMPLIANC', text: 'again' }))).toBe('ok')
  })

  test('the stream tells of messages as they come', async () => {
    const leaving = new AbortController()
    const response = await fetch(`${sandbox.url}/_sim/stream`, { signal: leaving.signal })
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    await reader?.read()

    await sandbox.client().chat.postMessage({ channel: 'C0COMPLIANC', text: 'live' })
    const { value } = (await reader?.read()) ?? {}

    expect(value).toContain('event: message')
    expect(value).toContain('"text":"live"')
    leaving.abort()
  })
})

test('stopping ends what still waits', async () => {
  const simulator = await startSimulator({ pace: 'fast' })
  const body = JSON.stringify({ method: 'auth.test', kind: 'never_answers' })
  await fetch(`${simulator.url}/_sim/faults`, { method: 'POST', body })
  const waiting = fetch(`${simulator.apiUrl}auth.test`, { method: 'POST' }).catch(() => 'ended')
  const stream = await fetch(`${simulator.url}/_sim/stream`)

  await simulator.stop()

  expect(await waiting).toBe('ended')
  await stream.body?.cancel().catch(() => undefined)
})

test('an empty seed has a workspace, one person, #general and the app', async () => {
  await using empty = await startSandbox({ seed: 'empty' })

  const channels = await empty.channels()
  const people = await empty.people()

  expect(channels.map(({ name }) => name)).toEqual(['general'])
  expect(people.map(({ name }) => name)).toEqual(['ada', 'switchboard'])
  expect(empty.credentials.webhooks).toEqual([])
})
