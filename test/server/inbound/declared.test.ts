import type { ServerResponse } from 'node:http'
import { expect, test } from 'vitest'
import { answerDue } from '../../../server/inbound/commands/worker.ts'
import { rollUp } from '../../../server/metrics/roll-up.ts'
import { ENGINES } from '../../support/each-store.ts'
import { isSignedWith } from '../../support/platform.ts'
import { startDeclared } from './declared-calls.ts'

const MINUTE_MS = 60_000

test('a declared command is acknowledged in silence, asked of the platform, and its answer shown to the person', async () => {
  await using world = await startDeclared()
  world.platform.answer((_, response) => response.end('{"text":"SOC 2: 42 of 44 controls pass."}'))

  const acknowledged = await world.type('soc2 "since May"')
  const before = await world.first()
  const answered = await answerDue(world.ctx)

  expect(acknowledged).toMatchObject({ status: 200, body: '' })
  expect(before).toMatchObject({ outcome: 'waiting', text: 'soc2 "since May"' })
  expect(answered).toBe(1)
  const use = await world.first()
  const [call] = world.platform.calls
  expect(isSignedWith(world.secret, call ?? { text: '', headers: {} })).toBe(true)
  expect(call?.headers['webhook-id']).toBe(use.id)
  expect(call?.body).toMatchObject({
    type: 'command.invoked',
    data: {
      command: '/compliance',
      handler: 'compliance_status_command',
      text: 'soc2 "since May"',
      parameters: { framework: 'soc2', note: 'since May' },
      user: { id: expect.any(String), name: expect.any(String) },
      channel: { id: world.channelId, name: 'compliance' },
      teamId: expect.any(String),
      invocationId: use.id,
      integrationId: world.integration.id,
    },
  })
  const person = call?.body.data.user.id
  expect(await world.seen()).toMatchObject([{ text: 'SOC 2: 42 of 44 controls pass.', ephemeral_to: person }])
  expect(use).toMatchObject({
    outcome: 'answered',
    platformMs: expect.any(Number),
    callId: expect.stringMatching(/^pcl_/),
  })
  const { body: log } = await world.admin.get(`${world.path}/calls`)
  expect(log.items[0]).toMatchObject({ id: use.callId, kind: 'command.invoked', state: 'delivered' })
  expect((await world.admin.get(`${world.path}/calls/${use.callId}`)).body).toEqual(log.items[0])
  expect((await world.admin.get(`/api/integrations/int_other/platform/calls/${use.callId}`)).status).toBe(404)
})

test('an answer may be for everybody, and in blocks', async () => {
  await using world = await startDeclared()
  const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: '*42* of 44' } }]
  world.platform.answer((_, response) => response.end(JSON.stringify({ blocks, responseType: 'in_channel' })))

  await world.type()
  await answerDue(world.ctx)

  const [message] = await world.seen()
  expect(message).toMatchObject({ text: '*42* of 44', blocks: [{ type: 'section' }] })
  expect(message).not.toHaveProperty('ephemeral_to')
})

type Said = (response: ServerResponse) => unknown
type Failing = [what: string, code: string, options?: { endpoint?: boolean }, answer?: Said]

