import type { Message } from '../../shared/deliveries.ts'
import type { AppContext } from '../context.ts'
import { openTarget } from '../destinations/open-target.ts'
import { findFile, readFile } from '../files/store.ts'
import { forgetConnection, openConnection } from '../integrations/credentials.ts'
import type { Act, Connection, OutgoingFile, SendLimits, SendResult, Target } from '../providers/provider.ts'
import { providers } from '../providers/registry.ts'
import { LEASE_MS, type Taken } from './claim.ts'
import { keepUploadId } from './claims-store.ts'
import { keepClaim } from './keep-claim.ts'
import { lookFor } from './look-for.ts'
import { nextStep, retryPolicyOf, type Situation } from './next-step.ts'
import type { Finished } from './settle.ts'
import { findFirstFailedAt } from './store.ts'
import { attemptOf, permalinkOf } from './to-row.ts'

/** Works on one claimed delivery: asks Slack, writes nothing but an upload's id. A failed send is an outcome here. */
export async function deliver(ctx: AppContext, taken: Taken, stopping?: AbortSignal): Promise<Finished> {
  if (taken.act === 'look') return lookFor(ctx, taken, limitsOf(taken, stopping))
  const opened = await open(ctx, taken)
  if ('error' in opened) return broke(ctx, taken, opened.error)
  if (taken.delivery.fileId === null) return send(ctx, taken, opened, limitsOf(taken, stopping))
  const claim = keepClaim(ctx, taken, stopping)
  try {
    return await send(ctx, taken, opened, claim.limits)
  } finally {
    await claim.end()
  }
}

/**
 * Until when the request may leave: after that another worker may take the lane before the answer is in, look, find
 * nothing yet, and send it again.
 */
export function limitsOf({ claimedAtMs }: Taken, signal?: AbortSignal): SendLimits {
  return { notAfterMs: claimedAtMs + LEASE_MS - LONGEST_REQUEST_MS, ...(signal && { signal }) }
}

const LONGEST_REQUEST_MS = 14_000

type Opened = { connection: Connection; target: Target; message: Message; file?: OutgoingFile; triedForMs: number }

async function open(ctx: AppContext, taken: Taken): Promise<Opened | { error: unknown }> {
  const { delivery, destination } = taken
  try {
    const connection = await openConnection(ctx, delivery.integrationId)
    const target = await openTarget(ctx, destination)
    // It was checked when it was taken in; here only its shape is relied on.
    const message = JSON.parse(delivery.message) as Message
    const file = delivery.fileId === null ? undefined : await openFile(ctx, taken, delivery.fileId)
    return { connection, target, message, ...(file && { file }), triedForMs: await triedForMsOf(ctx, taken) }
  } catch (error) {
    return { error }
  }
}

async function openFile(ctx: AppContext, { delivery }: Taken, fileId: string): Promise<OutgoingFile> {
  const file = await findFile(ctx.db, fileId)
  if (!file) throw new Error(`The file ${fileId} of delivery ${delivery.id} is gone.`)
  return {
    name: file.name,
    sizeBytes: Number(file.sizeBytes),
    ...(file.altText !== null && { altText: file.altText }),
    read: () => readFile(ctx.db, fileId),
    ...(delivery.uploadId !== null && { uploadId: delivery.uploadId }),
    keepUploadId: async (uploadId) => {
      if (!(await keepUploadId(ctx.db, delivery, uploadId))) throw new Error('The claim of an upload was lost.')
    },
  }
}

