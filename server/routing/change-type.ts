import {
  DEFAULT_DEDUPE_WINDOW_MS,
  type NotificationType,
  type NotificationTypeChange,
} from '../../shared/notification-types.ts'
import { recordAudit } from '../audit/record.ts'
import type { AppContext } from '../context.ts'
import type { Db } from '../db/schema.ts'
import { beginAnew } from '../deliveries/sweeps/begin.ts'
import { sweepOn, WINDOWS_AT_ONCE } from '../deliveries/sweeps/sweep.ts'
import { Refusal } from '../errors.ts'
import type { Actor } from '../users/actor.ts'
import { learnMentions } from './learn-mentions.ts'
import { readySweeps } from './ready-sweeps.ts'
import { showType } from './show-types.ts'
import { countRevision, deleteTypeRow, findTypeSettings, lockType, type SavedType, updateType } from './store.ts'
import { resolveTargets, type SavedTarget } from './targets.ts'

/** How deliveries of a type are treated; the defaults when nobody has said anything of it. */
export async function readType(ctx: AppContext, type: string): Promise<NotificationType> {
  return showType(ctx.db, (await findTypeSettings(ctx.db, [type])).get(type) ?? freshType(type, ctx.now(), ''))
}

/** Sets what is named and leaves the rest; with `whole`, what is not named goes back to its default. */
export async function changeType(
  ctx: AppContext,
  actor: Actor,
  type: string,
  change: NotificationTypeChange,
  { whole }: { whole: boolean },
): Promise<NotificationType> {
  const targets = change.destinations && (await resolveTargets(ctx, actor, change.destinations, 'destinations'))
  const row = await ctx.db.transaction().execute(async (trx) => {
    await countRevision(trx)
    return writeType(ctx, trx, actor, type, { change, targets, whole })
  })
  await learnMentions(ctx, [row])
  return showType(ctx.db, row)
}

/** The same inside a transaction of the caller, who counts the revision before, and knows the targets. */
export async function writeType(
  ctx: AppContext,
  trx: Db,
  actor: Actor,
  type: string,
  {
    change,
    targets,
    whole,
  }: { change: NotificationTypeChange; targets: readonly SavedTarget[] | undefined; whole: boolean },
): Promise<SavedType> {
  const fresh = freshType(type, ctx.now(), actor.name)
  const before = await lockType(trx, fresh)
  const { pausedAt, pausedBy } = before
  const base = whole ? { ...fresh, pausedAt, pausedBy } : before
  const row = { ...base, ...columnsOf(change, targets, ctx.now()), updatedAt: ctx.now(), updatedBy: actor.name }
  await updateType(trx, row)
  await recordAudit(ctx, trx, actor, {
    action: 'notification_type.changed',
    subject: { kind: 'notification_type', id: type, name: type },
    detail: { ...change, ...(whole && { whole }) },
  })
  return row
}

/**
 * Forgets all that was set for a type, so that the defaults hold again. In a transaction of the caller, who counts the
 * revision before.
 */
export async function eraseType(ctx: AppContext, trx: Db, actor: Actor, type: string): Promise<void> {
  const before = await lockType(trx, freshType(type, ctx.now(), actor.name))
  if (before.pausedAt !== null) {
    throw new Refusal('conflict', `${type} is paused, and what it holds would have nobody to let it go.`, {
      fix: 'Resume it first.',
    })
  }
  await deleteTypeRow(trx, type)
  await recordAudit(ctx, trx, actor, {
    action: 'notification_type.deleted',
    subject: { kind: 'notification_type', id: type, name: type },
  })
}

/** From now on deliveries of the type wait, those that wait already included; what is being sent goes out. */
export async function pauseType(ctx: AppContext, actor: Actor, type: string): Promise<NotificationType> {
  return turnType(ctx, actor, type, { action: 'notification_type.paused', act: 'hold' })
}

