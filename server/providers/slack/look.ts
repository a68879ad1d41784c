import { z } from 'zod'
import type { AppContext } from '../../context.ts'
import type { CallFailure, Connection, Exchange, LookResult, LostMessage, SendLimits } from '../provider.ts'
import { type Called, callAsBot, heardIn } from './call.ts'
import { read } from './directory.ts'
import { DELIVERY_METADATA } from './messages.ts'

/**
 * Looks through what was said in a conversation since the message was sent. `not_found` only when all of it was read:
 * whoever hears it sends the message again.
 */
export async function look(
  ctx: AppContext,
  connection: Connection,
  lost: LostMessage,
  limits: SendLimits = {},
): Promise<LookResult> {
  const method = lost.threadTs === undefined ? 'conversations.history' : 'conversations.replies'
  const args = {
    channel: lost.conversationId,
    ...(lost.threadTs !== undefined && { ts: lost.threadTs }),
    limit: PAGE_SIZE,
    include_all_metadata: true,
  }
  const begun = begunOf(ctx)
  const before = begun.get(lost.deliveryId)
  begun.delete(lost.deliveryId)
  let oldest = before ? before.oldest : oldestOf(lost.since)
  let cursor = before?.cursor
  const looked: Looked = {
    ...{ method, request: { ...args, oldest }, tookMs: 0 },
    ...{ pages: before?.pages ?? 0, messages: before?.messages ?? 0 },
  }
  do {
    const request = { ...args, ...(oldest && { oldest }), ...(cursor && { cursor }) }
    const called = await callAsBot(ctx, connection, method, request, limits)
    const page = read(called, Page, (answer) => answer)
    looked.tookMs += called.exchange.tookMs
    looked.last = called.exchange
    if (page.kind === 'failed') {
      const result = without(page.failure, looked, called)
      // A reply whose thread is gone is posted beside it, so that is where to look next.
      if (result.kind === 'not_found' && lost.threadTs !== undefined) return lookBeside(ctx, connection, lost, limits)
      if (cursor === undefined) return result
      // Slack forgets cursors, in so many words or not: from the start, then.
      if (result.kind === 'can_not_look' && result.code === 'invalid_cursor') return { ...result, kind: 'transient' }
      if (result.kind === 'rate_limited' || result.kind === 'transient') {
        keepBegun(begun, lost.deliveryId, { oldest, cursor, pages: looked.pages, messages: looked.messages })
      }
      return result
    }
    const { messages, response_metadata } = page.answer
    looked.pages += 1
    looked.messages += messages.length
    const found = messages.find((message) => isLost(message, lost))
    if (found) return { kind: 'found', messageTs: found.ts, exchange: exchangeOf(looked, { found: { ts: found.ts } }) }
    const since = cursor === undefined && oldest ? sinceBySlack(lost.since, ctx.now(), heardIn(called).at) : lost.since
    cursor = response_metadata?.next_cursor || undefined
    if (since !== lost.since) {
      oldest = since === undefined ? undefined : oldestOf(since)
      looked.request = { ...args, oldest }
      cursor = FROM_THE_START
    }
  } while (cursor !== undefined && looked.pages < MOST_PAGES)
  const exchange = exchangeOf(looked)
  return cursor === undefined
    ? { kind: 'not_found', exchange }
    : { kind: 'can_not_look', code: 'history_too_long', exchange }
}

async function lookBeside(
  ctx: AppContext,
  connection: Connection,
  { threadTs: _, ...lost }: LostMessage,
  limits: SendLimits,
): Promise<LookResult> {
  const result = await look(ctx, connection, lost, limits)
  return result.kind === 'found' ? { ...result, isBesideThread: true } : result
}

/** A cursor that is not sent, as none is, but says that there is more to read. */
const FROM_THE_START = ''

const oldestOf = (since: number) => `${Math.floor((since - CLOCKS_APART_MS) / 1000)}.000000`

