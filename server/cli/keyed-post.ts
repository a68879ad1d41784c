import { hostname } from 'node:os'
import type { SendResult } from '../providers/provider.ts'
import { type DirectPost, longestMs, lookFor, sendDirectly } from './direct-send.ts'
import { claimKept, isUnderWay, type Kept, type KeptPost, readKept, settleKept, underWay } from './kept-posts.ts'
import { plain, shownInstant } from './print.ts'
import { EXIT, Problem } from './problem.ts'
import { exitOfFailure, said } from './slack-outcome.ts'

export type Posted = {
  deliveryId: string
  conversationId?: string | undefined
  messageTs?: string | undefined
  permalink?: string | undefined
  /** When an earlier run posted it, which this one found out. */
  earlierAt?: number
}
export type Outcome = Posted | { deliveryId: string; failed: Exclude<SendResult, { kind: 'sent' }> }

type Keyed = { key: string; fingerprint: string; sendAgain: boolean }

/** Posts without a key: a second run posts a second time. */
export async function postOnce(post: DirectPost): Promise<Outcome> {
  const deliveryId = post.ctx.newId('dlv')
  const since = post.ctx.now()
  let uploadId: string | undefined
  const keepUploadId = async (id: string) => {
    uploadId = id
  }
  const result = await sendDirectly(post, { deliveryId, keepUploadId })
  return settledOutcome(post, result, { deliveryId, since, uploadId })
}

/** Posts under a key: at most once, whatever became of the runs before and wherever they were cut off. */
export async function postUnderKey(post: DirectPost, { key, fingerprint, sendAgain }: Keyed): Promise<Outcome> {
  const kept = await readKept(key)
  const now = post.ctx.now()
  const before = kept.post?.state === 'failed' ? undefined : kept.post
  if (before) {
    if (before.fingerprint !== fingerprint) throw otherMessage(before)
    if (before.state === 'sent') return { ...before, earlierAt: before.at }
    if (isUnderWay(before, now)) throw underWay(key)
    const found = sendAgain ? undefined : await findEarlier(post, kept, before)
    if (found) return found
  }
  const own: KeptPost = {
    key,
    deliveryId: before?.deliveryId ?? post.ctx.newId('dlv'),
    fingerprint,
    place: post.place.name,
    since: before?.since ?? now,
    at: now,
    endsAt: now + longestMs(post),
    pid: process.pid,
    host: hostname(),
    state: 'sending',
    ...(before?.uploadId !== undefined && { uploadId: before.uploadId }),
  }
  return sendClaimed(post, await claimKept(kept, own), own, before !== undefined)
}

async function sendClaimed(post: DirectPost, kept: Kept, claimed: KeptPost, wasInDoubt: boolean): Promise<Outcome> {
  let own = claimed
  const keepUploadId = async (uploadId: string) => {
    own = { ...own, uploadId }
    await settleKept(kept, own)
  }
  const { deliveryId, since, uploadId } = own
  let outcome: Outcome
  try {
    const result = await sendDirectly(post, { deliveryId, keepUploadId, ...(uploadId !== undefined && { uploadId }) })
    outcome = await settledOutcome(post, result, { deliveryId, since, uploadId: own.uploadId })
  } catch (error) {
    // Thrown before the message itself was sent: its conversation could not be found, for example.
    if (error instanceof Problem) await settleKept(kept, { ...own, state: wasInDoubt ? 'unknown' : 'failed' })
    throw error
  }
  // What failed now says nothing about an earlier try in doubt, so the next run has to look again.
  const isInDoubt = 'failed' in outcome && (wasInDoubt || outcome.failed.kind === 'ambiguous')
  const state = 'failed' in outcome ? (isInDoubt ? 'unknown' : 'failed') : 'sent'
  await settleKept(kept, { ...own, state, ...('failed' in outcome ? {} : placesOf(outcome)) })
  return outcome
}

function placesOf({ conversationId, messageTs, permalink }: Posted) {
  return {
    ...(conversationId !== undefined && { conversationId }),
    ...(messageTs !== undefined && { messageTs }),
    ...(permalink !== undefined && { permalink }),
  }
}

type Lost = { deliveryId: string; since: number; uploadId: string | undefined }

/** A lost answer is looked for at once: mostly the message is there. */
async function settledOutcome(post: DirectPost, result: SendResult, lost: Lost): Promise<Outcome> {
  const { deliveryId, since, uploadId } = lost
  if (result.kind === 'sent') return { deliveryId, ...placesOf({ ...result, deliveryId }) }
  if (result.kind !== 'ambiguous') return { deliveryId, failed: result }
  const looked = await lookFor(post, { deliveryId, since, ...(uploadId !== undefined && { uploadId }) }).catch(
    (error: unknown) => {
      if (error instanceof Problem) return undefined
      throw error
    },
  )
  if (looked?.kind !== 'found') return { deliveryId, failed: result }
  return { deliveryId, ...placesOf({ ...looked, deliveryId }) }
}

/** What an earlier run of unknown outcome left in Slack. Undefined when it is certain that nothing is there. */
async function findEarlier(post: DirectPost, kept: Kept, before: KeptPost): Promise<Posted | undefined> {
  const { deliveryId, since, uploadId, conversationId } = before
  // A file whose upload had not ended was never shared.
  if (post.file && uploadId === undefined) return undefined
  const looked = await lookFor(post, {
    ...{ deliveryId, since },
    ...(uploadId !== undefined && { uploadId }),
    ...(conversationId !== undefined && { conversationId }),
  })
  switch (looked?.kind) {
    case 'found': {
      const { messageTs, permalink } = looked
      const found = { ...before, state: 'sent' as const, messageTs, ...(permalink !== undefined && { permalink }) }
      await settleKept(kept, found)
      return { ...found, earlierAt: before.at }
    }
    case 'not_found':
      return undefined
    case 'rate_limited':
    case 'transient': {
      const { exchange, ...failure } = looked
      const { meaning } = said(failure)
      const message = `It could not be looked up whether an earlier run posted it, so nothing was sent: ${meaning}`
      throw new Problem(exitOfFailure(failure, exchange.httpStatus), message, 'Run it again in a while.')
    }
    case 'can_not_look':
    case undefined:
      throw inDoubt(before, looked?.code)
  }
}

function otherMessage({ key, at, place }: KeptPost): Problem {
  return new Problem(
    EXIT.failed,
    `The key ${key} was used for another message, to ${plain(place)} at ${shownInstant(new Date(at).toISOString())}, so this one is not posted.`,
    'Use one key for one message of one run, for example the name and number of the job.',
  )
}

function inDoubt({ key, at, place }: KeptPost, code: string | undefined): Problem {
  const why =
    code === undefined
      ? 'Behind a webhook nobody can look'
      : said({ kind: 'permanent', code, stops: 'message' }).meaning
  return new Problem(
    EXIT.failed,
    `A run with the key ${key} at ${shownInstant(new Date(at).toISOString())} may have posted to ${plain(place)}, so this one posts nothing. ${why}.`.replace(
      '..',
      '.',
    ),
    'Look in Slack. If it is not there, run this again with --send-again.',
  )
}
