import { setTimeout as wait } from 'node:timers/promises'
import type { AppContext } from '../../context.ts'
import { findIntegration } from '../../integrations/store.ts'
import { backoffMs } from '../../lib/backoff.ts'
import type { SavedInvocation } from '../store.ts'
import { apology, askPlatform } from './ask-platform.ts'
import { type Posted, postAnswer } from './post-answer.ts'
import { type Answer, type Asked, type Ending, openWaiting, sealAnswer } from './waiting.ts'
import { endWaiting, findInvocation, putOff, type SavedWaiting } from './waiting-store.ts'

/** Slack takes five messages for one use: a note that it takes a while, an answer that it refused, and these. */
const MOST_TRIES = 3
/** A use that brings its worker down each time comes to an end as well. */
const MOST_CLAIMS = MOST_TRIES + 1
const NOTE_AFTER_MS = 3_000
const RETRY = { maxAttempts: MOST_TRIES, baseMs: 2_000, capMs: 60_000, rideOutMs: 0 }

/**
 * Answers a claimed use: asks the platform, unless it has answered before, and gives the person what it said. A lost claim
 * changes nothing.
 */
export async function answerCommand(ctx: AppContext, waiting: SavedWaiting): Promise<void> {
  const use = await findInvocation(ctx.db, waiting.invocationId)
  const opened = await openWaiting(ctx, waiting)
  if (!use || !opened) return end(ctx, waiting, failed(await whyUnreadable(ctx, waiting)))
  if ((await ctx.storeNow(ctx.db)) >= Number(waiting.expiresAt)) {
    return end(
      ctx,
      waiting,
      opened.answer ? asFailed(opened.answer.ending, 'answer_expired') : failed('answer_expired'),
    )
  }
  const { asked } = opened
  if (waiting.tries > MOST_CLAIMS) {
    const { message } = apology(use, 'given_up', null, { platformMs: null, callId: null })
    if (waiting.tries === MOST_CLAIMS + 1) await postAnswer(ctx, asked.responseUrl, message)
    return end(ctx, waiting, failed('given_up'))
  }
  const { answer, isNoted } = opened.answer
    ? { answer: opened.answer, isNoted: false }
    : await askWithNote(ctx, waiting, use, asked)
  const given = await give(ctx, use, asked, answer, isNoted)
  if (given.posted.kind === 'transient') return tryLater(ctx, waiting, given.answer, given.posted)
  if (given.posted.kind === 'posted') return end(ctx, waiting, given.answer.ending)
  return end(ctx, waiting, asFailed(given.answer.ending, given.posted.code))
}

/** The keys of an integration go with it. */
async function whyUnreadable(ctx: AppContext, { integrationId }: SavedWaiting): Promise<string> {
  return (await findIntegration(ctx.db, integrationId)) ? 'unreadable' : 'integration_deleted'
}

/** Whoever waits for long is told that it is under way. */
async function askWithNote(ctx: AppContext, waiting: SavedWaiting, use: SavedInvocation, asked: Asked) {
  const answered = new AbortController()
  const note = { text: 'Working on it…', responseType: 'ephemeral' as const }
  const noting =
    waiting.tries > 1
      ? Promise.resolve(false)
      : wait(NOTE_AFTER_MS, undefined, { signal: answered.signal }).then(
          async () => (await postAnswer(ctx, asked.responseUrl, note)).kind === 'posted',
          () => false,
        )
  try {
    const answer = await askPlatform(ctx, use, asked)
    answered.abort()
    return { answer, isNoted: await noting }
  } finally {
    answered.abort()
  }
}

/** Posts an answer; one that Slack does not take is replaced by an apology. */
async function give(
  ctx: AppContext,
  use: SavedInvocation,
  { responseUrl }: Asked,
  answer: Answer,
  isNoted: boolean,
): Promise<{ answer: Answer; posted: Posted }> {
  // The note was for the person alone, and nothing else can take its place.
  const replaces = isNoted && answer.message.responseType === 'ephemeral'
  const posted = await postAnswer(ctx, responseUrl, answer.message, { replaces })
  if (posted.kind !== 'refused' || !posted.isMessage || answer.ending.outcome === 'failed') return { answer, posted }
  const { platformMs, callId } = answer.ending
  const instead = apology(use, posted.code, null, { platformMs, callId }, 'refused_by_slack')
  return { answer: instead, posted: await postAnswer(ctx, responseUrl, instead.message, { replaces: isNoted }) }
}

async function tryLater(
  ctx: AppContext,
  waiting: SavedWaiting,
  answer: Answer,
  { code, waitMs }: Extract<Posted, { kind: 'transient' }>,
): Promise<void> {
  const { tries } = waiting
  if (tries >= MOST_TRIES) return end(ctx, waiting, asFailed(answer.ending, code))
  const settled = await ctx.db.transaction().execute(async (trx) => {
    const pauseMs = Math.max(waitMs, 1_000 + backoffMs(tries, ctx.random, RETRY))
    const dueAt = Math.min((await ctx.storeNow(trx)) + pauseMs, Number(waiting.expiresAt))
    return putOff(trx, waiting, await sealAnswer(ctx, trx, waiting, answer), dueAt)
  })
  ctx.log.info('command.put_off', { invocationId: waiting.invocationId, tries, code, settled })
}

async function end(ctx: AppContext, waiting: SavedWaiting, ending: Ending): Promise<void> {
  const settled = await ctx.db
    .transaction()
    .execute((trx) => endWaiting(trx, waiting, { ...ending, endedAt: ctx.now() }))
  const { invocationId, integrationId, tries } = waiting
  const { outcome, code, platformMs } = ending
  ctx.log.info('command.answered', { invocationId, integrationId, tries, outcome, code, platformMs, settled })
}

const failed = (code: string): Ending => ({ outcome: 'failed', code, detail: null, platformMs: null, callId: null })

/** Why the platform gave no answer says more than that the apology did not arrive. */
const asFailed = (ending: Ending, code: string): Ending =>
  ending.outcome === 'failed' ? ending : { ...ending, outcome: 'failed', code }
