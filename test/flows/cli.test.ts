import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { jsonLines, runCli } from '../server/cli/run-cli.ts'
import { type Connected, startConnected } from '../server/cli/running-server.ts'
import { endPrograms } from '../support/program.ts'

/** Where nobody listens any more. */
const downUrl = await new Promise<string>((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo
    server.close(() => resolve(`http://127.0.0.1:${port}`))
  })
})
let world: Connected
let compliance: string

beforeAll(async () => {
  world = await startConnected()
  compliance = await world.destinationAt('#compliance')
})

beforeEach(() => world.slack.clearFaults())

afterAll(async () => {
  await world.stop()
  endPrograms()
})

type Line = { id: string; state: string; title: string }

/** A message that Slack refused, as it stands in the log. */
async function havingFailed(text: string): Promise<string> {
  await world.slack.fault({ method: 'chat.postMessage', kind: 'error', code: 'msg_too_long' })
  const sent = await world.post(`/api/destinations/${compliance}/test`, { message: { text } })
  expect(sent).toMatchObject({ state: 'failed', code: 'msg_too_long' })
  return sent.id
}

test.each([
  [
    'a port that is none',
    ['simulator', '--port', 'abc'],
    2,
    /^error: option '--port <port>' argument 'abc' is invalid/,
  ],
  ['a workspace that is none', ['simulator', '--seed', 'none'], 2, /Allowed choices are acme, large, empty\.$/m],
  ['a port of the demo that is none', ['demo', '--simulator-port', '99999'], 2, /whole number from 0 to 65535\.$/m],
])('%s is told without a trace of the program', async (_what, args, code, message) => {
  const run = await runCli(args)

  expect(run.code).toBe(code)
  expect(run.errors).toMatch(message)
})

test('a port that is in use is told by the simulator', async () => {
  const port = new URL(world.server.url).port

  const run = await runCli(['simulator', '--port', port])

  const told = `Port ${port} is in use already. Give another one by --port, or stop what runs there.\n`
  expect(run).toMatchObject({ code: 1, printed: '', errors: told })
})

describe('the list of deliveries', () => {
  test('is a table for people and lines of JSON for machines, filtered as told', async () => {
    const id = await havingFailed('one for the list')

    const table = await world.cli(['deliveries', 'list', '--state', 'failed', '--search', 'one for the list'])
    const lines = await world.cli(['deliveries', 'list', '--code', 'msg_too_long', '--from', '1h', '--json'])
    const none = await world.cli(['deliveries', 'list', '--state', 'cancelled', '--to', '2020-01-01'])

    expect([table.code, lines.code, none.code]).toEqual([0, 0, 0])
    expect(table.printed).toMatch(/^ID +CREATED +STATE +DESTINATION +TITLE +CODE\n/)
    expect(table.printed).toMatch(new RegExp(`^${id} .* failed +#compliance +one for the list +msg_too_long$`, 'm'))
    expect((jsonLines(lines.printed) as Line[]).map((line) => line.id)).toContain(id)
    expect(none).toMatchObject({ printed: '', errors: 'No delivery fits.\n' })
  })

  test('is read page by page up to the limit', async () => {
    for (const text of ['page one', 'page two', 'page three']) {
      await world.post(`/api/destinations/${compliance}/test`, { message: { text } })
    }
    const args = ['deliveries', 'list', '--search', 'page', '--json', '--limit']

    const two = await world.cli([...args, '2'])
    const [, cursor = ''] = /--cursor (\S+)/.exec(two.errors) ?? []
    const rest = await world.cli([...args, '300', '--cursor', cursor])

    const titles = [...jsonLines(two.printed), ...jsonLines(rest.printed)].map((line) => (line as Line).title)
    expect(titles).toEqual(['page three', 'page two', 'page one'])
  })

  test.each([
    [['--state', 'lost'], 'There is no state "lost"'],
    [['--from', 'yesterday'], 'It takes an instant like'],
    [['--limit', '0'], 'It takes a whole number from 1'],
    [['--stat', 'failed'], 'Did you mean --state?'],
  ])('is not given for %o', async (args, message) => {
    const run = await world.cli(['deliveries', 'list', ...args])

    expect(run).toMatchObject({ code: 2, printed: '' })
    expect(run.errors).toContain(message)
  })
})

