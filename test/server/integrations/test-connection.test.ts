import { request } from 'node:http'
import { expect, test } from 'vitest'
import { createDestination } from '../../../server/destinations/create-destination.ts'
import { confirmSigningSecret, noteRefusedRequest } from '../../../server/integrations/signing-secret.ts'
import { markInbound } from '../../../server/integrations/store.ts'
import { closeInterruptedTests, testConnection } from '../../../server/integrations/test-connection.ts'
import { insertTest } from '../../../server/integrations/tests-store.ts'
import { ConnectionTest, stepNames } from '../../../shared/connection-tests.ts'
import { eventsOf, KIM, type Slice, startSlice, stepOf } from './slice.ts'

test('a saved integration is tested with nothing sent along, step by step, and the run is kept', async () => {
  await using slice = await startSlice()
  const id = await slice.connect()

  const answer = await slice.call('POST', `/api/integrations/${id}/test`)

  const run = ConnectionTest.parse(answer.body)
  expect(run.steps.map(({ name }) => name)).toEqual(stepNames)
  expect(run.steps.filter(({ state }) => state === 'fail' || state === 'running')).toEqual([])
  expect(run).toMatchObject({ number: 1, by: 'Kim Park', state: 'waiting', changes: [] })
  const read = await slice.call('GET', `/api/integrations/${id}/tests/${run.id}`)
  expect(read.body).toEqual(run)
  expect((await slice.call('GET', `/api/integrations/${id}`)).body).toMatchObject({
    state: 'ok',
    workspace: { id: expect.stringMatching(/^T/), name: expect.any(String), botName: expect.any(String) },
    lastTest: { id: run.id, state: 'waiting', failed: 0 },
  })
})

test('a failed step marks the integration, and hides none of the later ones', async () => {
  await using slice = await startSlice()
  const id = await slice.connect({ testChannel: '#no-such-channel' })

  const run = await slice.test(id)

  expect(run.state).toBe('failing')
  expect(stepOf(run, 'channel')).toMatchObject({ state: 'fail', fix: expect.any(String) })
  expect(stepOf(run, 'signing_secret')).toMatchObject({ state: 'waiting' })
  expect((await slice.call('GET', `/api/integrations/${id}`)).body).toMatchObject({
    state: 'failing',
    stateCode: stepOf(run, 'channel')?.code,
  })
})

test('a test that Slack makes wait proves no token, and leaves a dead one failing', async () => {
  await using slice = await startSlice()
  const id = await slice.connect({ testChannel: undefined, botToken: WRONG_TOKEN })
  const stateOf = async () => (await slice.call('GET', `/api/integrations/${id}`)).body.state
  const limited = { method: 'auth.test', kind: 'rate_limited', retryAfterSeconds: 30 }

  await slice.sandbox.fault(limited)
  const first = await slice.test(id)
  const untested = await stateOf()
  await slice.test(id)
  const found = await stateOf()
  await slice.sandbox.fault(limited)
  await slice.test(id)

  expect(stepOf(first, 'bot_token')).toMatchObject({ state: 'warn', code: 'ratelimited' })
  expect([untested, found, await stateOf()]).toEqual(['untested', 'failing', 'failing'])
})

test.each([
  ['a wrong token that was right', (right: string) => [right, WRONG_TOKEN]],
  ['a right token that was wrong', (right: string) => [WRONG_TOKEN, right]],
])('a test says nothing about %s while it ran', async (_, tokens) => {
  await using slice = await startSlice()
  const [before, after] = tokens((await slice.draft()).botToken as string)
  const id = await slice.connect({ botToken: before as string })
  await slice.sandbox.fault({ method: 'auth.test', kind: 'slow', delayMs: 1_000 })

  const started = Promise.withResolvers<void>()
  const testing = testConnection(slice.ctx, KIM, {
    ...{ integrationId: id, draft: {}, webhooks: [], signal: new AbortController().signal },
    report: ({ name }) => void (name === 'bot_token' && started.resolve()),
  })
  await started.promise
  await slice.call('PATCH', `/api/integrations/${id}`, { botToken: after })
  const run = await testing

  expect(run.state).not.toBe('cancelled')
  const read = (await slice.call('GET', `/api/integrations/${id}`)).body
  expect(read.state).toBe('untested')
  expect(read).not.toHaveProperty('workspace')
})