/**
 * When a message was sent by Slack's clock, which it names messages by. The same, unless ours is ahead by more than the
 * reading allows for; undefined when ours was: what was sent later than now was sent nobody knows when.
 */
function sinceBySlack(since: number, now: number, slackNow: number | undefined): number | undefined {
  if (slackNow === undefined) return since
  const aheadMs = now - slackNow
  const bySlack = aheadMs > CLOCKS_APART_MS / 2 ? since - aheadMs : since
  return bySlack > slackNow + CLOCKS_APART_MS / 2 ? undefined : bySlack
}

/** How far a look has come that Slack cut short: an app that may read a page a minute would not get past the first. */
type Begun = { oldest: string | undefined; cursor: string; pages: number; messages: number }
const allBegun = new WeakMap<AppContext, Map<string, Begun>>()

function begunOf(ctx: AppContext): Map<string, Begun> {
  const begun = allBegun.get(ctx) ?? new Map<string, Begun>()
  allBegun.set(ctx, begun)
  return begun
}

/** Those of deliveries that somebody cancelled meanwhile are dropped in time. */
function keepBegun(begun: Map<string, Begun>, deliveryId: string, look: Begun): void {
  const [first] = begun.keys()
  if (first !== undefined && begun.size >= MOST_BEGUN) begun.delete(first)
  begun.set(deliveryId, look)
}

const MOST_BEGUN = 1_000

/** Slack may give 15 a page where we ask for 100: that is what apps for many workspaces get. */
const PAGE_SIZE = 100
const MOST_PAGES = 10
/** What our clock may be ahead of the one that Slack names messages by. */
const CLOCKS_APART_MS = 2 * 60_000

const SlackMessage = z.looseObject({
  ts: z.string().min(1),
  metadata: z
    .looseObject({ event_type: z.string().optional(), event_payload: z.looseObject({}).optional() })
    .optional()
    .catch(undefined),
  files: z
    .array(z.looseObject({ id: z.string().optional() }))
    .optional()
    .catch(undefined),
})
const Page = z.looseObject({
  messages: z.array(SlackMessage),
  response_metadata: z.looseObject({ next_cursor: z.string().optional() }).optional(),
})

function isLost({ metadata, files }: z.infer<typeof SlackMessage>, { deliveryId, uploadId }: LostMessage): boolean {
  if (uploadId !== undefined) return files?.some(({ id }) => id === uploadId) ?? false
  return metadata?.event_type === DELIVERY_METADATA && metadata.event_payload?.delivery_id === deliveryId
}

function without(failure: CallFailure, looked: Looked, called: Called): LookResult {
  const { code } = failure
  // A refusal is Slack's own few words; anything else could be half a page of what people said.
  const exchange = exchangeOf(looked, { refused: isRefusal(called) ? called.exchange.response : code })
  switch (failure.kind) {
    case 'rate_limited':
      return { kind: 'rate_limited', code, waitMs: failure.waitMs, exchange }
    case 'transient':
    case 'ambiguous':
      return { kind: 'transient', code, exchange }
    case 'permanent':
      // Where there is no such thread, no reply stands in it.
      if (code === 'thread_not_found') return { kind: 'not_found', exchange }
      return { kind: 'can_not_look', code, exchange }
  }
}

function isRefusal(called: Called): boolean {
  return called.kind === 'failed' && called.error?.ok === false
}

type Looked = Pick<Exchange, 'method' | 'request' | 'tookMs'> & { last?: Exchange; pages: number; messages: number }

/** What other people said is nobody's business here: only how much was read is kept, and where the message stands. */
function exchangeOf({ method, request, tookMs, last, pages, messages }: Looked, more: object = {}): Exchange {
  return {
    method,
    tookMs,
    ...(last?.httpStatus !== undefined && { httpStatus: last.httpStatus }),
    ...(last?.requestId !== undefined && { requestId: last.requestId }),
    request,
    response: { pages, messages, ...more },
  }
}