test.each<Failing>([
  ['no endpoint', 'no_endpoint', { endpoint: false }],
  ['a status that says no', 'http_503', {}, (response) => response.writeHead(503).end('{}')],
  ['a redirect', 'redirected', {}, (response) => response.writeHead(307, { location: '/other' }).end()],
  ['an answer that is no JSON', 'not_json', {}, (response) => response.end('<h1>Hello</h1>')],
  ['an answer without a message', 'not_understood', {}, (response) => response.end('{}')],
  ['no answer at all', 'not_understood', {}, (response) => response.writeHead(204).end()],
  ['another word', 'not_understood', {}, (response) => response.end('{"text":"x","response_type":"in_channel"}')],
  ['a huge answer', 'too_large', {}, (response) => response.end(`{"text":"${'x'.repeat(2_000_000)}"}`)],
  ['too much text', 'not_understood', {}, (response) => response.end(`{"text":"${'x'.repeat(40_001)}"}`)],
  ['an answer nested beyond sense', 'not_taken', {}, (response) => response.end(nested(5_000))],
  ['a broken connection', 'connection_broke', {}, (response) => response.destroy()],
])('%s becomes an apology that says what to do', async (_, code, options, answer) => {
  await using world = await startDeclared(options)
  if (answer) world.platform.answer((_, response) => void answer(response))

  await world.type('soc2')
  await answerDue(world.ctx)

  const [message] = await world.seen()
  expect(message?.text).toMatch(/^Sorry, `\/compliance` could not be answered\. .*[Aa]n? admin/s)
  expect(message).toHaveProperty('ephemeral_to')
  const use = await world.first()
  expect(use).toMatchObject({ outcome: 'failed', code, meaning: expect.any(String), fix: expect.any(String) })
  // Not followed, not asked again.
  expect(world.platform.calls.length).toBe(code === 'no_endpoint' ? 0 : 1)
})

const nested = (levels: number) => `{"text":"x","blocks":[${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}]}`

test.each<[string, string]>([
  ['bytes that are no text', 'not_json'],
  ['JSON with a NUL in it', 'not_taken'],
])('on PostgreSQL, which keeps no NUL, %s become an apology too', async (_, code) => {
  await using world = await startDeclared({ engine: 'postgres' })
  world.platform.answer((_, response) =>
    response.end(code === 'not_json' ? Buffer.from([0, 1, 255, 0]) : '{"text":"a\\u0000b"}'),
  )

  await world.type('soc2')
  await answerDue(world.ctx)

  expect(await world.seen()).toMatchObject([{ text: expect.stringMatching(/^Sorry/) }])
  expect(await world.first()).toMatchObject({ outcome: 'failed', code })
  expect(world.platform.calls).toHaveLength(1)
})

test('blocks that Slack does not take become an apology as well', async () => {
  await using world = await startDeclared()
  world.platform.answer((_, response) => response.end('{"text":"Hello","blocks":[{"type":"nonsense"}]}'))

  await world.type()
  await answerDue(world.ctx)

  expect(await world.seen()).toMatchObject([{ text: expect.stringMatching(/^Sorry/) }])
  expect(await world.first()).toMatchObject({ outcome: 'failed', code: 'invalid_blocks' })
})

test('whoever waits for long is told so, and the answer takes the place of the note', async () => {
  await using world = await startDeclared()
  const noted = Promise.withResolvers<void>()
  world.platform.answer(async (_, response) => {
    await noted.promise
    response.end('{"text":"Here it is."}')
  })

  await world.type()
  const answering = answerDue(world.ctx)
  await expect.poll(async () => (await world.seen()).map(({ text }) => text)).toEqual(['Working on it…'])
  noted.resolve()
  await answering

  expect((await world.seen()).map(({ text }) => text)).toEqual(['Here it is.'])
})

test('what Slack can not take now is given later, without asking the platform again', async () => {
  await using world = await startDeclared()
  world.platform.answer((_, response) => response.end('{"text":"Here it is."}'))
  await world.slack.fault({ method: 'response_url', kind: 'http_500', times: 1 })

  await world.type()
  await answerDue(world.ctx)
  const between = await world.first()
  world.clock.now += 5 * MINUTE_MS
  await answerDue(world.ctx)

  expect(between.outcome).toBe('waiting')
  expect(await world.seen()).toMatchObject([{ text: 'Here it is.' }])
  expect(world.platform.calls).toHaveLength(1)
  expect(await world.first()).toMatchObject({ outcome: 'answered', platformMs: expect.any(Number) })
})

