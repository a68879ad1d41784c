import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { jsonLines } from '../server/cli/run-cli.ts'
import { type Connected, startConnected } from '../server/cli/running-server.ts'
import { endPrograms } from '../support/program.ts'

let world: Connected
let compliance: string
let folder: string

beforeAll(async () => {
  world = await startConnected()
  compliance = await world.destinationAt('#compliance')
  folder = await mkdtemp(join(tmpdir(), 'switchboard-cli-post-'))
})

beforeEach(() => world.slack.clearFaults())

afterAll(async () => {
  await world.stop()
  endPrograms()
  await rm(folder, { recursive: true, force: true })
})

type Line = { id: string; state: string; code?: string }

const post = (args: string[], more: Parameters<Connected['cli']>[1] = {}) => world.cli(['post', ...args], more)
const times = async (text: string) =>
  (await world.slack.allMessages()).filter((line) => line.text.includes(text)).length
const idOf = (printed: string) => /^(dlv_\w+) /.exec(printed)?.[1] ?? ''

describe('a message through the server', () => {
  test('to a channel of the only integration is accepted, and followed until it has arrived', async () => {
    const accepted = await post(['accepted only', '--channel', '#compliance'])
    const followed = await post(['-', '--channel', '#compliance', '--wait', '20'], { input: 'followed to its end' })

    expect(accepted).toMatchObject({ code: 0, errors: '' })
    expect(accepted.printed).toMatch(/^dlv_\w+ \w+: follow it with switchboard deliveries show dlv_\w+\n$/)
    expect(followed).toMatchObject({ code: 0, errors: '' })
    expect(followed.printed).toMatch(/^dlv_\w+ delivered to #compliance at /)
    expect(await times('followed to its end')).toBe(1)
  })

  test('carries a file, and its outcome as JSON', async () => {
    const path = join(folder, 'run 7 – results.csv')
    await writeFile(path, 'a,b\n1,2\n')

    const run = await post(['with a file', '--file', path, '--destination', compliance, '--wait', '--json'])

    expect(run.code).toBe(0)
    expect(jsonLines(run.printed)).toMatchObject([
      { state: 'delivered', file: { name: 'run 7 – results.csv', sizeBytes: 8 } },
    ])
    const lines = await world.slack.allMessages()
    expect(lines.find(({ text }) => text.includes('with a file'))?.files).toHaveLength(1)
  })

  test('to a webhook is named by its destination', async () => {
    const made = { integrationId: world.integrationId, kind: 'webhook', url: world.webhookUrl, name: 'Alerts' }
    const { id } = await world.post('/api/destinations', made)

    const run = await post(['to the webhook', '--webhook-destination', id, '--wait'])

    expect(run).toMatchObject({ code: 0, errors: '' })
    expect(await times('to the webhook')).toBe(1)
  })

  test('with the same key twice is posted once, and the second run says so', async () => {
    const args = ['once through the server', '--channel', '#compliance', '--key', 'run 7', '--wait']

    const first = await post(args)
    const second = await post(args)

    expect([first.code, second.code]).toEqual([0, 0])
    expect(second.errors).toContain('An earlier run posted this with the key run 7')
    expect(idOf(second.printed)).toBe(idOf(first.printed))
    expect(await times('once through the server')).toBe(1)
  })

  test('with a file and the same key twice is posted once', async () => {
    const path = join(folder, 'once.txt')
    await writeFile(path, 'once')
    const args = ['one file', '--file', path, '--channel', '#compliance', '--key', 'file 7', '--wait']

    const first = await post(args)
    const second = await post(args)

    expect([first.code, second.code]).toEqual([0, 0])
    expect(await times('one file')).toBe(1)
  })

  test('with the key of another message is refused', async () => {
    await post(['first of two', '--channel', '#compliance', '--key', 'run 8'])

    const run = await post(['second of two', '--channel', '#compliance', '--key', 'run 8'])

    expect(run.code).toBe(1)
    expect(run.errors).toContain('conflict')
  })

  test('whose answer was lost is handed over again under its key, and posted once', async () => {
    await using proxy = await losingFirstAnswer(world.server.url)

    const run = await post(['lost on the way back', '--destination', compliance, '--wait'], {
      env: { SWITCHBOARD_URL: proxy.url },
    })

    expect(run.code).toBe(0)
    expect(proxy.lost()).toBe(1)
    expect(await times('lost on the way back')).toBe(1)
  })
})

describe('a message that was accepted', () => {
  const isLook = ({ method, url = '' }: IncomingMessage) => method === 'GET' && url.startsWith('/api/deliveries/')

  test('is followed although the server does not answer for a while', async () => {
    await using proxy = await losing(world.server.url, (request, lost) => isLook(request) && lost < 3)

    const run = await post(['followed on', '--destination', compliance, '--wait'], {
      env: { SWITCHBOARD_URL: proxy.url },
    })

    expect(run).toMatchObject({ code: 0, errors: '' })
    expect(run.printed).toMatch(/ delivered to #compliance at /)
    expect(proxy.lost()).toBe(3)
  })

  test('is said to be kept where the server stays away, and is not to be posted again', async () => {
    await using proxy = await losing(world.server.url, isLook)

    const run = await post(['kept all the same', '--destination', compliance, '--wait', '1'], {
      env: { SWITCHBOARD_URL: proxy.url },
    })

    expect(run.code).toBe(4)
    expect(run.errors).toMatch(/^dlv_\w+ was accepted, but what became of it could not be read: /)
    expect(run.errors).toMatch(/so do not post it again: switchboard deliveries show dlv_\w+\n$/)
    expect(run.errors).not.toContain('Run the command again')
  })
})

describe('what went wrong', () => {
  test('of a message that Slack refused ends with 3, its code explained', async () => {
    await world.slack.fault({ method: 'chat.postMessage', kind: 'error', code: 'msg_too_long' })

    const run = await post(['refused by Slack', '--destination', compliance, '--wait', '--json'])

    expect(run.code).toBe(3)
    expect((jsonLines(run.printed) as Line[])[0]).toMatchObject({ state: 'failed', code: 'msg_too_long' })
    expect(run.errors).toMatch(/is failed\. msg_too_long: \S.*\n\S/)
  })

  test('of one that has not ended in time ends with 1, and says that the server keeps it', async () => {
    const run = await post(['later', '--destination', compliance, '--send-at', '1h', '--wait', '1'])

    expect(run.code).toBe(1)
    expect(run.errors).toMatch(/has not ended after 1 s: it is pending\b/)
    expect(run.errors).toContain('The server keeps it and goes on')
  })

  test.each([
    ['no place', ['x'], 2, 'Give one of --channel'],
    ['two places', ['x', '--channel', '#a', '--person', 'U1'], 2, 'Several options say where it goes'],
    ['an option of --direct', ['x', '--channel', '#a', '--token', 'xoxb-1-secret'], 2, '--token goes with --direct'],
    ['a key for a moving instant', ['x', '--channel', '#a', '--key', 'k', '--send-at', '1h'], 2, 'the very same'],
    ['a channel that is not there', ['x', '--channel', '#nowhere'], 1, '#nowhere'],
    ['a destination that is not there', ['x', '--destination', 'dst_none'], 1, 'There is no destination dst_none'],
  ])('of %s is told before anything is sent', async (_what, args, code, message) => {
    const run = await post(args)

    expect(run).toMatchObject({ code, printed: '' })
    expect(run.errors).toContain(message)
  })

  test('of several integrations is that one has to be named', async () => {
    await world.connect('Acme staging')

    const unnamed = await post(['to which?', '--channel', '#compliance'])
    const named = await post(['to this', '--channel', '#compliance', '--integration', 'Acme production'])

    expect([unnamed.code, named.code]).toEqual([2, 0])
    expect(unnamed.errors).toContain(`${world.integrationId}  Acme production`)
    expect(await times('to which?')).toBe(0)
  })
})

describe('what failed', () => {
  const failing = async (text: string) => {
    await world.slack.fault({ method: 'chat.postMessage', kind: 'error', code: 'msg_too_long' })
    await post([text, '--destination', compliance, '--wait'])
  }

  test('is sent again by a filter, after a preview, once it is confirmed', async () => {
    for (const text of ['many 1', 'many 2']) await failing(text)
    const args = ['deliveries', 'retry', '--state', 'failed', '--search', 'many', '--no-mark-delayed']

    const asked = await world.cli(args)
    const confirmed = await world.cli([...args, '--yes', '--per-minute', '6000'])

    expect(asked).toMatchObject({ code: 2, printed: '' })
    expect(asked.errors).toMatch(/^2 would be sent again, 0 skipped\.\n {2}2 to #compliance\n/)
    expect(asked.errors).toContain('Add --yes')
    expect(confirmed.code).toBe(0)
    expect(confirmed.printed).toMatch(/^Replay rpl_\w+ sends 2 again/)
  })

  test('is looked for before it is sent again once more, where the answer was lost', async () => {
    await failing('lost replay')
    const [failed] = jsonLines((await world.cli(['deliveries', 'list', '--search', 'lost replay', '--json'])).printed)
    await using proxy = await losingFirstAnswer(world.server.url)

    const run = await world.cli(['deliveries', 'retry', (failed as Line).id], { env: { SWITCHBOARD_URL: proxy.url } })

    expect(run.code).toBe(4)
    expect(run.errors).toMatch(/may or may not have been done\.\nLook before you run it again, or it may be sent twice/)
  })

  test('is not sent again without a word about which', async () => {
    const none = await world.cli(['deliveries', 'retry'])
    const nothing = await world.cli(['deliveries', 'retry', '--search', 'there is no such title'])

    expect([none.code, nothing.code]).toEqual([2, 1])
    expect(nothing.errors).toContain('Nothing is left to send again.')
  })

  test('is not what waits, which is taken back', async () => {
    const accepted = await post(['taken back', '--destination', compliance, '--send-at', '1h'])
    const id = idOf(accepted.printed)

    const run = await world.cli(['deliveries', 'cancel', id])

    expect(run).toMatchObject({ code: 0, printed: `${id} is cancelled: taken back\n` })
  })
})

test('no secret stands in anything that is printed', async () => {
  const runs = await Promise.all([
    world.cli(['deliveries', 'list', '--json', '--limit', '500']),
    world.cli(['test', world.integrationId, '--json']),
    post(['x', '--destination', 'dst_none']),
    post(['x', '--channel', '#nowhere', '--integration', world.integrationId]),
  ])

  const said = runs.map(({ printed, errors }) => printed + errors).join('\n')

  for (const secret of world.secrets) expect(said).not.toContain(secret)
})

/** A way to the server on which the answer to the first POST is lost. */
async function losingFirstAnswer(to: string) {
  return losing(to, ({ method }, lost) => method === 'POST' && lost === 0)
}

/** The same, for the answers that are chosen. */
async function losing(to: string, isLost: (request: IncomingMessage, lost: number) => boolean) {
  let lost = 0
  const proxy = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk)
    const { authorization = '', 'content-type': type, 'idempotency-key': key } = incoming.headers
    const answer = await fetch(`${to}${incoming.url}`, {
      method: incoming.method ?? 'GET',
      headers: { authorization, ...(type && { 'content-type': type }), ...(key && { 'idempotency-key': String(key) }) },
      ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
    })
    const body = await answer.text()
    if (isLost(incoming, lost)) {
      lost += 1
      return incoming.socket.destroy()
    }
    return outgoing.writeHead(answer.status, { 'content-type': 'application/json' }).end(body)
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    lost: () => lost,
    [Symbol.asyncDispose]: async () => {
      proxy.closeAllConnections()
      await new Promise((resolve) => proxy.close(resolve))
    },
  }
}
