import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { isSafeUrl } from '../../../shared/slack-blocks.ts'
import { isLoopback } from '../../../shared/webhook-url.ts'
import type { AppContext } from '../../context.ts'
import type { CallResult, Connection, Exchange, OutgoingFile, SendLimits, SendResult } from '../provider.ts'
import { callAsBot } from './call.ts'
import { read } from './directory.ts'
import { failureOf, networkFailure, noAnswer } from './failure.ts'

/** A file and what is said beside it, on its way into one conversation. Slack takes no name for `channel`, only its id. */
export type Share = {
  channel: string
  threadTs: string | undefined
  file: OutgoingFile
  message: { text: string; blocks?: Record<string, unknown>[] }
}

/**
 * Uploads a file and shares it. Only the last step shows anything in Slack, so only its outcome can be in doubt; what
 * goes wrong before may be tried again from the beginning.
 */
export async function shareFile(
  ctx: AppContext,
  connection: Connection,
  share: Share,
  limits: SendLimits = {},
): Promise<SendResult> {
  const { uploadId } = share.file
  if (uploadId !== undefined) {
    // The share of the earlier attempt may have worked out, and a second one would show the file twice.
    const seen = await findShare(ctx, connection, uploadId, share.channel, limits)
    if (seen.kind === 'answered' && seen.answer.messageTs) {
      return { kind: 'sent', exchange: seen.exchange, conversationId: share.channel, ...seen.answer }
    }
    // Whoever may look, only not now, looks again before anything is done.
    if (seen.kind === 'failed' && seen.failure.kind !== 'permanent') return { ...seen.failure, exchange: seen.exchange }
    const completed = await complete(ctx, connection, share, uploadId, limits)
    // Slack forgets an upload that nobody completes. It also says so of one that was shared, which has to be ruled out.
    if (completed.kind !== 'permanent' || completed.code !== 'file_not_found') return completed
    if (seen.kind === 'answered') {
      // It knows the file and takes no second share of it: the first one is under way, and shows later.
      const shown = await waitForShare(ctx, connection, uploadId, share.channel, limits)
      return { kind: 'sent', exchange: seen.exchange, conversationId: share.channel, ...seen.answer, ...shown }
    }
    if (seen.failure.code !== 'file_not_found') return completed
  }
  const uploaded = await upload(ctx, connection, share.file, limits)
  if (uploaded.kind === 'failed') return { ...uploaded.failure, exchange: uploaded.exchange }
  await share.file.keepUploadId(uploaded.answer)
  return complete(ctx, connection, share, uploaded.answer, limits)
}

/**
 * Slack shares in the background, mostly within a second; twice the wait each time, half a minute together. What replies
 * to the file needs its ts, and waits behind it.
 */
const SHARE_WAITS_MS = [250, 500, 1_000, 2_000, 4_000, 8_000, 15_000]
/** What Slack may ask to wait before the next look; the messages behind this one wait as well. */
const LONGEST_ASKED_MS = 30_000
/** An upload may take as long as its size needs, as long as it moves. */
const STALL_MS = 30_000

const UploadUrl = z.looseObject({ upload_url: z.string().min(1), file_id: z.string().min(1) })

async function upload(
  ctx: AppContext,
  connection: Connection,
  file: OutgoingFile,
  limits: SendLimits,
): Promise<CallResult<string>> {
  const args = { filename: file.name, length: file.sizeBytes, ...(file.altText && { alt_txt: file.altText }) }
  const called = await callAsBot(ctx, connection, 'files.getUploadURLExternal', args, limits)
  const place = read(called, UploadUrl, (answer) => answer)
  if (place.kind === 'failed') return place
  const { upload_url: url, file_id: uploadId } = place.answer
  const before = { method: 'files.upload', request: { host: hostOf(url), file: uploadId, bytes: file.sizeBytes } }
  if (!isUploadUrl(url, ctx.slack.uploadHosts)) {
    const exchange = { ...before, tookMs: 0, response: { error: 'upload_host_not_allowed' } }
    return { kind: 'failed', failure: failureOf('upload_host_not_allowed'), exchange }
  }
  const startedAt = performance.now()
  const ended = await putBytes(ctx, url, file, limits)
  const { code, ...heard } = ended
  const exchange: Exchange = { ...before, tookMs: performance.now() - startedAt, ...heard }
  // Whatever became of the bytes, nobody sees them before the upload is completed.
  if (code !== undefined) return { kind: 'failed', failure: { kind: 'transient', code }, exchange }
  return { kind: 'answered', answer: uploadId, exchange }
}

