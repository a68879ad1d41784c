import type { Message, ReplayOne } from '../../shared/deliveries.ts'
import { recordAudit } from '../audit/record.ts'
import type { AppContext } from '../context.ts'
import type { Db } from '../db/schema.ts'
import { findDestination, type SavedDestination } from '../destinations/store.ts'
import { Refusal } from '../errors.ts'
import { findIntegration } from '../integrations/store.ts'
import type { Actor } from '../users/actor.ts'
import { auditSubject } from './audit-subject.ts'
import { listContinuations } from './continuations-store.ts'
import { lineUp, type PausedTypes } from './lanes/places-store.ts'
import { getDelivery } from './list-store.ts'
import { markDelayed } from './mark-delayed.ts'
import type { SavedDelivery } from './store.ts'
import { isReplayable } from './to-answer.ts'
import { deliveryOf, type NewDelivery } from './to-row.ts'

/**
 * Sends the message of a delivery that did not arrive once more, as a new delivery that names the old one; its
 * continuations that did not arrive either with it. Where its type is paused it waits.
 */
export async function replayDelivery(
  ctx: AppContext,
  actor: Actor,
  id: string,
  { pausedTypes, ...options }: ReplayOne & { pausedTypes: PausedTypes },
): Promise<string> {
  const replay = await ctx.db.transaction().execute(async (trx) => {
    const old = await getDelivery(trx, id)
    if (!isReplayable(old)) throw notReplayable(old)
    const place = await findPlace(trx, old.destinationId)
    if (!place) {
      throw new Refusal(
        'conflict',
        `Delivery ${id} went to ${old.destinationName ?? 'a destination'}, which was deleted.`,
        { fix: 'Send the message to another destination.' },
      )
    }
    const how = { createdBy: actor.name, ...options }
    const row = replayOf(ctx, old, place, how)
    const unsent = (await listContinuations(trx, old)).filter(isReplayable)
    const parts = unsent.map((part) => replayOf(ctx, part, place, { ...how, markDelayed: false }))
    // Of a change they are parts of what it changes.
    if (old.targetId === null) for (const part of parts) part.partOf = row.id
    await lineUp(trx, [row, ...parts], pausedTypes)
    await recordAudit(ctx, trx, actor, {
      action: 'delivery.replayed',
      subject: auditSubject(old),
      detail: { replay: row.id, destination: place.destination.name },
    })
    return row
  })
  ctx.nudge('deliveries')
  return replay.id
}

/** A destination and the name of its integration. */
export type Place = { destination: SavedDestination; integrationName: string }

export async function findPlace(db: Db, destinationId: string): Promise<Place | undefined> {
  const destination = await findDestination(db, destinationId)
  const integration = destination && (await findIntegration(db, destination.integrationId))
  return integration && { destination, integrationName: integration.name }
}

/**
 * The row that sends a delivery again: the same act under the same keys, by the same policy. It is never folded into a
 * summary, since somebody asked for this one.
 */
export function replayOf(
  ctx: AppContext,
  old: SavedDelivery,
  { destination, integrationName }: Place,
  how: { createdBy: string; markDelayed: boolean; replayId?: string },
): SavedDelivery {
  return deliveryOf(ctx, {
    destination,
    integrationName,
    message: replayedMessage(old, how.markDelayed),
    ...keptFrom(old),
    action: old.action ?? 'post',
    threadTs: old.threadTs,
    broadcast: old.broadcast,
    targetId: old.targetId,
    partOf: old.partOf,
    createdBy: how.createdBy,
    replayOf: old.id,
    ...(how.replayId !== undefined && { replayId: how.replayId }),
  })
}

/** What a new delivery has in common with the one whose message it sends, wherever it goes. */
export function keptFrom(old: SavedDelivery) {
  return {
    origin: old.origin,
    title: old.title,
    priority: old.priority,
    ...(old.eventId !== null && { eventId: old.eventId }),
    type: old.type,
    recipient: old.recipient,
    threadKey: old.threadKey,
    updateKey: old.updateKey,
    updateTrail: old.updateTrail,
    dedupeKey: old.dedupeKey,
    policy: old.policy,
    maxAttempts: old.maxAttempts,
    nextAttemptDelayMs: old.nextAttemptDelayMs,
    fileId: old.fileId,
  } satisfies Partial<NewDelivery>
}

/** The message as a replay sends it. */
export function replayedMessage(old: SavedDelivery, isMarked: boolean): Message {
  const message = JSON.parse(old.message) as Message // it was checked when it was taken in
  return isMarked && old.action !== 'delete' ? markDelayed(message, Number(old.queueAt ?? old.createdAt)) : message
}

function notReplayable({ id, state, rank }: SavedDelivery): Refusal {
  return rank === null
    ? new Refusal('conflict', `Delivery ${id} is ${state}; only one that ended without arriving is replayed.`)
    : new Refusal(
        'conflict',
        `Delivery ${id} is ${state} and still in line: it will be sent or looked for by itself.`,
        {
          fix: 'Wait for its outcome, or cancel it first.',
        },
      )
}
