import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startSimulator } from '../../../server/simulator/simulator.ts'
import { type Sandbox, type SandboxApp, sandboxOf } from '../../support/sandbox.ts'
import { jsonLines, runCli, slackEnv } from './run-cli.ts'

const UNREACHABLE = 'http://127.0.0.1:9/api/'
let slack: Sandbox
let app: SandboxApp
let folder: string
let env: Record<string, string>

beforeAll(async () => {
  slack = sandboxOf(await startSimulator({ pace: 'fast' }))
  app = await slack.app()
  folder = await mkdtemp(join(tmpdir(), 'switchboard-cli-'))
})

afterAll(async () => {
  await slack.stop()
  await rm(folder, { recursive: true, force: true })
})

beforeEach(async () => {
  await slack.clearFaults()
  await rm(join(folder, 'state'), { recursive: true, force: true })
  env = { ...slackEnv(slack), SLACK_BOT_TOKEN: app.botToken, XDG_STATE_HOME: join(folder, 'state') }
})

const post = (args: string[], more: Parameters<typeof runCli>[1] = {}) =>
  runCli(['post', '--direct', ...args], { ...more, env: { ...env, ...more.env } })

/** How often the sandbox holds a message with this text. */
const times = async (text: string) => (await slack.allMessages()).filter((line) => line.text.includes(text)).length

describe('a message straight to Slack', () => {
  test.each([
    ['as an argument', ['said once'], {}],
    ['as an option', ['--text', 'said by option'], {}],
    ['from standard input', ['-'], { input: 'said by a pipe\n' }],
  ])('takes its text %s', async (_how, args, more) => {
    const run = await post([...args, '--channel', '#compliance'], more)

    expect(run).toMatchObject({ code: 0, errors: '' })
    expect(run.printed).toMatch(/^Posted to #compliance \(C\w+\): ts \d+\.\d{6}\n$/)
    expect(await times((more as { input?: string }).input?.trim() ?? args.at(-1) ?? '')).toBe(1)
  })

  test('takes its blocks from a file, also as the Block Kit Builder writes them', async () => {
    const path = join(folder, 'blocks.json')
    await writeFile(
      path,
      JSON.stringify({ blocks: [{ type: 'header', text: { type: 'plain_text', text: 'In blocks' } }] }),
    )

    const run = await post(['--blocks', path, '--channel', 'compliance', '--json'])

    expect(run.code).toBe(0)
    const [{ conversationId, messageTs }] = jsonLines(run.printed) as [{ conversationId: string; messageTs: string }]
    const message = (await slack.messages(conversationId)).find(({ ts }) => ts === messageTs)
    expect(message).toMatchObject({ text: 'In blocks', blocks: [{ type: 'header' }] })
  })

  test('uploads a file with the text as its comment', async () => {
    const path = join(folder, 'results.csv')
    await writeFile(path, 'a,b\n1,2\n')

    const run = await post(['results of run 7', '--file', path, '--channel', '#compliance'])

    expect(run).toMatchObject({ code: 0, errors: '' })
    const lines = await slack.allMessages()
    expect(lines.find(({ text }) => text === 'results of run 7')?.files).toHaveLength(1)
  })

  test('shows the name that somebody chose without what would steer the terminal', async () => {
    const user = { id: 'U0ODDNAME1', name: 'odd', profile: { real_name: '\u001b[2JOdd\u202e' } }
    const answers = [
      ['users.lookupByEmail', { user }],
      ['conversations.open', { channel: { id: 'D0ODDNAME1' } }],
      ['chat.postMessage', { channel: 'D0ODDNAME1', ts: '1700000000.000100' }],
    ] as const
    const odd = createServer((incoming, outgoing) => {
      const [, answer] = answers.find(([method]) => incoming.url?.includes(method)) ?? []
      outgoing.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ ok: true, ...answer }))
    }).listen(0, '127.0.0.1')
    await once(odd, 'listening')
    const { port } = odd.address() as AddressInfo

    const run = await post(['hello', '--person', 'odd@acme.example'], {
      env: { SLACK_API_URL: `http://127.0.0.1:${port}/api/` },
    })
    odd.close()

    expect(run).toMatchObject({ code: 0, errors: '' })
    expect(run.printed).toMatch(/^Posted to \[2JOdd \(D0ODDNAME1\)/)
  })

  test('goes to a person by e-mail, and to a webhook out of the environment', async () => {
    const kim = (await slack.people()).find(({ email }) => email)

    const toPerson = await post(['to one person', '--person', kim?.email ?? ''])
    const toWebhook = await post(['to the hook'], { env: { SLACK_WEBHOOK_URL: app.webhooks[0]?.url ?? '' } })

    expect([toPerson, toWebhook]).toMatchObject([{ code: 0 }, { code: 0, printed: 'Posted to the webhook\n' }])
    expect([await times('to one person'), await times('to the hook')]).toEqual([1, 1])
  })

  test('waits when Slack asks for it, and says so', async () => {
    await slack.fault({ method: 'chat.postMessage', kind: 'rate_limited', retryAfterSeconds: 1 })

    const run = await post(['after a wait', '--channel', '#compliance'])

    expect(run.code).toBe(0)
    expect(run.errors).toContain('Slack asks to wait 1.0 s (ratelimited)')
    expect(await times('after a wait')).toBe(1)
  })
})