async function send(ctx: AppContext, taken: Taken, opened: Opened, limits: SendLimits): Promise<Finished> {
  const { delivery, integration } = taken
  const provider = providers[integration.provider]
  const attempts: Finished['attempts'] = []
  let { connection } = opened
  const ask = async (act: Act): Promise<SendResult> => {
    const startedAt = ctx.now()
    const result = await provider.send(ctx, connection, { deliveryId: delivery.id, ...opened, act }, limits)
    attempts.push(attemptOf(ctx.newId('att'), delivery, result, { startedAt, endedAt: ctx.now() }))
    return result
  }
  let act = taken.act as Act // looks went another way
  let result = await ask(act)
  const replaced = await tokenSavedSince(ctx, connection, result)
  if (replaced) {
    connection = replaced
    result = await ask(act)
  }
  let goneTs: string | undefined
  // A reply that is gone is posted anew in its thread; where that is gone too, beside it.
  while (isGone(act, result)) {
    goneTs = goesBy(act)
    act = { kind: 'post', ...(act.kind === 'update' && act.threadTs !== undefined && { threadTs: act.threadTs }) }
    result = await ask(act)
  }
  const { messageTs, conversationId } = result.kind === 'sent' ? result : {}
  const permalink =
    result.kind === 'sent'
      ? (result.permalink ?? permalinkOf(integration.workspaceUrl, conversationId ?? null, messageTs ?? null))
      : null
  return {
    taken: { ...taken, act },
    step: nextStep(result, situationOf(taken, act, opened.triedForMs), ctx.random),
    attempts,
    sent: { messageTs, conversationId, permalink },
    goneTs,
    ...(result.kind === 'rate_limited' && { limitedMs: result.waitMs }),
  }
}

/** A refused token may have been replaced while Slack was asked with it, or just before: that pauses nothing. */
async function tokenSavedSince(
  ctx: AppContext,
  { integrationId, secrets }: Connection,
  result: SendResult,
): Promise<Connection | undefined> {
  if (integrationId === undefined || result.kind !== 'permanent' || result.stops !== 'credential') return undefined
  forgetConnection(ctx, integrationId)
  const saved = await openConnection(ctx, integrationId).catch(() => undefined)
  return saved?.secrets.botToken === secrets.botToken ? undefined : saved
}

/** What it would change, or reply to, is no longer there: the message is posted as a new one. */
function isGone(act: Act, result: SendResult): boolean {
  if (result.kind !== 'permanent' || act.kind === 'delete') return false
  if (act.kind === 'post' && act.threadTs === undefined) return false
  return GONE.includes(result.code)
}

const goesBy = (act: Act): string | undefined => (act.kind === 'post' ? act.threadTs : act.messageTs)

/** Slack's words for a message that is gone or locked. */
const GONE = [
  'message_not_found',
  'thread_not_found',
  'cannot_reply_to_message',
  'cant_update_message',
  'edit_window_closed',
]

export function situationOf(
  { delivery, integration, destination }: Taken,
  act: Act | 'look',
  triedForMs: number,
): Situation {
  const { tries, looks, policy, origin, mark } = delivery
  return {
    ...{ tries, looks, policy, origin, mark },
    canLook: destination.kind !== 'webhook',
    isIdempotent: act !== 'look' && act.kind !== 'post',
    triedForMs,
    retry: retryPolicyOf(delivery, integration),
  }
}

/** How long it is being tried by now: read only when its attempts may be used up, since nothing else depends on it. */
export async function triedForMsOf(ctx: AppContext, { delivery, integration }: Taken): Promise<number> {
  const { maxAttempts, rideOutMs } = retryPolicyOf(delivery, integration)
  if (rideOutMs === 0 || delivery.tries + 1 < maxAttempts) return 0
  return ctx.now() - ((await findFirstFailedAt(ctx.db, delivery.id)) ?? delivery.createdAt)
}

/** Something broke on our side before Slack was asked. */
function broke(ctx: AppContext, taken: Taken, error: unknown): Finished {
  const { delivery, act } = taken
  ctx.log.error('delivery.not_prepared', { deliveryId: delivery.id, error })
  // Attempts of which nothing was asked are not on record.
  const situation = situationOf(taken, act, ctx.now() - delivery.createdAt)
  const step = nextStep({ kind: 'transient', code: 'not_prepared' }, situation, ctx.random)
  return { taken, step, attempts: [], sent: {} }
}