test('a use whose worker is no more is asked about again under the same id, until Slack takes no answer', async () => {
  await using world = await startDeclared()
  world.platform.answer((_, response) => response.end('{"text":"Here it is."}'))
  const lost = { claimedBy: 'a worker that is no more', tries: 1, dueAt: world.clock.now + 90_000 }

  await world.type('first')
  await world.db.updateTable('waitingCommands').set(lost).execute()
  const held = await answerDue(world.ctx)
  world.clock.now += 90_000
  const taken = await answerDue(world.ctx)
  await world.type('second')
  world.clock.now += 31 * MINUTE_MS
  await answerDue(world.ctx)

  expect([held, taken]).toEqual([0, 1])
  const [second, first] = await world.invocations()
  expect(first).toMatchObject({ text: 'first', outcome: 'answered' })
  expect(world.platform.calls.map(({ headers }) => headers['webhook-id'])).toEqual([first.id])
  expect(second).toMatchObject({ text: 'second', outcome: 'failed', code: 'answer_expired' })
  expect(await world.db.selectFrom('waitingCommands').selectAll().execute()).toEqual([])
})

test('a use during which each server was lost comes to an end, and the person is told', async () => {
  await using world = await startDeclared()

  await world.type()
  await world.db.updateTable('waitingCommands').set({ tries: 4 }).execute()
  await answerDue(world.ctx)

  expect(await world.seen()).toMatchObject([{ text: expect.stringMatching(/^Sorry, .* try again in a minute/) }])
  expect(world.platform.calls).toEqual([])
  expect(await world.first()).toMatchObject({ outcome: 'failed', code: 'given_up' })
  expect(await answerDue(world.ctx)).toBe(0)
})

test('an integration that is deleted while a use waits is named as why', async () => {
  await using world = await startDeclared()
  await world.type('soc2')
  await deleteIntegration(world)

  await answerDue(world.ctx)

  expect(await world.first()).toMatchObject({ outcome: 'failed', code: 'integration_deleted' })
})

test.each(ENGINES)(
  'on %s, one that is deleted while the platform is asked takes no answer from the person',
  async (engine) => {
    await using world = await startDeclared({ engine })
    world.platform.answer(async (_, response) => {
      await deleteIntegration(world)
      response.end('{"text":"Fine."}')
    })

    await world.type('soc2')
    await answerDue(world.ctx)

    expect(await world.seen()).toMatchObject([{ text: 'Fine.' }])
    expect(await world.first()).toMatchObject({ outcome: 'answered' })
  },
)

async function deleteIntegration({ admin, integration: { id, name } }: Awaited<ReturnType<typeof startDeclared>>) {
  await admin.delete(`/api/integrations/${id}?name=${encodeURIComponent(name)}`)
}

test('what was typed and the address for the answer are sealed while they wait, and gone afterwards', async () => {
  await using world = await startDeclared()

  await world.type('xoxb-123456789-abcdefgh')
  const [row] = await world.db.selectFrom('waitingCommands').selectAll().execute()
  await answerDue(world.ctx)

  expect(row?.asked).toMatch(/^v1\.dek_/)
  expect(JSON.stringify(await world.db.selectFrom('invocations').selectAll().execute())).not.toContain('abcdefgh')
  expect(JSON.stringify(await world.db.selectFrom('platformCalls').selectAll().execute())).not.toContain('abcdefgh')
})

test('command success counts it when its answer was there, however long that took', async () => {
  await using world = await startDeclared()
  world.platform.answer((call, response) => response.end(call.body.data.text === 'bad' ? '{}' : '{"text":"Fine."}'))

  await world.type('good')
  await world.type('bad')
  // Its minute is rolled up while it waits.
  world.clock.now += 10 * MINUTE_MS
  while (await rollUp(world.ctx));
  const waiting = (await world.admin.get('/api/metrics/overview?window=1h')).body.commands
  await answerDue(world.ctx)
  world.clock.now += 10 * MINUTE_MS
  while (await rollUp(world.ctx));

  const { commands, tiles } = (await world.admin.get('/api/metrics/overview?window=1h')).body
  expect(waiting).toMatchObject({ total: 0, failed: 0 })
  expect(commands.byCommand).toEqual([{ command: '/compliance', count: 2, failed: 1 }])
  expect(tiles.commandSuccess.value).toBe(0.5)
})
