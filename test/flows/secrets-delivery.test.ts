import { describe, expect, test } from 'vitest'
import { deliverDue } from '../../server/deliveries/worker.ts'
import { runCli } from '../server/cli/run-cli.ts'
import { storedText, textOf } from '../support/seen.ts'
import { havingSender, part, sendForm } from '../support/sending.ts'
import { startWorld, type World } from '../support/world.ts'

/*
 * Sends events, messages and files by keys while Slack fails in every way, steers, follows and exports them, in the
 * browser's way and on the command line, and then looks for every secret in all that was answered, logged and stored.
 */

type Seen = { where: string; text: string }[]

const FAULTS = [
  { method: 'chat.postMessage', kind: 'error', code: 'invalid_blocks' },
  { method: 'chat.postMessage', kind: 'error', code: 'token_revoked' },
  { method: 'chat.postMessage', kind: 'truncated_json' },
  { method: 'chat.postMessage', kind: 'redirect' },
  { method: 'chat.postMessage', kind: 'lost_answer' },
  { method: 'conversations.history', kind: 'http_503_html' },
  { method: 'files.getUploadURLExternal', kind: 'truncated_json' },
  { method: 'files.getUploadURLExternal', kind: 'error', code: 'not_allowed_token_type' },
  { method: 'files.upload', kind: 'reset' },
  { method: 'files.upload', kind: 'redirect' },
  { method: 'files.upload', kind: 'http_503_html' },
  { method: 'files.completeUploadExternal', kind: 'truncated_json' },
  { method: 'webhook', kind: 'webhook_error', body: 'no_service', status: 404 },
  { method: 'webhook', kind: 'lost_answer' },
]

const UPLOAD_ADDRESS = /upload[^A-Za-z0-9]*v1[^A-Za-z0-9]*[A-Za-z0-9]{20}/

describe.each(['sqlite', 'postgres'] as const)('secrets on their way to Slack, on %s', (engine) => {
  test('are in no answer, stream, export, log line, metric, printed line or stored byte', async () => {
    const seen: Seen = []
    await using world = await startWorld({ engine, onLogLine: (text) => seen.push({ where: 'log', text }) })
    const having = await havingAll(world)

    const stream = await follow(world, having.reader, seen)
    for (const fault of FAULTS) await sendUnder(world, having, fault, seen)
    await steer(world, having, seen)
    await readAll(world, seen)
    await commandLine(world, having, seen)
    await stream.end()
    seen.push(...(await storedText(world)))

    for (const [name, secret] of Object.entries(having.secrets)) {
      const leaks = seen.filter(({ text }) => text.includes(secret)).map(({ where }) => where)
      expect(leaks, `${name} was found`).toEqual([])
    }
    expect(seen.filter(({ text }) => UPLOAD_ADDRESS.test(text)).map(({ where }) => where)).toEqual([])
    // The walk is worth something only where messages went out and failed, and were told of.
    const states = new Set((await (await world.as('viewer')).get('/api/deliveries?limit=100')).body.items.map(stateOf))
    expect([...states]).toEqual(expect.arrayContaining(['delivered', 'failed']))
    expect(seen.filter(({ where }) => where === 'stream').length).toBeGreaterThan(0)
  }, 180_000)
})

type Having = Awaited<ReturnType<typeof havingAll>>

const stateOf = ({ state }: { state: string }) => state

async function havingAll(world: World) {
  const having = await havingSender(world)
  const admin = await world.as('admin')
  const { webhooks, botToken, clientSecret, signingSecret, appToken } = await world.slack.app()
  const hook = webhooks[0]?.url ?? ''
  const made = { integrationId: having.integrationId, kind: 'webhook', url: hook, name: 'Kim' }
  const webhookId = (await admin.post('/api/destinations', made)).body.id as string
  const reader = await world.withKey(['deliveries:read', 'deliveries:write', 'messages:write', 'config:read'])
  const keyOf = (headers: Record<string, string>) => headers.authorization?.replace('Bearer ', '') ?? ''
  const secrets = {
    'bot token': botToken,
    'client secret': clientSecret,
    'signing secret': signingSecret,
    'app-level token': appToken,
    'webhook secret': hook.split('/').at(-1) ?? '',
    'key that sends events': keyOf(having.sender.headers),
    'key that sends messages': keyOf(having.messenger.headers),
    'key that reads': keyOf(reader.headers),
  }
  return { ...having, webhookId, reader, cliKey: keyOf(reader.headers), secrets }
}

