import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { OutgoingFile, SendLimits } from '../../../../server/providers/provider.ts'
import { look } from '../../../../server/providers/slack/look.ts'
import { send } from '../../../../server/providers/slack/messages.ts'
import { HASTY, type Outside, startOutside } from './outside.ts'

let outside: Outside
beforeAll(async () => {
  outside = await startOutside({ times: HASTY })
})
beforeEach(async () => {
  await outside.sandbox.ask('POST', '/reset')
  await outside.sandbox.settings({ fileShareMs: 0 })
})
afterAll(() => outside[Symbol.asyncDispose]())

const CHANNEL = 'C0COMPLIANC'
const MEGABYTE = Buffer.alloc(1024 * 1024, 'x')

/** A file of so many megabytes that counts how often it was read, and remembers its upload as the store would. */
function fileOf(megabytes: number, more: Partial<OutgoingFile> = {}) {
  const kept: string[] = []
  const seen = { reads: 0 }
  const file: OutgoingFile = {
    name: 'report.csv',
    sizeBytes: megabytes * MEGABYTE.length,
    async *read() {
      seen.reads += 1
      for (let part = 0; part < megabytes; part += 1) yield MEGABYTE
    },
    keepUploadId: async (uploadId) => void kept.push(uploadId),
    ...more,
  }
  return { file, kept, seen }
}

function sending(
  file: OutgoingFile,
  more: { text?: string; blocks?: Record<string, unknown>[]; threadTs?: string; userId?: string } = {},
  limits: SendLimits = {},
) {
  const { text = 'The week', blocks, threadTs, userId } = more
  return send(
    outside.ctx,
    outside.connection,
    {
      deliveryId: 'dlv_1',
      target: userId ? { kind: 'person', person: userId } : { kind: 'channel', conversationId: CHANNEL },
      message: { text, ...(blocks && { blocks }) },
      act: { kind: 'post', ...(threadTs && { threadTs }) },
      file,
    },
    limits,
  )
}

const count = async (method: string) => (await outside.sandbox.calls(method)).length