const WRONG_TOKEN = 'xoxb-1111111111-2222222222-abcdefghijklmnopqrstuvwx'

test('what is on screen is tested in place of what is saved, and does not change what is known of the saved one', async () => {
  await using slice = await startSlice()
  const id = await slice.connect()

  const run = await slice.test(id, { botToken: 'xoxb-1111111111-2222222222-abcdefghijklmnopqrstuvwx', features: [] })

  expect(stepOf(run, 'bot_token')).toMatchObject({ state: 'fail', code: 'invalid_auth' })
  expect(run.changes[0]).toBe('Tested with what is on screen and not saved yet: Bot token, Features.')
  expect((await slice.call('GET', `/api/integrations/${id}`)).body.state).toBe('untested')
})

test('what is on screen and equals what is saved counts as saved', async () => {
  await using slice = await startSlice()
  const id = await slice.connect()
  const { appId, clientId, clientSecret, signingSecret, botToken, appToken } = await slice.draft()

  const run = await slice.test(id, { appId, clientId, clientSecret, signingSecret, botToken, appToken })

  expect(run.changes).toEqual([])
  expect(stepOf(run, 'signing_secret')?.state).toBe('waiting')
  expect((await slice.call('GET', `/api/integrations/${id}`)).body.state).toBe('ok')
})

test('null tests without a secret that is saved', async () => {
  await using slice = await startSlice()
  const id = await slice.connect()

  const run = await slice.test(id, { appToken: null })

  expect(stepOf(run, 'app_token')?.state).toBe('skipped')
})

test('an integration that is only on screen is tested too, and nothing of it is kept', async () => {
  await using slice = await startSlice()
  const { provider: _, ...draft } = await slice.draft()

  const answer = await slice.call('POST', '/api/integrations/test', draft)

  expect(answer.status).toBe(200)
  expect(answer.body.id).toBeUndefined()
  expect(answer.body.state).toBe('ok')
  expect(stepOf(answer.body, 'bot_token')?.state).toBe('pass')
  expect(stepOf(answer.body, 'signing_secret')).toMatchObject({ state: 'skipped', fix: 'Save first, then test again.' })
})

test('no secret comes back from a test, passing or failing', async () => {
  await using slice = await startSlice()
  const { provider: _, ...draft } = await slice.draft({ clientSecret: 'abcdefabcdefabcdefabcdefabcdefab' })
  const webhook = (await slice.sandbox.app()).webhooks[0]?.url ?? ''

  const { text } = await slice.call('POST', '/api/integrations/test', { ...draft, webhooks: [webhook] })

  for (const secret of [draft.clientSecret, draft.signingSecret, draft.botToken ?? '', draft.appToken ?? '', webhook]) {
    expect(secret.length).toBeGreaterThan(10)
    expect(text).not.toContain(secret)
  }
})

test('a stream tells each step as it starts and ends, then the whole run', async () => {
  await using slice = await startSlice()
  const id = await slice.connect()

  const answer = await slice.call('POST', `/api/integrations/${id}/test`, {}, { accept: 'text/event-stream' })

  const events = eventsOf(answer.text)
  expect(answer.headers.get('content-type')).toContain('text/event-stream')
  expect(events.slice(0, 2)).toMatchObject([
    { kind: 'step', step: { name: 'fields', state: 'running' } },
    { kind: 'step', step: { name: 'fields', state: 'pass' } },
  ])
  const last = events.at(-1)
  expect(last).toMatchObject({ kind: 'ended', test: { number: 1, state: 'waiting' } })
})

test('a stream for an integration that does not exist is refused with its own status', async () => {
  await using slice = await startSlice()

  const answer = await slice.call('POST', '/api/integrations/int_none/test', {}, { accept: 'text/event-stream' })

  expect(answer.status).toBe(404)
})

test('a signed request turns the waiting step green by itself, however long the page has been left', async () => {
  await using slice = await startSlice()
  const id = await slice.connect()
  const run = await slice.test(id)
  slice.clock.now += 3_600_000

  await confirmSigningSecret(slice.ctx, id, { surface: 'interactions', at: slice.clock.now, testId: run.id ?? '' })

  const later = await readTest(slice, id, run.id)
  expect(later.state).toBe('ok')
  expect(stepOf(later, 'signing_secret')).toMatchObject({
    state: 'pass',
    title: 'Slack’s signed request arrived just now',
  })
})