describe('the exit code', () => {
  test.each([
    ['an unknown channel', ['x', '--channel', '#nowhere'], {}, 3, 'Invite the bot in the channel with /invite'],
    ['a refused token', ['x', '--channel', '#compliance'], { SLACK_BOT_TOKEN: 'xoxb-1-wrong' }, 3, 'invalid_auth'],
    ['no way to Slack', ['x', '--channel', '#compliance'], { SLACK_API_URL: UNREACHABLE }, 4, 'ECONNREFUSED'],
    ['no token', ['x', '--channel', '#compliance'], { SLACK_BOT_TOKEN: '' }, 2, 'Set SLACK_BOT_TOKEN'],
    ['no text', ['--channel', '#compliance'], {}, 2, 'There is nothing to post'],
    ['nowhere to go', ['x'], {}, 2, 'Give --channel or --person'],
    ['an option of the server', ['x', '--channel', '#c', '--priority', 'low'], {}, 2, '--priority needs a server'],
    ['an unknown option', ['x', '--chanel', '#c'], {}, 2, 'Did you mean --channel?'],
    ['a file that is not there', ['--channel', '#c', '--file', '/nowhere'], {}, 1, 'The file /nowhere is not there'],
    ['another host’s webhook', ['x'], { SLACK_WEBHOOK_URL: 'https://evil.test/services/T1/B1/x' }, 1, 'evil.test'],
  ])('after %s tells why and what to do', async (_what, args, change, code, message) => {
    const run = await post(args, { env: change })

    expect(run.errors).toContain(message)
    expect(run).toMatchObject({ code, printed: '' })
  })

  test('of a failure comes with JSON too', async () => {
    const run = await post(['x', '--channel', '#nowhere', '--json'])

    expect(run.code).toBe(3)
    expect(jsonLines(run.printed)).toMatchObject([
      { state: 'failed', code: 'channel_not_found', destination: '#nowhere' },
    ])
  })

  test('of a file for a webhook is that of a refusal, and nothing is sent', async () => {
    const run = await post(['--file', import.meta.filename], { env: { SLACK_WEBHOOK_URL: app.webhooks[0]?.url ?? '' } })

    expect(run.code).toBe(1)
    expect(run.errors).toContain('webhook_only_posts')
  })
})

describe('a secret', () => {
  test('may come over a file descriptor', async () => {
    const args = ['by descriptor', '--channel', '#compliance', '--token-fd', '3']

    const run = await post(args, { env: { SLACK_BOT_TOKEN: '' }, third: `${app.botToken}\n` })

    expect(run).toMatchObject({ code: 0, errors: '' })
  })

  test('on the command line works and is warned of', async () => {
    const run = await post(['hook by option', '--webhook', app.webhooks[0]?.url ?? ''])

    expect(run.code).toBe(0)
    expect(run.errors).toContain('Warning: with --webhook the webhook URL stands in the process list')
  })

  test('of a descriptor that is not open is asked for properly', async () => {
    const run = await post(['x', '--channel', '#c', '--token-fd', '77'])

    expect(run.code).toBe(2)
    expect(run.errors).toContain("--token-fd 77 can't be read")
  })

  test('stands in nothing that is printed, whatever goes wrong', async () => {
    const hook = app.webhooks[0]?.url ?? ''
    await slack.fault({ method: 'webhook', kind: 'webhook_error', code: 'no_service', status: 404, times: null })
    const runs = await Promise.all([
      post(['x', '--channel', '#nowhere', '--token', app.botToken, '--json']),
      post(['x', '--channel', '#c', `--tokne=${app.botToken}`]),
      post(['x', '--channel', '#c', '--token-fd', app.botToken]),
      post([app.botToken, 'surplus', '--channel', '#c']),
      post(['x', '--channel', '#c'], { env: { SLACK_API_URL: UNREACHABLE } }),
      post(['x', '--webhook', hook, '--json']),
      post(['x'], { env: { SLACK_WEBHOOK_URL: hook.replace('127.0.0.1', 'localhost') } }),
      post(['x', '--url', hook]),
    ])

    const said = runs.map(({ printed, errors }) => printed + errors).join('\n')

    expect(runs.map(({ code }) => code)).not.toContain(0)
    expect(said).not.toContain(app.botToken)
    expect(said).not.toContain(hook.split('/').at(-1))
  })
})

