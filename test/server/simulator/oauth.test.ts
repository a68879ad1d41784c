import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { codeOf, startSandbox, type TestSandbox } from './support.ts'

let sandbox: TestSandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.stop())
beforeEach(() => sandbox.ask('POST', '/reset'))

const REDIRECT = 'http://127.0.0.1:3000/slack/oauth/callback'

const asked = (args: Record<string, string> = {}) => ({
  client_id: sandbox.credentials.clientId,
  scope: 'chat:write,incoming-webhook',
  redirect_uri: REDIRECT,
  state: 'state-1',
  ...args,
})

async function decide(decision: 'allow' | 'deny', args: Record<string, string> = {}): Promise<URL> {
  const body = new URLSearchParams({ ...asked(args), decision })
  const response = await fetch(`${sandbox.url}/oauth/v2/authorize`, { method: 'POST', body, redirect: 'manual' })
  return new URL(response.headers.get('location') ?? 'about:blank')
}

const exchange = (args: Record<string, string>) => {
  const { clientId, clientSecret } = sandbox.credentials
  return sandbox.client().oauth.v2.access({ client_id: clientId, client_secret: clientSecret, ...args })
}

describe('proving an app without a person', () => {
  test.each([
    [{ client_id: '1.2' }, 'invalid_client_id'],
    [{ client_secret: 'wrong' }, 'bad_client_secret'],
    [{}, 'invalid_code'],
  ])('%j is blamed on %s', async (args, code) => {
    const answered = await codeOf(exchange({ code: 'throwaway', ...args }))

    expect(answered).toBe(code)
  })

  test('client id and secret may come by HTTP Basic', async () => {
    const { clientId, clientSecret } = sandbox.credentials
    const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`
    const body = new URLSearchParams({ code: 'throwaway' })

    const response = await fetch(`${sandbox.apiUrl}oauth.v2.access`, {
      method: 'POST',
      headers: { authorization },
      body,
    })

    expect(await response.json()).toEqual({ ok: false, error: 'invalid_code' })
  })
})

describe('installing', () => {
  test('the page asks, and a person who allows is sent back with a code and the state', async () => {
    const page = await fetch(`${sandbox.url}/oauth/v2/authorize?${new URLSearchParams(asked())}`)

    const back = await decide('allow')

    expect(await page.text()).toContain('Switchboard is asking to join Acme')
    expect(back.href.startsWith(REDIRECT)).toBe(true)
    expect(back.searchParams.get('state')).toBe('state-1')
    expect(back.searchParams.get('code')).toBeTruthy()
  })

  test('a person who refuses is sent back with access_denied', async () => {
    const back = await decide('deny')

    expect(Object.fromEntries(back.searchParams)).toEqual({ state: 'state-1', error: 'access_denied' })
  })

  test('what Slack shows on its own page never reaches the app', async () => {
    await sandbox.changeApp(sandbox.credentials.appId, { redirectUrls: ['https://switchboard.example/slack'] })

    const foreign = await fetch(`${sandbox.url}/oauth/v2/authorize?${new URLSearchParams(asked())}`)
    const unknown = await fetch(`${sandbox.url}/oauth/v2/authorize?client_id=1.2`)

    expect([foreign.status, unknown.status]).toEqual([400, 400])
    expect(await foreign.text()).toContain('bad_redirect_uri')
    expect(await unknown.text()).toContain('invalid_client_id')
  })

  test('a code buys a token and a webhook, once, for the same redirect', async () => {
    const code = (await decide('allow')).searchParams.get('code') ?? ''

    const elsewhere = await codeOf(exchange({ code, redirect_uri: `${REDIRECT}/other` }))
    const answer = await exchange({ code, redirect_uri: REDIRECT })
    const again = await codeOf(exchange({ code, redirect_uri: REDIRECT }))

    expect([elsewhere, again]).toEqual(['bad_redirect_uri', 'invalid_code'])
    expect(answer).toMatchObject({ token_type: 'bot', app_id: sandbox.credentials.appId, team: { name: 'Acme' } })
    expect(await codeOf(sandbox.client(answer.access_token ?? '').auth.test())).toBe('ok')
    const posted = await sandbox.post(answer.incoming_webhook?.url ?? '', { text: 'hello' })
    expect(posted.status).toBe(answer.incoming_webhook?.channel === '#general' ? 403 : 200)
  })

  test('a code lives ten minutes', async () => {
    const code = (await decide('allow')).searchParams.get('code') ?? ''

    sandbox.clock.now += 600_001
    const late = await codeOf(exchange({ code, redirect_uri: REDIRECT }))

    expect(late).toBe('invalid_code')
  })
})

describe('token rotation', () => {
  const havingPair = async () => {
    await sandbox.changeApp(sandbox.credentials.appId, { tokenRotation: true })
    const code = (await decide('allow')).searchParams.get('code') ?? ''
    return exchange({ code, redirect_uri: REDIRECT })
  }
  const refresh = (refresh_token = '') => exchange({ grant_type: 'refresh_token', refresh_token })

  test('an access token ends after twelve hours and its refresh token renews it once', async () => {
    const first = await havingPair()
    sandbox.clock.now += 12 * 3_600_000
    const ended = await codeOf(sandbox.client(first.access_token ?? '').auth.test())

    const second = await refresh(first.refresh_token)
    const reused = await codeOf(refresh(first.refresh_token))

    expect(first.access_token).toMatch(/^xoxe\.xoxb-1-/)
    expect(ended).toBe('token_expired')
    expect(await codeOf(sandbox.client(second.access_token ?? '').auth.test())).toBe('ok')
    expect(reused).toBe('invalid_refresh_token')
  })

  test('no more than two access tokens live at once', async () => {
    const first = await havingPair()
    const second = await refresh(first.refresh_token)
    const third = await refresh(second.refresh_token)
    const testOf = (token = '') => codeOf(sandbox.client(token).auth.test())

    const codes = [
      await testOf(first.access_token),
      await testOf(second.access_token),
      await testOf(third.access_token),
    ]

    expect(codes).toEqual(['token_revoked', 'ok', 'ok'])
  })
})