test('a signed request seen by another replica ends the wait when the run is read', async () => {
  await using slice = await startSlice()
  const id = await slice.connect()
  const run = await slice.test(id)
  slice.clock.now += 5_000

  await markInbound(slice.db, id, 'commands', slice.clock.now)

  expect(stepOf(await readTest(slice, id, run.id), 'signing_secret')?.state).toBe('pass')
})

test('a secret that was proven since it was set needs no second proof, and a replaced one does', async () => {
  await using slice = await startSlice()
  const id = await slice.connect()
  await confirmSigningSecret(slice.ctx, id, { surface: 'commands', at: slice.clock.now })
  slice.clock.now += 40_000

  const proven = await slice.test(id)
  await slice.call('PATCH', `/api/integrations/${id}`, { signingSecret: '0123456789abcdef0123456789abcdef' })
  const unproven = await slice.test(id)

  expect(stepOf(proven, 'signing_secret')).toMatchObject({
    state: 'pass',
    title: 'Slack’s signed request arrived 40 s ago',
  })
  expect(stepOf(unproven, 'signing_secret')?.state).toBe('waiting')
})

test('what waits for a secret that was replaced waits no longer', async () => {
  await using slice = await startSlice()
  const id = await slice.connect()
  const run = await slice.test(id)

  await slice.call('PATCH', `/api/integrations/${id}`, { signingSecret: '0123456789abcdef0123456789abcdef' })

  expect(stepOf(await readTest(slice, id, run.id), 'signing_secret')).toMatchObject({
    state: 'skipped',
    fix: 'Test again.',
  })
})

test('a signing secret that is only on screen is not waited for', async () => {
  await using slice = await startSlice()
  const id = await slice.connect()

  const run = await slice.test(id, { signingSecret: '0123456789abcdef0123456789abcdef' })

  expect(stepOf(run, 'signing_secret')).toMatchObject({ state: 'skipped', fix: 'Save first, then test again.' })
})

test('a refused request says on the waiting run what the likeliest cause is, and a signed one still turns it green', async () => {
  await using slice = await startSlice()
  const id = await slice.connect()
  const run = await slice.test(id)
  slice.clock.now += 2_000

  await noteRefusedRequest(slice.ctx, id, {
    surface: 'commands',
    reason: 'stale',
    skewMs: -420_000,
    at: slice.clock.now,
  })
  const warned = await readTest(slice, id, run.id)
  slice.clock.now += 2_000
  await confirmSigningSecret(slice.ctx, id, { surface: 'commands', at: slice.clock.now })

  expect(warned.state).toBe('waiting')
  expect(stepOf(warned, 'signing_secret')).toMatchObject({ state: 'warn', code: 'stale' })
  expect(stepOf(warned, 'signing_secret')?.detail).toContain('differ by 7 minutes')
  expect(stepOf(await readTest(slice, id, run.id), 'signing_secret')?.state).toBe('pass')
  expect((await slice.call('GET', `/api/integrations/${id}`)).body.addresses[0]).toMatchObject({
    lastCalledAt: expect.any(String),
    lastRefused: { reason: 'stale' },
  })
})

test('a request that was refused before the test is told of in it, and the run still waits', async () => {
  await using slice = await startSlice()
  const id = await slice.connect()
  await noteRefusedRequest(slice.ctx, id, { surface: 'commands', reason: 'bad_signature', at: slice.clock.now })
  slice.clock.now += 2_000

  const run = await slice.test(id)
  slice.clock.now += 2_000
  await confirmSigningSecret(slice.ctx, id, { surface: 'commands', at: slice.clock.now })

  expect(run.state).toBe('waiting')
  expect(stepOf(run, 'signing_secret')).toMatchObject({ state: 'warn', code: 'bad_signature' })
  expect((await readTest(slice, id, run.id)).state).toBe('ok')
})

test('a webhook on screen is tested with a real message, and an empty list is as good as none', async () => {
  await using slice = await startSlice()
  const id = await slice.connect()
  const [webhook] = (await slice.sandbox.app()).webhooks

  const run = await slice.test(id, { webhooks: [webhook?.url] })
  const empty = await slice.test(id, { webhooks: [] })

  expect(stepOf(run, 'webhooks')).toMatchObject({ state: 'pass', items: [{ label: 'Webhook 1', state: 'pass' }] })
  expect(run.changes).toEqual(['Tested with what is on screen and not saved yet: Webhooks.'])
  expect(empty.changes).toEqual([])
})

