import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { codeOf, slackClient, startSandbox, type TestSandbox } from './support.ts'

let sandbox: TestSandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.stop())
beforeEach(() => sandbox.ask('POST', '/reset'))

describe('identity', () => {
  test('a bot token is told its workspace, its user and its bot, and its scopes in a header', async () => {
    const answer = await sandbox.client().auth.test()

    expect(answer).toMatchObject({ team: 'Acme', user: 'switchboard', bot_id: 'B0SWITCHBOT', user_id: 'U0SWITCHBOT' })
    expect(answer.response_metadata?.scopes).toContain('chat:write')
  })

  test('the bot names the app that it belongs to', async () => {
    const answer = await sandbox.client().bots.info({ bot: 'B0SWITCHBOT' })

    expect(answer.bot?.app_id).toBe(sandbox.credentials.appId)
  })

  test('an app-level token opens a socket address and nothing a bot may do', async () => {
    const client = sandbox.client(sandbox.credentials.appToken)

    const { url } = await client.apps.connections.open({})
    const listing = await codeOf(client.conversations.list())

    expect(url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/link\/\?ticket=/)
    expect(listing).toBe('not_allowed_token_type')
  })

  test('a bot token opens no socket address', async () => {
    const code = await codeOf(sandbox.client().apps.connections.open({}))

    expect(code).toBe('not_allowed_token_type')
  })

  test('a user token is told who it is, without a bot', async () => {
    const answer = await sandbox.client(sandbox.credentials.userToken).auth.test()

    expect(answer).toMatchObject({ user: 'ada' })
    expect(answer.bot_id).toBeUndefined()
  })
})

describe('tokens', () => {
  test.each([
    ['expired', 'token_expired'],
    ['revoked', 'token_revoked'],
    ['inactive', 'account_inactive'],
    ['live', 'ok'],
  ])('a token that is %s answers %s', async (state, code) => {
    await sandbox.changeToken(sandbox.credentials.appId, 'bot', { state })

    const answered = await codeOf(sandbox.client().auth.test())

    expect(answered).toBe(code)
  })

  test('an unknown token is invalid_auth, none at all is not_authed', async () => {
    const unknown = await codeOf(sandbox.client('xoxb-1-2-nobody').auth.test())
    const none = await (await sandbox.raw('auth.test', {}, null)).json()

    expect(unknown).toBe('invalid_auth')
    expect(none).toEqual({ ok: false, error: 'not_authed' })
  })

  test('a token counts in a form body, not in the query, and only after the word Bearer', async () => {
    const { botToken } = sandbox.credentials

    const inForm = await (await sandbox.raw('auth.test', { token: botToken }, null)).json()
    const inQuery = await (await fetch(`${sandbox.apiUrl}auth.test?token=${botToken}`)).json()
    const lower = await fetch(`${sandbox.apiUrl}auth.test`, { headers: { authorization: `bearer ${botToken}` } })

    expect(inForm.ok).toBe(true)
    expect(inQuery.error).toBe('not_authed')
    expect((await lower.json()).error).toBe('not_authed')
  })

  test('a missing scope names what is needed and what is there', async () => {
    await sandbox.changeApp(sandbox.credentials.appId, { scopes: ['chat:write', 'users:read'] })

    const response = await sandbox.raw('conversations.list')

    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({
      ok: false,
      error: 'missing_scope',
      needed: 'channels:read',
      provided: 'chat:write,users:read',
    })
    expect(response.headers.get('x-oauth-scopes')).toBe('chat:write,users:read')
  })

  test('answers name the scopes that the token has now', async () => {
    const scopesNow = async () => (await sandbox.raw('auth.test')).headers.get('x-oauth-scopes')
    const before = await scopesNow()

    await sandbox.changeToken(sandbox.credentials.appId, 'bot', { scopes: ['chat:write', 'files:write'] })

    expect(before).toContain('channels:read')
    expect(await scopesNow()).toBe('chat:write,files:write')
  })

  test('every kind of channel in a listing needs its own scope', async () => {
    await sandbox.changeApp(sandbox.credentials.appId, { scopes: ['channels:read'] })

    const publicOnly = await codeOf(sandbox.client().conversations.list())
    const both = await codeOf(sandbox.client().conversations.list({ types: 'public_channel,private_channel' }))

    expect([publicOnly, both]).toEqual(['ok', 'missing_scope'])
  })

  test('revoking a token ends the installation, webhooks included', async () => {
    await sandbox.client().auth.revoke()

    const token = await codeOf(sandbox.client().auth.test())
    const webhook = await sandbox.post(sandbox.hook.url, { text: 'hello' })

    expect(token).toBe('token_revoked')
    expect(await webhook.text()).toBe('no_service')
  })
})

