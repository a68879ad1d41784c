import type { AppContext } from '../context.ts'
import { openTarget } from '../destinations/open-target.ts'
import { openConnection } from '../integrations/credentials.ts'
import type { Connection, LookResult, SendLimits } from '../providers/provider.ts'
import { providers } from '../providers/registry.ts'
import type { Taken } from './claim.ts'
import { situationOf, triedForMsOf } from './deliver.ts'
import { afterLook, afterUnknown } from './next-step.ts'
import type { Finished } from './settle.ts'
import { lookAttemptOf, permalinkOf } from './to-row.ts'

/**
 * Finds out what became of a delivery whose outcome is unknown. It stays `unconfirmed` until the answer is written, so a
 * crash in between only means another look.
 */
export async function lookFor(ctx: AppContext, taken: Taken, limits: SendLimits): Promise<Finished> {
  const { delivery, destination, integration } = taken
  // A change may have been posted anew, where what it changes was gone.
  const isIdempotent = delivery.action === 'delete'
  const situation = { ...situationOf(taken, 'look', await triedForMsOf(ctx, taken)), isIdempotent }
  const code = delivery.code ?? 'worker_lost'
  if (isIdempotent || destination.kind === 'webhook') {
    const step = afterUnknown(code, delivery.tries, { ...situation, canLook: false }, ctx.random)
    return { taken, step, attempts: [], sent: {} }
  }
  const startedAt = ctx.now()
  const result = await look(ctx, taken, limits)
  const attempts =
    'exchange' in result ? [lookAttemptOf(ctx.newId('att'), delivery, result, { startedAt, endedAt: ctx.now() })] : []
  const messageTs = result.kind === 'found' ? result.messageTs : undefined
  const conversationId = 'conversationId' in result ? result.conversationId : undefined
  return {
    taken,
    step: afterLook(result, situation, code, ctx.random),
    attempts,
    sent: {
      messageTs,
      conversationId,
      permalink:
        result.kind === 'found'
          ? (result.permalink ?? permalinkOf(integration.workspaceUrl, conversationId ?? null, messageTs ?? null))
          : null,
    },
    ...(result.kind === 'found' && result.isBesideThread && { goneTs: delivery.threadTs ?? undefined }),
    ...(result.kind === 'rate_limited' && { limitedMs: result.waitMs }),
  }
}

/** Something broke on our side before Slack was asked: it is looked for again later. */
const notLooked: LookResult = {
  kind: 'transient',
  code: 'not_prepared',
  exchange: { method: 'conversations.history', tookMs: 0, request: {}, response: {} },
}

type Looked = (LookResult & { conversationId: string }) | LookResult

async function look(ctx: AppContext, taken: Taken, limits: SendLimits): Promise<Looked> {
  const { delivery, integration, destination } = taken
  const provider = providers[integration.provider]
  const connection = await openConnection(ctx, delivery.integrationId).catch((error: unknown) => {
    ctx.log.error('delivery.look_not_prepared', { deliveryId: delivery.id, error })
    return undefined
  })
  if (!connection) return notLooked
  const place = await conversationOf(ctx, taken, connection)
  if ('kind' in place) return place
  const { conversationId } = place
  const result = await provider.look(
    ctx,
    connection,
    {
      deliveryId: delivery.id,
      conversationId,
      ...(delivery.threadTs !== null && { threadTs: delivery.threadTs }),
      since: delivery.unsureSince ?? delivery.createdAt,
      ...(delivery.uploadId !== null && { uploadId: delivery.uploadId }),
    },
    limits,
  )
  ctx.log.info('delivery.looked_for', { deliveryId: delivery.id, destinationId: destination.id, found: result.kind })
  return { ...result, conversationId }
}

/** The channel, or the person's conversation, which opening gives again if it was not kept. */
async function conversationOf(
  ctx: AppContext,
  { destination, integration }: Taken,
  connection: Connection,
): Promise<{ conversationId: string } | LookResult> {
  const target = await openTarget(ctx, destination)
  if (target.kind === 'webhook') return notLooked
  if (target.kind === 'channel') return { conversationId: target.conversationId }
  if (target.conversationId !== undefined) return { conversationId: target.conversationId }
  const opened = await providers[integration.provider].directory.openDirectMessage(ctx, connection, target.person)
  if (opened.kind === 'answered') return { conversationId: opened.answer }
  const { failure, exchange } = opened
  switch (failure.kind) {
    case 'rate_limited':
    case 'transient':
      return { ...failure, exchange }
    case 'ambiguous':
      return { kind: 'transient', code: failure.code, exchange }
    case 'permanent':
      return { kind: 'can_not_look', code: failure.code, exchange }
  }
}