test('the next test says what changed since the last one that passed', async () => {
  await using slice = await startSlice()
  const id = await slice.connect({ features: ['channel_messages'] })
  await slice.test(id)
  const { appId } = await slice.sandbox.app()
  await slice.sandbox.changeToken(appId, 'bot', { state: 'revoked' })
  await slice.call('PATCH', `/api/integrations/${id}`, {
    clientSecret: 'abcdefabcdefabcdefabcdefabcdefab',
    features: ['channel_messages', 'reactions'],
  })

  const run = await slice.test(id)

  expect(run.state).toBe('failing')
  expect(run.changes).toContain('Client secret replaced.')
  expect(run.changes).toContain('Switched on: Reactions.')
  expect(run.changes).toContain(`Bot token passed in test 1 and now fails with ${stepOf(run, 'bot_token')?.code}.`)
})

test('scopes that the bot token lost are named', async () => {
  await using slice = await startSlice()
  const id = await slice.connect()
  await slice.test(id)
  const { appId } = await slice.sandbox.app()
  await slice.sandbox.changeToken(appId, 'bot', { scopes: ['chat:write'] })

  const run = await slice.test(id)

  expect(run.changes).toContainEqual(expect.stringMatching(/^Scopes lost: .*commands/))
})

test('two workspaces stand side by side, each with its own findings', async () => {
  await using slice = await startSlice()
  const first = await slice.connect({ name: 'Acme' })
  const second = await slice.connect({
    name: 'Broken',
    botToken: 'xoxb-1111111111-2222222222-abcdefghijklmnopqrstuvwx',
  })

  await slice.test(first)
  await slice.test(second)

  const { body } = await slice.call('GET', '/api/integrations')
  expect(body.items.map(({ name, state }: { name: string; state: string }) => [name, state])).toEqual([
    ['Acme', 'ok'],
    ['Broken', 'failing'],
  ])
})

test('only one test of an integration runs at a time, and the other is told who started it', async () => {
  await using slice = await startSlice()
  const id = await slice.connect()
  await insertTest(slice.db, { id: 'tst_running', integrationId: id, startedAt: slice.clock.now, byName: 'Ada Ferrer' })
  slice.clock.now += 12_000

  const refused = await slice.call('POST', `/api/integrations/${id}/test`)
  slice.clock.now += 120_000
  const allowed = await slice.call('POST', `/api/integrations/${id}/test`)

  expect(refused.status).toBe(409)
  expect(refused.body.error.message).toContain('Ada Ferrer started it 12 s ago')
  expect(allowed.body).toMatchObject({ number: 2, state: 'waiting' })
  expect((await readTest(slice, id, 'tst_running')).state).toBe('cancelled')
})

test('starting over cancels one’s own earlier run', async () => {
  await using slice = await startSlice()
  const id = await slice.connect()
  await slice.sandbox.fault({ method: 'auth.test', kind: 'never_answers' })
  const earlier = slice.test(id)
  await expect.poll(async () => (await slice.sandbox.calls('auth.test')).length).toBeGreaterThan(0)

  const later = await slice.test(id)

  expect(await earlier).toMatchObject({ number: 1, state: 'cancelled' })
  expect(later).toMatchObject({ number: 2, state: 'waiting' })
})

test('a test that a stopped server left behind is closed at the next start', async () => {
  await using slice = await startSlice()
  const id = await slice.connect()
  await insertTest(slice.db, { id: 'tst_left', integrationId: id, startedAt: slice.clock.now, byName: 'Ada Ferrer' })

  const closed = await closeInterruptedTests(slice.ctx)

  expect(closed).toBe(1)
  expect((await readTest(slice, id, 'tst_left')).state).toBe('cancelled')
})

