import type { QuietHours, QuietHoursChange } from '../../shared/quiet-hours.ts'
import { recordAudit } from '../audit/record.ts'
import type { AppContext } from '../context.ts'
import { notifyLoop } from '../db/engine.ts'
import type { Db } from '../db/schema.ts'
import { beginAnew } from '../deliveries/sweeps/begin.ts'
import { sweepOn, WINDOWS_AT_ONCE } from '../deliveries/sweeps/sweep.ts'
import { Refusal } from '../errors.ts'
import type { Actor } from '../users/actor.ts'
import { isTimeZone } from './local-time.ts'
import { scopeIn } from './read-rules.ts'
import { checkScope, scopeNamer } from './scopes.ts'
import { showQuietHours } from './show-quiet.ts'
import { deleteQuietHours, insertQuietHours, lockQuietHours, type SavedQuietHours, updateQuietHours } from './store.ts'

/** What the slice above does whenever something changes that decisions are made by; app.ts hands it in. */
export type Counting = {
  countRevision: (trx: Db) => Promise<void>
  /** Lets sweeps begin, once what was decided by the settings before is written. */
  readySweeps: (ctx: AppContext) => Promise<void>
}

/** From now on what meets them waits. What is in line already goes out: Pause is for that. */
export async function createQuietHours(
  ctx: AppContext,
  actor: Actor,
  wanted: QuietHoursChange,
  { countRevision }: Counting,
): Promise<QuietHours> {
  const id = await ctx.db.transaction().execute(async (trx) => {
    await countRevision(trx)
    return writeNewQuietHours(ctx, trx, actor, wanted)
  })
  return showQuietHours(ctx, id)
}

/** The same inside a transaction of the caller, who counts the revision before; gives the id. */
export async function writeNewQuietHours(
  ctx: AppContext,
  trx: Db,
  actor: Actor,
  wanted: QuietHoursChange,
  id = ctx.newId('qth'),
): Promise<string> {
  checkZone(wanted.timeZone)
  const row = { id, ...columnsOf(ctx, actor, wanted) }
  await checkScope(trx, wanted.scope)
  await insertQuietHours(trx, row)
  await audit(ctx, trx, actor, 'quiet_hours.created', row, wanted)
  return id
}

/** Sets all of them. What they hold is decided anew at once. */
export async function replaceQuietHours(
  ctx: AppContext,
  actor: Actor,
  id: string,
  wanted: QuietHoursChange,
  counting: Counting,
): Promise<QuietHours> {
  await ctx.db.transaction().execute(async (trx) => {
    await counting.countRevision(trx)
    await writeQuietHours(ctx, trx, actor, id, wanted)
  })
  await decideOnceMore(ctx, id, counting)
  return showQuietHours(ctx, id)
}

/** The same inside a transaction of the caller, who counts the revision before and decides once more afterwards. */
export async function writeQuietHours(
  ctx: AppContext,
  trx: Db,
  actor: Actor,
  id: string,
  wanted: QuietHoursChange,
): Promise<void> {
  checkZone(wanted.timeZone)
  const before = await lockQuietHours(trx, id)
  const isSameScope = before.scope === JSON.stringify(wanted.scope)
  if (!isSameScope) await checkScope(trx, wanted.scope)
  const row = { id, ...columnsOf(ctx, actor, wanted) }
  await updateQuietHours(trx, row)
  await beginAnew(ctx, trx, { kind: 'quiet', subject: id, act: 'decide' })
  await audit(ctx, trx, actor, 'quiet_hours.changed', row, wanted)
}

/** They are no more; what they hold ends as they said, unless something else holds it too. */
export async function removeQuietHours(ctx: AppContext, actor: Actor, id: string, counting: Counting): Promise<void> {
  await ctx.db.transaction().execute(async (trx) => {
    await counting.countRevision(trx)
    await eraseQuietHours(ctx, trx, actor, id)
  })
  await decideOnceMore(ctx, id, counting)
}

/** The same inside a transaction of the caller, who counts the revision before and decides once more afterwards. */
export async function eraseQuietHours(ctx: AppContext, trx: Db, actor: Actor, id: string): Promise<void> {
  const before = await lockQuietHours(trx, id)
  await deleteQuietHours(trx, id)
  await beginAnew(ctx, trx, { kind: 'quiet', subject: id, act: 'decide' })
  await audit(ctx, trx, actor, 'quiet_hours.deleted', before, {})
}

/**
 * What they hold is decided anew, with what was taken in meanwhile by them as they stood before: some of it at once, a
 * larger backlog by the workers.
 */
export async function decideOnceMore(
  ctx: AppContext,
  id: string,
  { readySweeps }: Pick<Counting, 'readySweeps'>,
): Promise<void> {
  await readySweeps(ctx)
  await sweepOn(ctx, { windows: WINDOWS_AT_ONCE, only: { kind: 'quiet', subject: id } })
  await ctx.db.transaction().execute((trx) => notifyLoop(trx, 'quiet_hours'))
  ctx.nudge('quiet_hours')
}

function checkZone(timeZone: string): void {
  if (isTimeZone(timeZone)) return
  throw new Refusal('invalid', `timeZone: There is no time zone ${timeZone}.`, {
    field: 'timeZone',
    fix: 'Name it as the tz database does, for example Europe/Berlin or America/New_York.',
  })
}

async function audit(
  ctx: AppContext,
  trx: Db,
  actor: Actor,
  action: string,
  row: SavedQuietHours,
  detail: Record<string, unknown>,
): Promise<void> {
  const scope = scopeIn(row.scope)
  const name = (await scopeNamer(trx, [scope]))(scope)
  await recordAudit(ctx, trx, actor, {
    action,
    subject: { kind: 'quiet_hours', id: row.id, name: `Quiet hours of ${name}` },
    detail,
  })
}

function columnsOf(ctx: AppContext, actor: Actor, wanted: QuietHoursChange): Omit<SavedQuietHours, 'id'> {
  const { scope, days, from, to, timeZone, urgentBreaksThrough = true, atEnd = 'digest', enabled = true } = wanted
  return {
    scope: JSON.stringify(scope),
    days: JSON.stringify([...new Set(days)].sort()),
    begins: from,
    ends: to,
    timeZone,
    urgentBreaksThrough: Number(urgentBreaksThrough),
    atEnd,
    disabledAt: enabled ? null : ctx.now(),
    updatedAt: ctx.now(),
    updatedBy: actor.name,
  }
}
