import type { MessageChange } from '../../shared/messages.ts'
import { recordAudit } from '../audit/record.ts'
import type { AppContext } from '../context.ts'
import { durably } from '../db/durable-writes.ts'
import type { Db } from '../db/schema.ts'
import {
  giveThreadKey,
  isBeingDeleted,
  isSaidByChange,
  listPartsOfMessage,
  replaceContent,
  supersedeChanges,
  threadKeyOf,
} from '../deliveries/accept/accept-store.ts'
import { readKey, takeIn } from '../deliveries/accept/idempotency.ts'
import { insertArrivals, place } from '../deliveries/accept/place.ts'
import { auditSubject } from '../deliveries/audit-subject.ts'
import { type Folded, foldedRows } from '../deliveries/folded-rows.ts'
import { keepLanes } from '../deliveries/lanes/lanes-store.ts'
import { getDelivery } from '../deliveries/list-store.ts'
import { findWait, insertWaits } from '../deliveries/quiet/waits-store.ts'
import { insertDeliveries, type SavedDelivery } from '../deliveries/store.ts'
import { alike, deletionOf } from '../deliveries/to-row.ts'
import { cancelOne } from '../deliveries/waiting-store.ts'
import { Refusal } from '../errors.ts'
import { findFile, insertWholeFile, WHOLE_TEXT_TYPE } from '../files/store.ts'
import { type Actor, sourceOf } from '../users/actor.ts'
import { type AcceptedRequest, answerOf, type MessageRequest } from './accept-message.ts'
import { contentOf } from './check-message.ts'

type Change = Pick<MessageRequest, 'actor' | 'idempotencyKey' | 'body'> & { id: string }

/** What an earlier message shall say instead: put in its place while it waits, else changed in Slack. */
export async function changeMessage(ctx: AppContext, change: Change & { content: MessageChange }) {
  return takeChange(ctx, change, async (trx, target) => {
    const message = contentOf(change.content)
    const wanted = { ...alike(target, by(change.actor)), message }
    if (await isBeingDeleted(trx, target)) throw deleted(target)
    const isWaiting = WAITING.includes(target.state)
    const file = target.fileId === null ? undefined : await findFile(trx, target.fileId)
    const isWholeText = file?.contentType === WHOLE_TEXT_TYPE
    if (isWholeText && !isWaiting) throw sentAsFile(target)
    await retireParts(ctx, trx, change.actor, target, 'superseded')
    if (isWaiting) {
      const fileId = isWholeText ? null : target.fileId
      const changed = await replaceWaiting(trx, target, foldedRows(ctx, { ...wanted, ...(fileId && { fileId }) }))
      // One that came while it was being sent waits behind it still, and would bring older words back.
      if (changed) {
        await supersedeChanges(trx, target.id, ctx.now())
        return target
      }
    }
    const threadKey = await giveThreadKey(trx, target)
    const folded = foldedRows(ctx, { ...wanted, threadKey, action: 'update', targetId: target.id })
    const [row, ...parts] = folded.rows
    // Parts of the message, not of its change: the next one has to find them.
    return lineUpChange(trx, { rows: [row, ...parts.map((part) => ({ ...part, partOf: target.id }))] }, ctx.now())
  })
}

/** Takes a message away: out of the line while it waits, else out of Slack; its continuations with it. */
export async function deleteMessage(ctx: AppContext, change: Change) {
  return takeChange(ctx, change, async (trx, target) => {
    await retireParts(ctx, trx, change.actor, target, 'cancelled_by_request')
    return retire(ctx, trx, change.actor, target, 'cancelled_by_request')
  })
}

/** One change in a transaction of its own: kept durably, once for each Idempotency-Key, and recorded. */
async function takeChange(
  ctx: AppContext,
  { actor, id, idempotencyKey, body, content }: Change & { content?: MessageChange },
  act: (trx: Db, target: SavedDelivery) => Promise<SavedDelivery>,
): Promise<AcceptedRequest> {
  const requestKey = readKey(idempotencyKey, sourceOf(actor), body)
  const [accepted] = await durably(ctx.db, (db) =>
    takeIn(ctx, db, [{ requestKey }], async (trx) => {
      const target = await targetOf(trx, id, content ? 'changed' : 'deleted')
      const changed = await act(trx, target)
      await recordAudit(ctx, trx, actor, {
        action: content ? 'message.changed' : 'message.deleted',
        subject: auditSubject(target),
        detail: changed.id === target.id ? {} : { delivery: changed.id },
      })
      return { results: [{ answer: answerOf(changed) }] }
    }),
  )
  if (accepted?.kind !== 'accepted') throw accepted?.error
  ctx.nudge('deliveries')
  return accepted
}

const WAITING: SavedDelivery['state'][] = ['pending', 'retrying', 'held']
const NEVER_SENT: SavedDelivery['state'][] = ['failed', 'suppressed', 'cancelled']

