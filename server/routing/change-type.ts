import {
  DEFAULT_DEDUPE_WINDOW_MS,
  type NotificationType,
  type NotificationTypeChange,
} from '../../shared/notification-types.ts'
import { recordAudit } from '../audit/record.ts'
import type { AppContext } from '../context.ts'
import { touchLanes } from '../deliveries/lanes/places-store.ts'
import { holdType, releaseType } from '../deliveries/waiting-store.ts'
import { optional, toInstant } from '../lib/paging.ts'
import type { Actor } from '../users/actor.ts'
import { findTypeSettings, lockType, type SavedType, updateType } from './store.ts'

/** How deliveries of a type are treated; the defaults when nobody has said anything of it. */
export async function readType(ctx: AppContext, type: string): Promise<NotificationType> {
  return toType((await findTypeSettings(ctx.db, [type])).get(type) ?? freshType(type, ctx.now(), ''))
}

/** Sets what is named and leaves the rest; with `whole`, what is not named goes back to its default. */
export async function changeType(
  ctx: AppContext,
  actor: Actor,
  type: string,
  change: NotificationTypeChange,
  { whole }: { whole: boolean },
): Promise<NotificationType> {
  return ctx.db.transaction().execute(async (trx) => {
    const fresh = freshType(type, ctx.now(), actor.name)
    const before = await lockType(trx, fresh)
    const { pausedAt, pausedBy } = before
    const base = whole ? { ...fresh, pausedAt, pausedBy } : before
    const row = { ...base, ...columnsOf(change), updatedAt: ctx.now(), updatedBy: actor.name }
    await updateType(trx, row)
    await recordAudit(ctx, trx, actor, {
      action: 'notification_type.changed',
      subject: { kind: 'notification_type', id: type, name: type },
      detail: { ...change, ...(whole && { whole }) },
    })
    return toType(row)
  })
}

/** From now on deliveries of the type wait, those that wait already included; what is being sent goes out. */
export async function pauseType(ctx: AppContext, actor: Actor, type: string): Promise<NotificationType> {
  return ctx.db.transaction().execute(async (trx) => {
    const now = ctx.now()
    const before = await lockType(trx, freshType(type, now, actor.name))
    if (before.pausedAt !== null) return toType(before)
    const row = { ...before, pausedAt: now, pausedBy: actor.name }
    await updateType(trx, row)
    const held = await holdType(trx, type, now)
    await recordAudit(ctx, trx, actor, {
      action: 'notification_type.paused',
      subject: { kind: 'notification_type', id: type, name: type },
      detail: { held },
    })
    return toType(row)
  })
}

/** What waited goes out, each in its old place. */
export async function resumeType(ctx: AppContext, actor: Actor, type: string): Promise<NotificationType> {
  const resumed = await ctx.db.transaction().execute(async (trx) => {
    const now = ctx.now()
    const before = await lockType(trx, freshType(type, now, actor.name))
    if (before.pausedAt === null) return toType(before)
    const row = { ...before, pausedAt: null, pausedBy: null }
    await updateType(trx, row)
    const released = await releaseType(trx, type, now)
    await touchLanes(trx, released)
    await recordAudit(ctx, trx, actor, {
      action: 'notification_type.resumed',
      subject: { kind: 'notification_type', id: type, name: type },
      detail: { released: released.length },
    })
    return toType(row)
  })
  ctx.nudge('deliveries')
  return resumed
}

export function toType(row: SavedType): NotificationType {
  return {
    type: row.type,
    policy: row.policy,
    maxAttempts: row.maxAttempts,
    nextAttemptDelay: row.nextAttemptDelayMs === null ? null : row.nextAttemptDelayMs / 1_000,
    foldAfter: row.foldAfter,
    dedupeWindow: Math.round(Number(row.dedupeWindowMs) / 1_000),
    updateTrail: row.updateTrail === 1,
    ...optional(
      'paused',
      row.pausedAt === null ? null : { at: toInstant(Number(row.pausedAt)), by: row.pausedBy ?? '' },
    ),
  }
}

const freshType = (type: string, now: number, by: string): SavedType => ({
  type,
  policy: 'at_least_once',
  maxAttempts: null,
  nextAttemptDelayMs: null,
  foldAfter: null,
  dedupeWindowMs: DEFAULT_DEDUPE_WINDOW_MS,
  updateTrail: 0,
  pausedAt: null,
  pausedBy: null,
  updatedAt: now,
  updatedBy: by,
})

function columnsOf(change: NotificationTypeChange): Partial<SavedType> {
  const { policy, maxAttempts, nextAttemptDelay, foldAfter, dedupeWindow, updateTrail } = change
  return {
    ...(policy !== undefined && { policy }),
    ...(maxAttempts !== undefined && { maxAttempts }),
    ...(nextAttemptDelay !== undefined && {
      nextAttemptDelayMs: nextAttemptDelay === null ? null : Math.round(nextAttemptDelay * 1_000),
    }),
    ...(foldAfter !== undefined && { foldAfter }),
    ...(dedupeWindow !== undefined && { dedupeWindowMs: dedupeWindow * 1_000 }),
    ...(updateTrail !== undefined && { updateTrail: Number(updateTrail) }),
  }
}