describe('envelope', () => {
  test('answers carry a request id, Slack’s cache rule and escaped slashes', async () => {
    const response = await sandbox.raw('auth.test')

    expect(response.headers.get('x-slack-req-id')).toMatch(/^[0-9a-f]{32}$/)
    expect(response.headers.get('cache-control')).toBe('private, no-cache, no-store, must-revalidate')
    expect(await response.text()).toContain('https:\\/\\/acme.slack.com\\/')
  })

  test('the Date header follows the clock and its skew', async () => {
    await sandbox.ask('PATCH', '/settings', { dateSkewSeconds: 600 })

    const response = await sandbox.raw('api.test')

    expect(Date.parse(response.headers.get('date') ?? '')).toBe(sandbox.clock.now + 600_000)
  })

  test.each(['chat.postTelegram', 'constructor'])('an unknown method, %s, is a platform error', async (method) => {
    const code = await codeOf(sandbox.client().apiCall(method))

    expect(code).toBe('unknown_method')
  })

  test('a JSON body without a charset is taken with a warning', async () => {
    const headers = { authorization: `Bearer ${sandbox.credentials.botToken}`, 'content-type': 'application/json' }
    const body = JSON.stringify({ channel: '#compliance', text: 'hello' })

    const response = await fetch(`${sandbox.apiUrl}chat.postMessage`, { method: 'POST', headers, body })

    expect(await response.json()).toMatchObject({
      ok: true,
      warning: 'missing_charset',
      response_metadata: { warnings: ['missing_charset'] },
    })
  })

  test.each([
    ['{"channel":', 'invalid_json'],
    ['["C0COMPLIANC"]', 'json_not_object'],
  ])('the JSON body %s is refused as %s', async (body, error) => {
    const headers = {
      authorization: `Bearer ${sandbox.credentials.botToken}`,
      'content-type': 'application/json; charset=utf-8',
    }

    const response = await fetch(`${sandbox.apiUrl}chat.postMessage`, { method: 'POST', headers, body })

    expect(await response.json()).toEqual({ ok: false, error })
  })

  test('a method that takes no JSON does not see JSON arguments', async () => {
    const headers = {
      authorization: `Bearer ${sandbox.credentials.botToken}`,
      'content-type': 'application/json; charset=utf-8',
    }
    const body = JSON.stringify({ user: 'U0ADAFERRER' })

    const response = await fetch(`${sandbox.apiUrl}users.info`, { method: 'POST', headers, body })

    expect(await response.json()).toMatchObject({
      error: 'invalid_arguments',
      response_metadata: { messages: ['[ERROR] missing required field: user'] },
    })
  })

  test('of a field named twice the last counts, and a ? in front of a form belongs to the name', async () => {
    const body = '?a=b&word=x&word=%C3%A9+%zz'
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }

    const answer = await fetch(`${sandbox.apiUrl}api.test`, { method: 'POST', headers, body })

    expect(await answer.json()).toEqual({ ok: true, args: { '?a': 'b', word: 'é %zz' } })
  })

  test('multipart bodies and GET reads work too', async () => {
    const form = new FormData()
    form.set('token', sandbox.credentials.botToken)
    form.set('channel', 'C0COMPLIANC')
    const authorization = `Bearer ${sandbox.credentials.botToken}`

    const posted = await fetch(`${sandbox.apiUrl}conversations.info`, { method: 'POST', body: form })
    const read = await fetch(`${sandbox.apiUrl}team.info`, { headers: { authorization } })

    expect(await posted.json()).toMatchObject({ channel: { name: 'compliance' } })
    expect(await read.json()).toMatchObject({ team: { domain: 'acme' } })
  })
})

describe('people', () => {
  test('the e-mail shows only to a token that may read it', async () => {
    const before = await sandbox.client().users.info({ user: 'U0ADAFERRER' })
    await sandbox.changeApp(sandbox.credentials.appId, { scopes: ['users:read'] })

    const after = await sandbox.client().users.info({ user: 'U0ADAFERRER' })

    expect(before.user?.profile?.email).toBe('ada@acme.example')
    expect(after.user?.profile?.email).toBeUndefined()
  })

  test('people are found by e-mail unless they are gone', async () => {
    const client = sandbox.client()

    const found = await client.users.lookupByEmail({ email: 'noor@acme.example' })
    const gone = await codeOf(client.users.lookupByEmail({ email: 'lena@acme.example' }))

    expect(found.user?.real_name).toBe('Noor Haddad')
    expect(gone).toBe('users_not_found')
  })

  test('are listed page by page, those who left included', async () => {
    const client = sandbox.client()

    const first = await client.users.list({ limit: 4 })
    const rest = await client.users.list({ limit: 100, cursor: first.response_metadata?.next_cursor ?? '' })

    expect(first.members).toHaveLength(4)
    expect([...(first.members ?? []), ...(rest.members ?? [])].map(({ name }) => name)).toContain('lena')
    expect(rest.members?.find(({ name }) => name === 'grace')?.profile).toMatchObject({ display_name: 'manager' })
    expect(await codeOf(client.users.list({ limit: 1, cursor: 'nonsense' }))).toBe('invalid_cursor')
  })

  test('groups are listed with their handles, disabled ones on demand, to a token that may see them', async () => {
    const client = sandbox.client()

    const live = await client.usergroups.list()
    const all = await client.usergroups.list({ include_disabled: true, include_count: true })
    await sandbox.changeApp(sandbox.credentials.appId, { scopes: ['users:read'] })

    expect(live.usergroups?.map(({ handle }) => handle)).toEqual(['compliance-team', 'security-team', 'management'])
    expect(all.usergroups?.at(-1)).toMatchObject({ handle: 'auditors', date_delete: expect.any(Number) })
    expect(await codeOf(client.usergroups.list())).toBe('missing_scope')
  })

  test('a person can leave, and is then disabled for messages', async () => {
    await sandbox.ask('PATCH', '/users/U0KIMPARK01', { deactivated: true })

    const code = await codeOf(sandbox.client().conversations.open({ users: 'U0KIMPARK01' }))

    expect(code).toBe('user_disabled')
  })

  test('an app added later has a workspace identity of its own', async () => {
    const other = await sandbox.ask<{ botToken: string; appId: string }>('POST', '/apps', { name: 'Other app' })

    const identity = await slackClient(sandbox.apiUrl, other.botToken).auth.test()

    expect(other.appId).not.toBe(sandbox.credentials.appId)
    expect(identity).toMatchObject({ team: 'Acme', user: 'other-app' })
  })
})