/** The message that an id stands for, its lane locked, so that no worker takes it meanwhile; or why it can't be changed. */
async function targetOf(trx: Db, id: string, becomes: 'changed' | 'deleted'): Promise<SavedDelivery> {
  const named = await getDelivery(trx, id)
  const first = named.targetId ? await getDelivery(trx, named.targetId) : named
  const { id: targetId, destinationId } = first
  // Whoever settles one that is being sent has its row in hand, and then its lane.
  if (becomes === 'changed' && first.state === 'sending') await giveThreadKey(trx, first)
  // Only locked: to take a place behind one that is meant for later would put all that comes next behind it, too.
  await keepLanes(trx, [destinationId])
  const target = await getDelivery(trx, targetId)
  if (target.destinationKind === 'webhook') {
    throw new Refusal('invalid', 'It went through a webhook, and what a webhook sent can’t be changed or deleted.', {
      fix: 'Send messages that may change through the bot: {"integrationId", "channel"} as the destination.',
    })
  }
  if (target.foldedInto !== null) {
    throw new Refusal('conflict', 'It was summed up with others, and the summary stands for all of them.')
  }
  if (NEVER_SENT.includes(target.state) && !(await isSaidByChange(trx, target))) {
    throw new Refusal('conflict', `Delivery ${target.id} is ${target.state}: there is no message in Slack.`, {
      fix: 'Send a new message.',
    })
  }
  if (target.state === 'delivered' && target.messageTs === null) {
    throw new Refusal(
      'conflict',
      'Slack did not tell which message this became, so it can’t be changed or deleted here.',
      {
        fix: 'Change or delete it in Slack.',
      },
    )
  }
  return target
}

/** What was deleted must not come back: a message that is gone from Slack is posted anew when it is changed. */
const deleted = ({ id }: SavedDelivery) =>
  new Refusal('conflict', `The message of delivery ${id} was deleted.`, { fix: 'Send a new message.' })

const sentAsFile = ({ id }: SavedDelivery) =>
  new Refusal('conflict', `Delivery ${id} was too long for messages and went out as a file, which can’t be changed.`, {
    fix: 'Delete it and send the message again.',
  })

const by = (actor: Actor) => ({ origin: 'message', createdBy: actor.name }) as const

async function replaceWaiting(trx: Db, target: SavedDelivery, folded: Folded): Promise<boolean> {
  const [{ message, title, fileId }, ...more] = folded.rows
  const threadKey = more.length > 0 ? threadKeyOf(target) : target.threadKey
  if (!(await replaceContent(trx, target.id, { message, title, fileId, threadKey }))) return false
  const { queueAt, dueAt, rank, state, code, type, policy, maxAttempts, nextAttemptDelayMs, eventId } = target
  const asTarget = { type, policy, maxAttempts, nextAttemptDelayMs, eventId, threadKey, rank, state, code, queueAt }
  const inLine = { ...asTarget, partOf: target.id, dueAt: Math.max(dueAt, queueAt ?? 0) }
  const parts = more.map((row) => ({ ...row, ...inLine }))
  await insertDeliveries(trx, parts)
  // What holds the message holds them, and lets go of them with it.
  const wait = parts.length > 0 ? await findWait(trx, target.id) : undefined
  if (wait)
    await insertWaits(
      trx,
      parts.map(({ id }) => ({ ...wait, deliveryId: id })),
    )
  if (folded.file) await insertWholeFile(trx, folded.file)
  return true
}

async function lineUpChange(trx: Db, folded: Folded, now: number): Promise<SavedDelivery> {
  const arrivals = [{ ...folded, dedupeWindowMs: 0, isTypePaused: false }]
  await place(trx, arrivals, now)
  await insertArrivals(trx, arrivals)
  return folded.rows[0]
}

/** Earlier continuations say what the message no longer says. */
async function retireParts(ctx: AppContext, trx: Db, actor: Actor, target: SavedDelivery, code: string): Promise<void> {
  for (const part of await listPartsOfMessage(trx, target)) {
    const isThere = !NEVER_SENT.includes(part.state) && (part.state !== 'delivered' || part.messageTs !== null)
    if (isThere && !(await isBeingDeleted(trx, part))) await retire(ctx, trx, actor, part, code)
  }
}

/** Takes one message out of its line while it waits, else out of Slack. */
async function retire(
  ctx: AppContext,
  trx: Db,
  actor: Actor,
  row: SavedDelivery,
  code: string,
): Promise<SavedDelivery> {
  if (WAITING.includes(row.state) && (await cancelOne(trx, row.id, code, ctx.now()))) {
    return { ...row, state: 'cancelled' }
  }
  return lineUpChange(trx, { rows: [deletionOf(ctx, row, by(actor))] }, ctx.now())
}