describe('one delivery', () => {
  test('is told with its time line, its requests and what to do', async () => {
    const id = await havingFailed('one to be told')

    const shown = await world.cli(['deliveries', 'show', id])
    const lines = await world.cli(['deliveries', 'show', id, '--json'])

    expect(shown.code).toBe(0)
    expect(shown.printed).toMatch(/State {6}failed/)
    expect(shown.printed).toMatch(/Code {7}msg_too_long: /)
    expect(shown.printed).toMatch(/To do {6}\S+/)
    expect(shown.printed).toMatch(/1 {2}chat\.postMessage {2}Slack said no in \d+ ms/)
    expect(jsonLines(lines.printed)).toMatchObject([{ id, state: 'failed', attempts: [{ outcome: 'permanent' }] }])
  })

  test('that is not there ends with 1', async () => {
    const run = await world.cli(['deliveries', 'show', 'dlv_none'])

    expect(run.code).toBe(1)
    expect(run.errors).toContain('not_found')
  })

  test('that failed is sent again', async () => {
    const id = await havingFailed('again by id')

    const run = await world.cli(['deliveries', 'retry', id, '--json'])

    expect(run.code).toBe(0)
    expect(jsonLines(run.printed)).toMatchObject([{ replayOf: id }])
  })

  test('that has ended is not taken back, and does not keep others', async () => {
    const id = await havingFailed('too late to cancel')

    const run = await world.cli(['deliveries', 'cancel', id, 'dlv_none'])

    expect(run.code).toBe(1)
    expect(run.errors).toContain('2 of 2 could not be taken back.')
  })
})

describe('the connection test', () => {
  test('prints each step and ends with 0 when all is well', async () => {
    const run = await world.cli(['test'])

    expect(run).toMatchObject({ code: 0, errors: '' })
    expect(run.printed).toMatch(/^ok {7}Reaching Slack: .* \(\d+ ms\)$/m)
    expect(run.printed).toMatch(/^ok {7}Bot token: Bot token is @switchboard in Acme/m)
  })

  test('by name ends with 1 and says which step fails, why and what to do', async () => {
    await world.slack.fault({ method: 'auth.test', kind: 'error', code: 'token_revoked' })

    const run = await world.cli(['test', 'acme production'])
    await world.slack.fault({ method: 'auth.test', kind: 'error', code: 'token_revoked' })
    const lines = await world.cli(['test', world.integrationId, '--json'])

    expect([run.code, lines.code]).toEqual([1, 1])
    expect(run.printed).toMatch(/^FAILED {3}Bot token: .*\n {9}code token_revoked, request \w+\n {9}\S/m)
    expect(run.errors).toBe('The connection test failed.\n')
    expect(jsonLines(lines.printed)).toContainEqual(expect.objectContaining({ name: 'bot_token', state: 'fail' }))
  })

  test('without a server takes what the environment holds', async () => {
    const { apiUrl, host } = world.slack
    const { botToken } = await world.slack.app()
    const env = { SLACK_API_URL: apiUrl, SLACK_WEBHOOK_HOSTS: host, SLACK_BOT_TOKEN: botToken }

    const good = await runCli(['test', '--direct', '--channel', '#compliance'], { env })
    const bad = await runCli(['test', '--direct'], { env: { ...env, SLACK_BOT_TOKEN: `${botToken}x` } })

    expect([good.code, bad.code]).toEqual([0, 1])
    expect(good.printed).toMatch(/^ok {7}Test message: /m)
    expect(bad.printed).toContain('invalid_auth')
    expect(bad.printed + bad.errors).not.toContain(botToken)
  })
})

describe('the server', () => {
  test.each([
    ['that is down', { SWITCHBOARD_URL: downUrl }, 4, "can't be reached (ECONNREFUSED)"],
    ['on a port of others', { SWITCHBOARD_URL: 'http://127.0.0.1:9' }, 4, "can't be reached (bad port)"],
    ['that is something else', () => ({ SWITCHBOARD_URL: `${world.slack.url}/_sim` }), 4, 'is no Switchboard'],
    ['that knows no such key', { SWITCHBOARD_API_KEY: `sk_${'x'.repeat(43)}` }, 1, 'unauthenticated'],
    ['without a key', { SWITCHBOARD_API_KEY: '' }, 2, 'Set SWITCHBOARD_API_KEY'],
    ['at no address', { SWITCHBOARD_URL: 'switchboard' }, 2, 'SWITCHBOARD_URL is no http or https address'],
  ])('%s is told apart by the exit code', async (_what, env, code, message) => {
    const run = await world.cli(['deliveries', 'list'], { env: typeof env === 'function' ? env() : env })

    expect(run).toMatchObject({ code, printed: '' })
    expect(run.errors).toContain(message)
  })

  test('shows the words of a server without what would steer the terminal', async () => {
    const message = '\u001b[2JNo\nPosted to #compliance'
    const odd = createServer((_, outgoing) =>
      outgoing
        .writeHead(403, { 'content-type': 'application/json' })
        .end(JSON.stringify({ error: { code: 'forbidden', message, requestId: 'req_1' } })),
    ).listen(0, '127.0.0.1')
    await once(odd, 'listening')
    const { port } = odd.address() as AddressInfo

    const run = await world.cli(['deliveries', 'list', '--url', `http://127.0.0.1:${port}`])
    odd.close()

    expect(run).toMatchObject({
      code: 1,
      printed: '',
      errors: '[2JNo Posted to #compliance (forbidden, request req_1)\n',
    })
  })

  test('names the scope that a key lacks', async () => {
    const key = await world.keyWith(['messages:write'])

    const run = await world.cli(['deliveries', 'list'], { env: { SWITCHBOARD_API_KEY: key } })

    expect(run.code).toBe(1)
    expect(run.errors).toContain('deliveries:read')
  })
})