/** What waited goes out, each in its old place. */
export async function resumeType(ctx: AppContext, actor: Actor, type: string): Promise<NotificationType> {
  const resumed = await turnType(ctx, actor, type, { action: 'notification_type.resumed', act: 'release' })
  ctx.nudge('deliveries')
  return resumed
}

/**
 * Turns the switch, which decides from then on. What waits already follows in a sweep: some of it at once, so that few
 * are done when this returns, and the rest by the workers, which send nothing of it before.
 */
async function turnType(
  ctx: AppContext,
  actor: Actor,
  type: string,
  { action, act }: { action: string; act: 'hold' | 'release' },
): Promise<NotificationType> {
  await ctx.db.transaction().execute(async (trx) => {
    await countRevision(trx)
    const now = ctx.now()
    const before = await lockType(trx, freshType(type, now, actor.name))
    const isPaused = before.pausedAt !== null
    if (isPaused === (act === 'hold')) return
    const pause = isPaused ? { pausedAt: null, pausedBy: null } : { pausedAt: now, pausedBy: actor.name }
    await updateType(trx, { ...before, ...pause })
    await beginAnew(ctx, trx, { kind: 'type', subject: type, act })
    await recordAudit(ctx, trx, actor, { action, subject: { kind: 'notification_type', id: type, name: type } })
  })
  await readySweeps(ctx)
  await sweepOn(ctx, { windows: WINDOWS_AT_ONCE, only: { kind: 'type', subject: type } })
  return readType(ctx, type)
}

/** A type as a change would make it. */
export function draftedType(
  row: SavedType | undefined,
  type: string,
  change: NotificationTypeChange,
  targets: readonly SavedTarget[] | undefined,
): SavedType {
  return { ...(row ?? freshType(type, 0, '')), ...columnsOf(change, targets, 0) }
}

/** A type that nobody has set anything for. */
export const freshType = (type: string, now: number, by: string): SavedType => ({
  type,
  description: null,
  disabledAt: null,
  destinations: null,
  priority: null,
  mentions: null,
  emoji: null,
  template: null,
  threading: null,
  updateBy: null,
  allowedFields: null,
  retentionDays: null,
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

function columnsOf(
  change: NotificationTypeChange,
  targets: readonly SavedTarget[] | undefined,
  now: number,
): Partial<SavedType> {
  const { enabled, mentions, threading, allowedFields, nextAttemptDelay, dedupeWindow, updateTrail } = change
  const { destinations: _, ...same } = change
  const asTheyAre = pick(same, [
    'description',
    'priority',
    'emoji',
    'template',
    'updateBy',
    'retentionDays',
    'policy',
    'maxAttempts',
    'foldAfter',
  ])
  return {
    ...asTheyAre,
    ...(enabled !== undefined && { disabledAt: enabled ? null : now }),
    ...(targets && { destinations: targets.length === 0 ? null : JSON.stringify(targets) }),
    ...(mentions && { mentions: mentions.length === 0 ? null : JSON.stringify(mentions) }),
    ...(threading !== undefined && { threading: threading && JSON.stringify(threading) }),
    ...(allowedFields !== undefined && { allowedFields: allowedFields && JSON.stringify(allowedFields) }),
    ...(nextAttemptDelay !== undefined && {
      nextAttemptDelayMs: nextAttemptDelay === null ? null : Math.round(nextAttemptDelay * 1_000),
    }),
    ...(dedupeWindow !== undefined && { dedupeWindowMs: dedupeWindow * 1_000 }),
    ...(updateTrail !== undefined && { updateTrail: Number(updateTrail) }),
  }
}

/** Those of the fields that are set. */
function pick<From extends object, Key extends keyof From>(from: From, keys: readonly Key[]) {
  const set = keys.flatMap((key) => (from[key] === undefined ? [] : [[key, from[key]]]))
  return Object.fromEntries(set) as { [Name in Key]?: Exclude<From[Name], undefined> }
}
