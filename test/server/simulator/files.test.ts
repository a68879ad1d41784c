import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { codeOf, startSandbox, type TestSandbox } from './support.ts'

let sandbox: TestSandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.stop())
beforeEach(() => sandbox.ask('POST', '/reset'))

const CHANNEL = 'C0COMPLIANC'
const BYTES = Buffer.from('when,what\n09:00,key leaked\n')

async function promised(bytes = BYTES) {
  const { upload_url = '', file_id = '' } = await sandbox
    .client()
    .files.getUploadURLExternal({ filename: 'report.csv', length: bytes.length })
  return { url: upload_url, id: file_id }
}

async function uploaded(bytes = BYTES) {
  const file = await promised(bytes)
  await fetch(file.url, { method: 'POST', body: bytes })
  return file
}

const complete = (id: string, more: Record<string, unknown> = {}) =>
  sandbox.client().apiCall('files.completeUploadExternal', { files: [{ id }], channel_id: CHANNEL, ...more })
const shares = async (id: string) => (await sandbox.client().files.info({ file: id })).file?.shares?.public?.[CHANNEL]

describe('a file', () => {
  test('is uploaded without a token and answered with its size', async () => {
    const { url } = await promised()

    const response = await fetch(url, { method: 'POST', body: BYTES })

    expect([response.status, await response.text()]).toEqual([200, `OK - ${BYTES.length}`])
  })

  test('shows in the conversation with its comment once it is completed', async () => {
    const { id } = await uploaded()

    await complete(id, { initial_comment: 'The week' })

    const [message] = await sandbox.messages(CHANNEL)
    expect(message).toMatchObject({ text: 'The week', files: [{ id, title: 'report.csv', size: BYTES.length }] })
    expect(await shares(id)).toEqual([{ ts: message?.ts }])
  })

  test('that Slack shares later has no ts yet when the call answers', async () => {
    await sandbox.settings({ fileShareMs: 50 })
    const { id } = await uploaded()

    await complete(id)
    const atOnce = await shares(id)

    expect(atOnce).toBeUndefined()
    await expect.poll(() => shares(id)).toHaveLength(1)
    await sandbox.settings({ fileShareMs: 0 })
  })

  test('goes into a thread', async () => {
    const parent = await sandbox.client().chat.postMessage({ channel: CHANNEL, text: 'parent' })
    const { id } = await uploaded()

    await complete(id, { thread_ts: parent.ts })

    expect((await sandbox.messages(CHANNEL)).at(-1)).toMatchObject({ thread_ts: parent.ts, files: [{ id }] })
  })

  test('of the official client, which sends a form, arrives too', async () => {
    await sandbox.client().filesUploadV2({ channel_id: CHANNEL, filename: 'report.csv', file: BYTES })

    expect((await sandbox.messages(CHANNEL)).at(-1)).toMatchObject({ files: [{ size: BYTES.length }] })
  })
})

describe('a file is refused', () => {
  test('when it holds other than the bytes that were promised', async () => {
    const { url } = await promised()

    expect((await fetch(url, { method: 'POST', body: 'short' })).status).toBe(400)
    expect((await fetch(`${url}x`, { method: 'POST', body: BYTES })).status).toBe(404)
  })

  test('when nothing was uploaded, or it was completed before', async () => {
    const { id } = await promised()
    const done = await uploaded()
    await complete(done.id)

    expect(await codeOf(complete(id))).toBe('file_not_found')
    expect(await codeOf(complete(done.id))).toBe('file_not_found')
    expect(await codeOf(sandbox.client().files.info({ file: id }))).toBe('file_not_found')
  })

  test.each([
    [{ channel_id: 'compliance' }, 'channel_not_found'],
    [{ channel_id: 'C0RISKWATCH' }, 'not_in_channel'],
    [{ thread_ts: '1.000001' }, 'thread_not_found'],
    [{ blocks: [{ type: 'section' }] }, 'invalid_blocks'],
  ])('with %j as %s', async (more, code) => {
    const { id } = await uploaded()

    expect(await codeOf(complete(id, more))).toBe(code)
  })

  test('when it is empty', async () => {
    expect(await codeOf(sandbox.client().files.getUploadURLExternal({ filename: 'a', length: 0 }))).toBe(
      'missing_argument',
    )
  })
})

test('all messages are told in one list, with the delivery each came from', async () => {
  const metadata = { event_type: 'any', event_payload: { delivery_id: 'dlv_1' } }
  const { ts } = await sandbox.client().chat.postMessage({ channel: CHANNEL, text: 'one', metadata })
  const { id } = await uploaded()
  await complete(id)

  expect(await sandbox.allMessages()).toEqual([
    { channel: CHANNEL, ts, text: 'one', deliveryId: 'dlv_1' },
    { channel: CHANNEL, ts: expect.any(String), text: '', files: [id] },
  ])
})

test('a page of a conversation holds as few messages as Slack may give', async () => {
  for (const text of ['one', 'two', 'three']) await sandbox.client().chat.postMessage({ channel: CHANNEL, text })
  await sandbox.settings({ historyPageMost: 2 })

  const page = await sandbox.client().conversations.history({ channel: CHANNEL, limit: 100 })

  expect(page.messages?.map(({ text }) => text)).toEqual(['three', 'two'])
  expect(page.response_metadata?.next_cursor).not.toBe('')
})

test('a conversation of 5,000 messages is read from where one asks, in no time', async () => {
  const posted: string[] = []
  for (let round = 0; round < 50; round += 1) {
    const batch = Array.from({ length: 100 }, () => sandbox.client().chat.postMessage({ channel: CHANNEL, text: 'x' }))
    posted.push(...(await Promise.all(batch)).map(({ ts }) => ts ?? ''))
  }
  const oldest = posted.sort().at(-11) ?? ''
  const startedAt = performance.now()

  for (let round = 0; round < 50; round += 1) {
    const { messages } = await sandbox.client().conversations.history({ channel: CHANNEL, oldest })
    expect(messages).toHaveLength(10)
  }

  expect(performance.now() - startedAt).toBeLessThan(2_000)
})