test('a test that is cancelled ends at once, says so of each step, and changes nothing', async () => {
  await using slice = await startSlice()
  const id = await slice.connect()
  const cancel = new AbortController()

  const run = await testConnection(slice.ctx, KIM, {
    integrationId: id,
    draft: {},
    webhooks: [],
    signal: cancel.signal,
    report: (step) => {
      if (step.name === 'bot_token') cancel.abort()
    },
  })

  expect(run.state).toBe('cancelled')
  expect(stepOf(run, 'reach')?.state).not.toBe('skipped')
  expect(stepOf(run, 'message')?.state).toBe('skipped')
  expect((await readTest(slice, id, run.id)).state).toBe('cancelled')
  expect((await slice.call('GET', `/api/integrations/${id}`)).body.state).toBe('untested')
})

test.each(['application/json', 'text/event-stream'])(
  'whoever goes away while %s is awaited cancels the test',
  async (accept) => {
    await using slice = await startSlice()
    const id = await slice.connect()
    await slice.sandbox.fault({ method: 'auth.test', kind: 'never_answers' })

    await leaveOnceCalled(slice, `/api/integrations/${id}/test`, accept)

    await expect.poll(async () => (await readLast(slice, id))?.state).toBe('cancelled')
  },
)

test.each(['application/json', 'text/event-stream'])(
  'an integration that is deleted while it is tested gets an end of its test, as %s',
  async (accept) => {
    await using slice = await startSlice()
    const id = await slice.connect()
    await slice.sandbox.fault({ method: 'auth.test', kind: 'slow', delayMs: 1_000 })

    const testing = slice.call('POST', `/api/integrations/${id}/test`, undefined, { accept })
    await expect.poll(async () => (await slice.sandbox.calls('auth.test')).length, { timeout: 10_000 }).toBe(1)
    await slice.call('DELETE', `/api/integrations/${id}?name=Acme%20production`)
    const answer = await testing

    const last = accept === 'application/json' ? undefined : eventsOf(answer.text).at(-1)
    const run = last?.kind === 'ended' ? last.test : answer.body
    expect(run).toMatchObject({ state: 'cancelled', changes: ['The integration was deleted while it was tested.'] })
    expect(run).not.toHaveProperty('id')
    expect(stepOf(run, 'bot_token')).toMatchObject({ state: 'pass' })
    expect(stepOf(run, 'signing_secret')).toMatchObject({ state: 'skipped' })
  },
)

test('a webhook whose saved address can not be opened is named with the way out', async () => {
  await using slice = await startSlice()
  const id = await slice.connect()
  const [webhook] = (await slice.sandbox.app()).webhooks
  await createDestination(slice.ctx, KIM, { integrationId: id, kind: 'webhook', url: webhook?.url, name: 'On call' })
  await slice.db.updateTable('destinations').set({ sealedUrl: 'v1.altered' }).execute()

  const answer = await slice.call('POST', `/api/integrations/${id}/test`)

  expect(answer.status).toBe(409)
  expect(answer.body.error.message).toContain('The saved address of "On call" can\'t be opened')
  expect(answer.body.error.fix).toContain('Enter its address again')
})

test('runs are listed newest first, page by page', async () => {
  await using slice = await startSlice()
  const id = await slice.connect()
  for (let run = 0; run < 3; run += 1) await slice.test(id)

  const first = await slice.call('GET', `/api/integrations/${id}/tests?limit=2`)
  const second = await slice.call('GET', `/api/integrations/${id}/tests?limit=2&cursor=${first.body.next}`)

  const numbers = (answer: typeof first) => answer.body.items.map((item: { number: number }) => item.number)
  expect([numbers(first), numbers(second)]).toEqual([[3, 2], [1]])
  expect((await slice.call('GET', '/api/integrations/int_none/tests')).status).toBe(404)
})

async function readTest(slice: Slice, id: string, testId: string | undefined): Promise<ConnectionTest> {
  return (await slice.call('GET', `/api/integrations/${id}/tests/${testId}`)).body
}

async function readLast(slice: Slice, id: string): Promise<ConnectionTest | undefined> {
  return (await slice.call('GET', `/api/integrations/${id}/tests?limit=1`)).body.items[0]
}

/** Asks for a test and hangs up as soon as Slack is being asked. */
async function leaveOnceCalled(slice: Slice, path: string, accept: string): Promise<void> {
  const asking = request(`${slice.url}${path}`, { method: 'POST', headers: { accept } })
  asking.on('error', () => {})
  asking.on('response', (response) => response.on('error', () => {}).resume())
  asking.end()
  await expect.poll(async () => (await slice.sandbox.calls('auth.test')).length).toBeGreaterThan(0)
  asking.destroy()
}
