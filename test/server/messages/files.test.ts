import { createHash, randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { gateLimits } from '../../../server/deliveries/accept/gate.ts'
import { deliverDue } from '../../../server/deliveries/worker.ts'
import { keepFile } from '../../../server/files/keep-file.ts'
import { readFile } from '../../../server/files/store.ts'
import { messageTaker } from '../../../server/messages/accept-message.ts'
import { takeWithFile } from '../../../server/messages/take-with-file.ts'
import { ENGINES } from '../../support/each-store.ts'
import { ADA } from '../../support/gateway.ts'
import { type EventsWorld, startEventsWorld } from '../events/world.ts'

type Sending = { bytes?: Buffer; name?: string; headers?: Record<string, string>; message?: Record<string, unknown> }

const sendFile = async (world: EventsWorld, { bytes = Buffer.from('Hello'), name, headers, message }: Sending = {}) => {
  const form = new FormData()
  form.append('message', JSON.stringify({ destination: world.destination, text: 'The list', ...message }))
  form.append('file', new Blob([new Uint8Array(bytes)], { type: 'text/csv' }), name ?? 'doors.csv')
  const response = await fetch(`${world.url}/api/messages`, {
    method: 'POST',
    headers: { ...world.sender.headers, ...headers },
    body: form,
  })
  const text = await response.text()
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the answer has and asserts on it
  return { status: response.status, headers: response.headers, text, body: JSON.parse(text) as any }
}

const countFiles = async (world: EventsWorld) => [await world.count('files'), await world.count('fileChunks')]

describe.each(ENGINES)('a message with a file on %s', (engine) => {
  test('is kept whole, in pieces of a megabyte, and reaches Slack', async () => {
    await using world = await startEventsWorld({ engine })
    const bytes = randomBytes(2_500_000)

    const answer = await sendFile(world, { bytes, message: { altText: 'All doors' } })

    expect(answer).toMatchObject({ status: 202, body: { state: 'pending' } })
    expect(await countFiles(world)).toEqual([1, 3])
    const row = await world.db.selectFrom('files').selectAll().executeTakeFirstOrThrow()
    expect(row).toMatchObject({
      name: 'doors.csv',
      contentType: 'text/csv',
      altText: 'All doors',
      sha256: createHash('sha256').update(bytes).digest('hex'),
    })
    const read: Uint8Array[] = []
    for await (const chunk of readFile(world.db, row.id)) read.push(chunk)
    expect(Buffer.concat(read).equals(bytes)).toBe(true)
    await deliverDue(world.ctx)
    expect(await world.slack.allMessages()).toMatchObject([{ text: 'The list', files: [expect.anything()] }])
  })

  test('keeps the name that a form writes otherwise', async () => {
    await using world = await startEventsWorld({ engine })

    await sendFile(world, { name: 'a "b" 100%25.csv' })

    const row = await world.db.selectFrom('files').select('name').executeTakeFirstOrThrow()
    expect(row.name).toBe('a "b" 100%25.csv')
  })

  test('that comes again is kept once, and the same words with another file are another request', async () => {
    await using world = await startEventsWorld({ engine })
    const headers = { 'idempotency-key': 'one' }

    const first = await sendFile(world, { headers })
    const again = await sendFile(world, { headers })
    const other = await sendFile(world, { headers, bytes: Buffer.from('Other') })

    expect([first.status, again.status, other.status]).toEqual([202, 202, 409])
    expect(again.text).toBe(first.text)
    expect(await countFiles(world)).toEqual([1, 1])
  })

  test('that is refused leaves no file', async () => {
    await using world = await startEventsWorld({ engine })

    const empty = await sendFile(world, { bytes: Buffer.alloc(0) })
    const unknown = await sendFile(world, { bytes: randomBytes(3_000_000), message: { destination: 'dst_none' } })
    const late = await sendFile(world, { message: { replyTo: 'dlv_none' } })

    expect(empty).toMatchObject({ status: 422, body: { error: { field: 'file' } } })
    expect(unknown).toMatchObject({ status: 422, body: { error: { field: 'destination' } } })
    expect(late).toMatchObject({ status: 422, body: { error: { field: 'replyTo' } } })
    expect(await countFiles(world)).toEqual([0, 0])
  })

  test('that breaks off in the middle leaves nothing', async () => {
    await using world = await startEventsWorld({ engine })
    const { port } = new URL(world.url)
    const head = [
      'POST /api/messages HTTP/1.1',
      `host: 127.0.0.1:${port}`,
      `authorization: ${world.sender.headers.authorization}`,
      'content-type: multipart/form-data; boundary=x',
      'content-length: 9000000',
      '',
      '--x',
      'content-disposition: form-data; name="message"',
      '',
      JSON.stringify({ destination: world.destination, text: 'x' }),
      '--x',
      'content-disposition: form-data; name="file"; filename="a.bin"',
      '',
      '',
    ].join('\r\n')
    const socket = connect(Number(port), '127.0.0.1')
    socket.write(head)
    socket.write(randomBytes(3_000_000))
    while ((await world.count('fileChunks')) === 0) await wait(10)

    socket.destroy()

    while ((await world.count('fileChunks')) > 0) await wait(10)
    expect(await countFiles(world)).toEqual([0, 0])
    expect(await world.count('deliveries')).toBe(0)
  })
})

describe('a body with a file', () => {
  const post = async (world: EventsWorld, type: string, body: string | Buffer<ArrayBuffer>) => {
    const headers = { ...world.sender.headers, 'content-type': type }
    const response = await fetch(`${world.url}/api/messages`, { method: 'POST', headers, body })
    return { status: response.status, error: (await response.json()).error }
  }
  const part = (head: string, content: string) => `--x\r\ncontent-disposition: form-data; ${head}\r\n\r\n${content}\r\n`
  const FORM = 'multipart/form-data; boundary=x'

  test.each([
    ['no boundary', 'multipart/form-data; charset=utf-8', '', 400, 'body'],
    ['nothing in it', FORM, '--x--\r\n', 400, 'file'],
    ['a file before the message', FORM, `${part('name="file"; filename="a"', 'x')}--x--\r\n`, 400, 'file'],
    ['no file', FORM, `${part('name="message"', '{}')}--x--\r\n`, 400, 'file'],
    ['a part that is not known', FORM, `${part('name="other"', '{}')}--x--\r\n`, 400, 'other'],
    [
      'a message that is no JSON',
      FORM,
      `${part('name="message"', '{')}${part('name="file"; filename="a"', 'x')}--x--\r\n`,
      400,
      'body',
    ],
    [
      'a message with half a character',
      FORM,
      `${part('name="message"', '{"text":"\\ud800"}')}${part('name="file"; filename="a"', 'x')}--x--\r\n`,
      400,
      'text',
    ],
    [
      'a message that does not fit',
      FORM,
      `${part('name="message"', '{"destination":7}')}${part('name="file"; filename="a"', 'x')}--x--\r\n`,
      422,
      'destination',
    ],
    ['no end', FORM, part('name="message"', '{}'), 400, 'body'],
  ])('is refused with its field: %s', async (_, type, body, status, field) => {
    await using world = await startEventsWorld()

    expect(await post(world, type, body)).toMatchObject({ status, error: { field } })

    expect(await countFiles(world)).toEqual([0, 0])
  })

  test.each(['file', 'other'])('is refused when after its file comes another part, named %s', async (name) => {
    await using world = await startEventsWorld()
    const message = JSON.stringify({ destination: world.destination, text: 'Two' })
    const files = part('name="file"; filename="a"', 'x') + part(`name="${name}"; filename="b"`, 'y')

    const answer = await post(world, FORM, `${part('name="message"', message)}${files}--x--\r\n`)

    expect(answer).toMatchObject({ status: 400, error: { field: name } })
    expect(await countFiles(world)).toEqual([0, 0])
    expect(await world.count('deliveries')).toBe(0)
  })

  test.each(['', 'content-type: application/json; charset=utf-8\r\n'])(
    'is refused, as any other, when its message is no UTF-8, whatever it says of itself: "%s"',
    async (header) => {
      await using world = await startEventsWorld()
      const message = `{"destination":"${world.destination}","text":"caf\xe9"}`
      const head = `--x\r\n${header}content-disposition: form-data; name="message"\r\n\r\n`
      const body = `${head}${message}\r\n${part('name="file"; filename="a"', 'x')}--x--\r\n`

      const answer = await post(world, FORM, Buffer.from(body, 'latin1'))

      expect(answer).toMatchObject({ status: 400, error: { code: 'malformed', field: 'body' } })
      expect(await countFiles(world)).toEqual([0, 0])
    },
  )

  test('is refused when its message is larger than any other body may be', async () => {
    await using world = await startEventsWorld()
    const message = JSON.stringify({ destination: world.destination, text: 'x'.repeat(1_100_000) })
    const body = `${part('name="message"', message)}${part('name="file"; filename="a"', 'x')}--x--\r\n`

    expect(await post(world, FORM, body)).toMatchObject({ status: 413, error: { field: 'message' } })
  })

  test('a file to a webhook is refused before it is read, and the way out is told', async () => {
    await using world = await startEventsWorld()
    const [hook] = (await world.slack.app()).webhooks
    const { body } = await world.admin.post('/api/destinations', {
      integrationId: world.integration.id,
      kind: 'webhook',
      url: hook?.url,
    })

    const answer = await sendFile(world, { message: { destination: body.id } })

    expect(answer).toMatchObject({
      status: 422,
      body: { error: { field: 'file', fix: expect.stringContaining('bot') } },
    })
  })
})

describe('keeping a file', () => {
  test('one that is larger than it may be leaves nothing, however it arrives', async () => {
    await using world = await startEventsWorld()
    const pieces = async function* () {
      for (let piece = 0; piece < 50; piece += 1) yield Buffer.alloc(100_000)
    }

    const kept = keepFile(world.ctx, pieces(), { name: 'a', contentType: 'a/b', createdBy: 'a test' }, 4_000_000)

    await expect(kept).rejects.toMatchObject({ code: 'too_large', field: 'file' })
    expect(await countFiles(world)).toEqual([0, 0])
  })

  test.each([
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\Ada\\list.csv', 'list.csv'],
    ['a\u202egnp.exe', 'agnp.exe'],
    ['two\nlines.txt', 'twolines.txt'],
    ['..', 'file'],
    ['', 'file'],
    [`${'x'.repeat(300)}.csv`, `${'x'.repeat(196)}.csv`],
  ])('the name %j is kept as %j', async (name, kept) => {
    await using world = await startEventsWorld()
    const pieces = async function* () {
      yield Buffer.from('x')
    }

    const file = await keepFile(world.ctx, pieces(), { name, contentType: 'no type', createdBy: 'a test' })

    expect(file).toMatchObject({ name: kept, contentType: 'application/octet-stream' })
  })
})

test('a crash before the message is kept leaves no file that nobody would delete', async () => {
  await using world = await startEventsWorld()
  async function* stream() {
    yield Buffer.from('Hello')
  }

  await keepFile(world.ctx, stream(), { name: 'doors.csv', contentType: 'text/csv', createdBy: 'a test' })

  // Chunks alone are dropped a day later.
  expect(await countFiles(world)).toEqual([0, 1])
})

test('a file is not read while the disk is nearly full', async () => {
  await using world = await startEventsWorld()
  const taker = messageTaker(world.ctx, { ...gateLimits, leastFreeBytes: Number.MAX_SAFE_INTEGER })
  let wasRead = false
  async function* stream() {
    wasRead = true
    yield Buffer.from('Hello')
  }

  const message = { destination: world.destination, text: 'The list' }
  const file = { stream: stream(), name: 'doors.csv', contentType: 'text/csv' }
  const sending = takeWithFile(world.ctx, taker, { actor: ADA, message, body: ['{}'] }, file, async () => {})

  await expect(sending).rejects.toMatchObject({ code: 'unavailable' })
  expect(wasRead).toBe(false)
  expect(await countFiles(world)).toEqual([0, 0])
})