type Ended = { code?: string; httpStatus?: number; response: unknown }

async function putBytes(ctx: AppContext, url: string, file: OutgoingFile, limits: SendLimits): Promise<Ended> {
  try {
    const response = await ctx.slack.fetch(url, {
      headers: { 'content-type': 'application/octet-stream', 'content-length': String(file.sizeBytes) },
      body: file.read(),
      stallMs: STALL_MS,
      ...limits,
    })
    const heard = { httpStatus: response.status, response: (await response.text()).slice(0, 200) }
    return response.ok ? heard : { ...heard, code: `http_${response.status}` }
  } catch (error) {
    const { code } = networkFailure(error)
    return { code, ...noAnswer(code, error) }
  }
}

/** The step after which the file shows, and the only one whose outcome may be in doubt. */
async function complete(
  ctx: AppContext,
  connection: Connection,
  { channel, threadTs, file, message }: Share,
  uploadId: string,
  limits: SendLimits,
): Promise<SendResult> {
  const args = {
    files: [{ id: uploadId, title: file.name }],
    channel_id: channel,
    ...(threadTs !== undefined && { thread_ts: threadTs }),
    ...(message.blocks ? { blocks: message.blocks } : message.text && { initial_comment: message.text }),
  }
  const called = await callAsBot(ctx, connection, 'files.completeUploadExternal', args, { ...limits, changes: true })
  if (called.kind === 'failed') return { ...called.failure, exchange: called.exchange }
  const shown = await waitForShare(ctx, connection, uploadId, channel, limits)
  return { kind: 'sent', exchange: called.exchange, conversationId: channel, ...shown }
}

type Shown = { messageTs?: string; permalink?: string }

/** Where the file shows. Empty when Slack takes longer, or the app may not look: it is shared all the same. */
async function waitForShare(
  ctx: AppContext,
  connection: Connection,
  uploadId: string,
  channel: string,
  limits: SendLimits,
): Promise<Shown> {
  let shown: Shown = {}
  for (const waitMs of SHARE_WAITS_MS) {
    const seen = await findShare(ctx, connection, uploadId, channel, limits)
    if (seen.kind === 'failed' && seen.failure.kind === 'permanent' && seen.failure.code !== 'file_not_found') {
      return shown
    }
    if (seen.kind === 'answered') shown = seen.answer
    if (shown.messageTs) return shown
    const askedMs = seen.kind === 'failed' && seen.failure.kind === 'rate_limited' ? seen.failure.waitMs : 0
    if (askedMs > LONGEST_ASKED_MS) return shown
    const isStopped = await wait(Math.max(waitMs, askedMs), false, limits.signal && { signal: limits.signal }).catch(
      () => true,
    )
    if (isStopped) return shown
  }
  return shown
}

const Shares = z.record(z.string(), z.array(z.looseObject({ ts: z.string().optional() })))
const FileInfo = z.looseObject({
  file: z.looseObject({
    permalink: z.string().optional(),
    shares: z.looseObject({ public: Shares.optional(), private: Shares.optional() }).optional(),
  }),
})

async function findShare(
  ctx: AppContext,
  connection: Connection,
  uploadId: string,
  channel: string,
  limits: SendLimits,
): Promise<CallResult<Shown>> {
  const called = await callAsBot(ctx, connection, 'files.info', { file: uploadId }, limits)
  return read(called, FileInfo, ({ file: { permalink, shares } }) => {
    const [first] = shares?.public?.[channel] ?? shares?.private?.[channel] ?? []
    return {
      ...(first?.ts && { messageTs: first.ts }),
      ...(permalink && isSafeUrl(permalink) && { permalink }),
    }
  })
}

/** The address came in an answer, and whoever gets the file gets all of it: only hosts on the list, compared whole. */
function isUploadUrl(value: string, hosts: readonly string[]): boolean {
  if (!URL.canParse(value)) return false
  const url = new URL(value)
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))
  return isSafe && !url.username && !url.password && hosts.includes(url.host)
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : '[not a web address]'
}