async function sendUnder(world: World, having: Having, fault: Record<string, unknown>, seen: Seen): Promise<void> {
  const { sender, messenger, event, destinationId, webhookId } = having
  const where = `sending under ${fault.method} ${fault.kind}`
  await world.slack.clearFaults()
  await world.slack.fault({ times: 2, ...fault })
  const once = await sender.post('/api/events', { ...event, destinations: [destinationId, webhookId] })
  const words = await messenger.post('/api/messages', { destination: destinationId, text: 'Hello' })
  const message = part('message', JSON.stringify({ destination: destinationId, text: 'A file' }))
  const form = await sendForm(world, messenger, `${message}${part('file', 'bytes', 'a.txt')}--B--\r\n`)
  seen.push(...[once, words].map((answer) => ({ where, text: textOf(answer) })), { where, text: await form.text() })
  for (let round = 0; round < 4; round += 1) {
    world.clock.now += 5_000
    await deliverDue(world.ctx)
  }
  const changed = await messenger.patch(`/api/messages/${words.body.id}`, { text: 'Changed' })
  seen.push({ where, text: textOf(changed) })
  const admin = await world.as('admin')
  for (const [kind, id] of [
    ['destinations', destinationId],
    ['destinations', webhookId],
    ['integrations', having.integrationId],
  ]) {
    seen.push({ where: `resuming after ${where}`, text: textOf(await admin.post(`/api/${kind}/${id}/resume`)) })
  }
}

/** All that can be done to what waits and to what failed, each well and with secrets for names. */
async function steer(world: World, having: Having, seen: Seen): Promise<void> {
  const { destinationId, integrationId, webhookId, secrets } = having
  await world.slack.clearFaults()
  const admin = await world.as('admin')
  const failed = (await admin.get('/api/deliveries?state=failed')).body.items[0]?.id ?? 'dlv_none'
  const which = { ids: [failed] }
  const asked: [path: string, body: Record<string, unknown>][] = [
    [`/api/destinations/${destinationId}/pause`, { note: 'for now' }],
    [`/api/integrations/${integrationId}/pause`, {}],
    [`/api/deliveries/${failed}/send-elsewhere`, { destinationId: webhookId }],
    [`/api/deliveries/${failed}/replay`, {}],
    ['/api/replays/preview', { which }],
    ['/api/replays', { which, options: { skipSuperseded: false }, expected: 1 }],
    ['/api/queue/purge', { destinationId, expected: 1_000 }],
    [`/api/integrations/${integrationId}/resume`, {}],
    [`/api/destinations/${destinationId}/resume`, {}],
  ]
  for (const [path, body] of asked) {
    seen.push({ where: path, text: textOf(await admin.post(path, body)) })
    const bad = { ...body, [secrets['bot token']]: secrets['key that reads'] }
    seen.push({ where: `${path}, badly`, text: textOf(await admin.post(path, bad)) })
  }
  await deliverDue(world.ctx)
}

async function readAll(world: World, seen: Seen): Promise<void> {
  const admin = await world.as('admin')
  const read = async (path: string) => {
    const answer = await admin.get(path)
    seen.push({ where: path, text: textOf(answer) })
    return answer
  }
  const lists = ['deliveries', 'incidents', 'replays'].map((name) => `/api/${name}`)
  for (const list of lists) {
    for (const { id } of (await read(`${list}?limit=100`)).body.items) await read(`${list}/${id}`)
  }
  for (const path of [
    '/metrics',
    '/api/queue',
    '/api/audit?limit=100',
    '/api/metrics/attention',
    '/api/metrics/health',
  ]) {
    await read(path)
  }
  for (const format of ['csv', 'jsonl']) await read(`/api/deliveries/export?format=${format}`)
}

async function commandLine(world: World, { cliKey, destinationId }: Having, seen: Seen): Promise<void> {
  const env = { SWITCHBOARD_URL: world.url, SWITCHBOARD_API_KEY: cliKey }
  const [failed] = (await (await world.as('admin')).get('/api/deliveries?state=failed')).body.items
  const commands = [
    ['deliveries', 'list'],
    ['deliveries', 'list', '--json'],
    ['deliveries', 'show', failed?.id ?? 'dlv_none'],
    ['deliveries', 'show', 'dlv_none'],
    ['post', 'from a terminal', '--destination', destinationId],
    ['post', 'from a terminal', '--destination', 'dst_none'],
  ]
  for (const args of commands) {
    const { code, printed, errors } = await runCli(args, { env })
    expect(code, errors).toBe(args.at(-1)?.endsWith('_none') ? 1 : 0)
    seen.push({ where: `switchboard ${args.join(' ')}`, text: printed + errors })
  }
}

async function follow(world: World, { headers }: Having['reader'], seen: Seen) {
  const leaving = new AbortController()
  const answer = await fetch(`${world.url}/api/deliveries/stream`, { headers, signal: leaving.signal })
  const decoder = new TextDecoder()
  const reading = (async () => {
    for await (const chunk of answer.body ?? []) seen.push({ where: 'stream', text: decoder.decode(chunk) })
  })().catch(() => {})
  return {
    end: () => {
      leaving.abort()
      return reading
    },
  }
}