describe('a key', () => {
  const keyed = (text: string, ...more: string[]) => [text, '--channel', '#compliance', '--key', 'nightly 7', ...more]

  test('given twice posts once, and the second run says so', async () => {
    const first = await post(keyed('once a night'))
    const second = await post(keyed('once a night'))
    const third = await post(keyed('once a night', '--json'))

    expect([first.code, second.code, third.code]).toEqual([0, 0, 0])
    expect(second.printed).toContain('Already posted to #compliance')
    expect(jsonLines(third.printed)).toMatchObject([{ state: 'delivered', isRepeated: true, key: 'nightly 7' }])
    expect(await times('once a night')).toBe(1)
  })

  test('given by several at the same moment posts once', async () => {
    const runs = await Promise.all(Array.from({ length: 5 }, () => post(keyed('once by five'))))

    expect(runs.filter(({ printed }) => printed.startsWith('Posted'))).toHaveLength(1)
    expect(await times('once by five')).toBe(1)
  })

  test('of another message is refused', async () => {
    await post(keyed('first of two'))

    const run = await post(keyed('second of two'))

    expect(run.code).toBe(1)
    expect(run.errors).toContain('was used for another message, to #compliance')
    expect(await times('second of two')).toBe(0)
  })

  test('of what Slack refused may be tried again', async () => {
    await slack.fault({ method: 'chat.postMessage', kind: 'error', code: 'is_archived' })

    const first = await post(keyed('refused at first'))
    const second = await post(keyed('refused at first'))

    expect([first.code, second.code]).toEqual([3, 0])
    expect(await times('refused at first')).toBe(1)
  })

  test('finds what was posted when the answer was lost, at once', async () => {
    await slack.fault({ method: 'chat.postMessage', kind: 'lost_answer' })

    const run = await post(keyed('answer lost'))

    expect(run.code).toBe(0)
    expect(await times('answer lost')).toBe(1)
  })

  test('finds in the next run what a killed one posted', async () => {
    await slack.fault({ method: 'chat.postMessage', kind: 'http_500_after_commit', delayMs: 60_000 })
    await slack.fault({ method: 'conversations.history', kind: 'never_answers' })
    await post(keyed('killed on the way'), {
      onStart: (child) => void untilPosted('killed on the way').then(() => child.kill('SIGKILL')),
    })
    await slack.clearFaults()

    const again = await post(keyed('killed on the way'))

    expect(again).toMatchObject({ code: 0, printed: expect.stringContaining('Already posted') })
    expect(await times('killed on the way')).toBe(1)
  })

  test('posts in the next run what did not arrive in the one before', async () => {
    await slack.fault({ method: 'chat.postMessage', kind: 'http_500' })

    const first = await post(keyed('not arrived'))
    const second = await post(keyed('not arrived'))

    expect([first.code, second.code]).toEqual([4, 0])
    expect(first.errors).toContain('Run it again with the same --key')
    expect(await times('not arrived')).toBe(1)
  })

  test('refuses to guess where nobody can look, until told to send again', async () => {
    const hook = { env: { SLACK_WEBHOOK_URL: app.webhooks[0]?.url ?? '' } }
    const args = ['in doubt', '--key', 'hook 1']
    await slack.fault({ method: 'webhook', kind: 'lost_answer' })

    const lost = await post(args, hook)
    const refused = await post(args, hook)
    const sent = await post([...args, '--send-again'], hook)

    expect([lost.code, refused.code, sent.code]).toEqual([4, 1, 0])
    expect(refused.errors).toContain('run this again with --send-again')
    expect(await times('in doubt')).toBe(2)
  })

  test('keeps no secret and no message in its state, which is its owner’s to read', async () => {
    await post(keyed('kept to itself'))

    const files = await readdir(join(folder, 'state'), { recursive: true })
    const kept = join(folder, 'state', files.find((name) => name.endsWith('.json')) ?? '')
    const content = await readFile(kept, 'utf8')

    expect(content).not.toContain(app.botToken)
    expect(content).not.toContain('kept to itself')
    expect((await stat(kept)).mode & 0o777).toBe(0o600)
  })

  test('uploads a file once', async () => {
    const path = join(folder, 'once.txt')
    await writeFile(path, 'once')
    await slack.fault({ method: 'files.completeUploadExternal', kind: 'lost_answer' })
    const args = ['one upload', '--file', path, '--channel', '#compliance', '--key', 'upload 1']

    const first = await post(args)
    const second = await post(args)

    expect([first.code, second.code]).toEqual([0, 0])
    expect(second.printed).toContain('Already posted')
    expect(await times('one upload')).toBe(1)
  })

  async function untilPosted(text: string): Promise<void> {
    while ((await times(text)) === 0) await new Promise((resolve) => setImmediate(resolve))
  }
})
