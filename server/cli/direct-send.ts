import { setTimeout as wait } from 'node:timers/promises'
import type { Message } from '../../shared/deliveries.ts'
import type { AppContext } from '../context.ts'
import type { Connection, LookResult, OutgoingFile, SendResult } from '../providers/provider.ts'
import { providers } from '../providers/registry.ts'
import { conversationOf, type DirectPlace } from './direct-target.ts'
import { bytesOf, type ContentFile } from './post-content.ts'
import { note, shownDuration } from './print.ts'
import { Problem } from './problem.ts'

/** One message on its way straight to Slack. */
export type DirectPost = {
  ctx: AppContext
  connection: Connection
  place: DirectPlace
  message: Message
  threadTs?: string
  file?: ContentFile & { altText?: string }
}

/** What one try is known by, and what of an earlier one is still to be had. */
export type Try = Pick<OutgoingFile, 'uploadId' | 'keepUploadId'> & { deliveryId: string }

/** The longest that a try takes: after that nothing of it is under way any more. */
export function longestMs({ file }: DirectPost): number {
  return file ? 60 * 60_000 : 2 * 60_000
}

/** Posts once. When Slack asks to wait a little, it waits and goes on, since nothing was posted by then. */
export async function sendDirectly(post: DirectPost, { deliveryId, ...upload }: Try): Promise<SendResult> {
  const { ctx, connection, place, message, threadTs, file } = post
  // Slack shares files by the id of a conversation only.
  const conversationId = file && (await conversationOf(post, place.target))
  const target =
    place.target.kind !== 'webhook' && conversationId !== undefined ? { ...place.target, conversationId } : place.target
  let broke: Problem | undefined
  const outgoing = {
    deliveryId,
    target,
    message,
    act: { kind: 'post' as const, ...(threadTs !== undefined && { threadTs }) },
    ...(file && {
      file: {
        name: file.name,
        sizeBytes: file.sizeBytes,
        ...(file.altText !== undefined && { altText: file.altText }),
        async *read() {
          try {
            yield* bytesOf(file)
          } catch (error) {
            if (error instanceof Problem) broke = error
            throw error
          }
        },
        ...upload,
      },
    }),
  }
  const limits = { signal: AbortSignal.timeout(longestMs(post)) }
  let waitedMs = 0
  for (;;) {
    const result = await providers.slack.send(ctx, connection, outgoing, limits)
    // To the provider that is a connection that broke; nothing was completed, so nothing is in doubt.
    if (broke && result.kind === 'transient') throw broke
    if (result.kind !== 'rate_limited' || waitedMs + result.waitMs > LONGEST_WAIT_MS) return result
    note(`Slack asks to wait ${shownDuration(result.waitMs)} (${result.code}).`)
    waitedMs += result.waitMs
    await wait(result.waitMs)
  }
}

/** Whether a message of unknown outcome stands in Slack; undefined where nobody can look, as behind a webhook. */
export async function lookFor(
  post: DirectPost,
  lost: { deliveryId: string; since: number; conversationId?: string; uploadId?: string },
): Promise<LookResult | undefined> {
  const conversationId = lost.conversationId ?? (await conversationOf(post, post.place.target))
  if (conversationId === undefined) return undefined
  // Until its bytes are at Slack a file can't show, and without the id of its upload it can't be told from others.
  if (post.file && lost.uploadId === undefined) return undefined
  return providers.slack.look(post.ctx, post.connection, {
    ...lost,
    conversationId,
    ...(post.threadTs !== undefined && { threadTs: post.threadTs }),
  })
}

const LONGEST_WAIT_MS = 30_000