describe('a file', () => {
  test('arrives with its comment, and says where it stands', async () => {
    const { file, kept } = fileOf(3)

    const result = await sending(file)

    const [message] = await outside.sandbox.messages(CHANNEL)
    expect(message).toMatchObject({ text: 'The week', files: [{ id: kept[0], title: 'report.csv', size: 3_145_728 }] })
    expect(result).toMatchObject({
      kind: 'sent',
      messageTs: message?.ts,
      conversationId: CHANNEL,
      permalink: expect.stringMatching(/^https:\/\/acme\.slack\.com\/files\//),
      exchange: { method: 'files.completeUploadExternal', httpStatus: 200 },
    })
  })

  test('is found although Slack shares it a little later', async () => {
    await outside.sandbox.settings({ fileShareMs: 400 })

    const result = await sending(fileOf(1).file)

    const [message] = await outside.sandbox.messages(CHANNEL)
    expect(result).toMatchObject({ kind: 'sent', messageTs: message?.ts })
  })

  test('is found although Slack asks to wait before it says where', async () => {
    await outside.sandbox.fault({ method: 'files.info', kind: 'rate_limited', retryAfterSeconds: 1 })

    const result = await sending(fileOf(1).file)

    const [message] = await outside.sandbox.messages(CHANNEL)
    expect(result).toMatchObject({ kind: 'sent', messageTs: message?.ts, permalink: expect.any(String) })
  })

  test('is sent all the same when nobody waits for where it shows', async () => {
    await outside.sandbox.settings({ fileShareMs: 60_000 })
    const stop = new AbortController()

    const sent = sending(fileOf(1).file, {}, { signal: stop.signal })
    await expect.poll(() => count('files.info')).toBeGreaterThan(0)
    stop.abort()

    const result = await sent
    expect(result).toMatchObject({ kind: 'sent', conversationId: CHANNEL })
    expect(result).not.toHaveProperty('messageTs')
  })

  test('is sent all the same when the app may not see where it shows', async () => {
    await outside.sandbox.changeToken(outside.app.appId, 'bot', { scopes: ['files:write'] })

    expect(await sending(fileOf(1).file)).toMatchObject({ kind: 'sent', conversationId: CHANNEL })
    expect(await count('files.info')).toBe(1)
  })

  test('goes into a thread, with blocks in place of a comment', async () => {
    const parent = await outside.sandbox.ask<{ ts: string }>('POST', `/channels/${CHANNEL}/messages`, {
      userId: 'U0ADAFERRER',
      text: 'Where is it?',
    })
    const blocks = [{ type: 'section', text: { type: 'mrkdwn', text: 'Here' } }]

    await sending(fileOf(1).file, { threadTs: parent.ts, blocks })

    expect((await outside.sandbox.messages(CHANNEL)).at(-1)).toMatchObject({ thread_ts: parent.ts, blocks })
  })

  test('for a person goes into the conversation with them', async () => {
    expect(await sending(fileOf(1).file, { userId: 'U0NOORHADDA' })).toMatchObject({
      kind: 'sent',
      messageTs: expect.any(String),
      conversationId: expect.stringMatching(/^D/),
    })
  })

  test('is read no faster than it leaves, and may take longer than other requests', async () => {
    await outside.sandbox.fault({ method: 'files.upload', kind: 'slow', delayMs: HASTY.requestMs + 300 })
    let parts = 0
    const { file } = fileOf(100, {
      async *read() {
        for (parts = 1; parts <= 100; parts += 1) yield MEGABYTE
      },
    })

    const result = sending(file)
    await new Promise((resolve) => setTimeout(resolve, HASTY.requestMs + 100))

    expect(parts).toBeLessThan(40)
    expect((await result).kind).toBe('sent')
  })
})

describe('before a file is completed nothing is in doubt', () => {
  test.each([
    ['files.getUploadURLExternal', 'lost_answer'],
    ['files.getUploadURLExternal', 'http_500'],
    ['files.upload', 'lost_answer'],
    ['files.upload', 'http_500'],
    ['files.upload', 'error'],
    ['files.upload', 'redirect'],
  ])('%s that meets %s is tried again from the beginning', async (method, kind) => {
    await outside.sandbox.fault({ method, kind })
    const { file, kept } = fileOf(1)

    const first = await sending(file)
    const second = await sending(file)

    expect([first.kind, second.kind]).toEqual(['transient', 'sent'])
    expect(kept).toHaveLength(1)
    expect(await outside.sandbox.messages(CHANNEL)).toHaveLength(1)
  })

  test('a file that breaks off while it is read is tried again', async () => {
    const { file } = fileOf(2, {
      async *read() {
        yield MEGABYTE
        throw new Error('the disk is gone')
      },
    })

    expect((await sending(file)).kind).toBe('transient')
  })

  test('a file that Slack does not take is refused', async () => {
    await outside.sandbox.fault({ method: 'files.getUploadURLExternal', kind: 'error', code: 'storage_limit_reached' })

    expect(await sending(fileOf(1).file)).toMatchObject({ kind: 'permanent', code: 'storage_limit_reached' })
  })

  test('a file goes to no host that is not on the list, and its address is not kept', async () => {
    const slack = { ...outside.ctx.slack, uploadHosts: ['files.slack.com'] }
    const { file, seen } = fileOf(1)

    const result = await send({ ...outside.ctx, slack }, outside.connection, {
      deliveryId: 'dlv_1',
      target: { kind: 'channel', conversationId: CHANNEL },
      message: { text: 'x' },
      act: { kind: 'post' },
      file,
    })

    expect(result).toMatchObject({ kind: 'permanent', code: 'upload_host_not_allowed', stops: 'message' })
    expect(JSON.stringify(result)).not.toContain('/upload/')
    expect([seen.reads, await count('files.upload')]).toEqual([0, 0])
  })
})

describe('a share of unknown outcome', () => {
  test.each(['lost_answer', 'http_500_after_commit', 'never_answers'])('is in doubt after %s', async (kind) => {
    await outside.sandbox.fault({ method: 'files.completeUploadExternal', kind })
    const { file, kept } = fileOf(1)

    expect((await sending(file)).kind).toBe('ambiguous')
    expect(kept).toHaveLength(1)
  })

  test('is found by the upload’s id', async () => {
    await outside.sandbox.fault({ method: 'files.completeUploadExternal', kind: 'lost_answer' })
    const { file, kept } = fileOf(1)
    await sending(file)

    const lost = { deliveryId: 'dlv_1', conversationId: CHANNEL, since: Date.now() - 5_000, uploadId: kept[0] ?? '' }
    const found = await look(outside.ctx, outside.connection, lost)

    const [message] = await outside.sandbox.messages(CHANNEL)
    expect(found).toMatchObject({ kind: 'found', messageTs: message?.ts })
  })

  test('that worked out is not made twice', async () => {
    await outside.sandbox.fault({ method: 'files.completeUploadExternal', kind: 'lost_answer' })
    const first = fileOf(1)
    await sending(first.file)
    const again = fileOf(1, { uploadId: first.kept[0] ?? '' })

    const result = await sending(again.file)

    const messages = await outside.sandbox.messages(CHANNEL)
    expect(messages).toHaveLength(1)
    expect(result).toMatchObject({ kind: 'sent', messageTs: messages[0]?.ts })
    expect(again.seen.reads).toBe(0)
  })

  test('that shows late is waited for, and not made twice', async () => {
    await outside.sandbox.settings({ fileShareMs: 1_200 })
    await outside.sandbox.fault({ method: 'files.completeUploadExternal', kind: 'lost_answer' })
    const first = fileOf(1)
    await sending(first.file)
    const again = fileOf(1, { uploadId: first.kept[0] ?? '' })

    const result = await sending(again.file)

    await new Promise((resolve) => setTimeout(resolve, 1_500))
    const messages = await outside.sandbox.messages(CHANNEL)
    expect(messages).toHaveLength(1)
    expect(result).toMatchObject({ kind: 'sent', messageTs: messages[0]?.ts })
    expect(again.seen.reads).toBe(0)
  })

  test('is looked for again when Slack asks to wait, before anything is done', async () => {
    await outside.sandbox.settings({ fileShareMs: 500 })
    await outside.sandbox.fault({ method: 'files.completeUploadExternal', kind: 'lost_answer' })
    const first = fileOf(1)
    await sending(first.file)
    await outside.sandbox.fault({ method: 'files.info', kind: 'rate_limited' })

    const result = await sending(fileOf(1, { uploadId: first.kept[0] ?? '' }).file)

    expect(result).toMatchObject({ kind: 'rate_limited' })
    expect(await count('files.completeUploadExternal')).toBe(1)
  })

  test('that did not is made up for without a second upload', async () => {
    await outside.sandbox.fault({ method: 'files.completeUploadExternal', kind: 'reset' })
    const first = fileOf(1)
    await sending(first.file)
    const again = fileOf(1, { uploadId: first.kept[0] ?? '' })

    expect((await sending(again.file)).kind).toBe('sent')
    expect([again.seen.reads, await count('files.upload')]).toEqual([0, 1])
    expect(await outside.sandbox.messages(CHANNEL)).toHaveLength(1)
  })

  test('whose upload Slack has forgotten is uploaded anew', async () => {
    const { file, kept } = fileOf(1, { uploadId: 'F0FORGOTTEN' })

    expect((await sending(file)).kind).toBe('sent')
    expect(kept).toHaveLength(1)
  })

  test('is left alone when the app may not see whether it worked out', async () => {
    await outside.sandbox.fault({ method: 'files.completeUploadExternal', kind: 'lost_answer' })
    const first = fileOf(1)
    await sending(first.file)
    await outside.sandbox.changeToken(outside.app.appId, 'bot', { scopes: ['files:write'] })

    const result = await sending(fileOf(1, { uploadId: first.kept[0] ?? '' }).file)

    expect(result).toMatchObject({ kind: 'permanent', code: 'file_not_found' })
    expect(await outside.sandbox.messages(CHANNEL)).toHaveLength(1)
  })
})

test('after the claim is lost no step of a file is begun', async () => {
  const { file, kept } = fileOf(1)

  const result = await sending(file, {}, { notAfterMs: performance.now() - 1 })

  expect(result).toMatchObject({ kind: 'transient', code: 'claim_lost' })
  expect([kept, await outside.sandbox.messages(CHANNEL)]).toEqual([[], []])
})

test('a file that is not sent after all is closed', async () => {
  let isClosed = false
  const ended = new AbortController()
  const { file } = fileOf(1, {
    async *read() {
      try {
        yield MEGABYTE
        setImmediate(() => ended.abort())
        yield MEGABYTE
      } finally {
        isClosed = true
      }
    },
  })
  await outside.sandbox.fault({ method: 'files.upload', kind: 'never_answers' })

  const result = await sending(file, {}, { signal: ended.signal })

  expect(result.kind).toBe('transient')
  await expect.poll(() => isClosed).toBe(true)
})
