import type { Mute, NewMute } from '../../shared/quiet-hours.ts'
import { recordAudit } from '../audit/record.ts'
import type { AppContext } from '../context.ts'
import type { Db } from '../db/schema.ts'
import { beginAnew } from '../deliveries/sweeps/begin.ts'
import { Refusal } from '../errors.ts'
import { toInstant } from '../lib/paging.ts'
import { includesRole } from '../users/access.ts'
import type { Actor } from '../users/actor.ts'
import { type Counting, decideOnceMore } from './change-quiet-hours.ts'
import { scopeIn } from './read-rules.ts'
import { checkScope, scopeNamer } from './scopes.ts'
import { showMute } from './show-quiet.ts'
import { endMuteRow, insertMute, lockMute, type SavedMute } from './store.ts'

/** From now on, until then, what it is about waits. */
export async function createMute(
  ctx: AppContext,
  actor: Actor,
  wanted: NewMute,
  { countRevision }: Counting,
): Promise<Mute> {
  const { scope, reason, urgentBreaksThrough = true, atEnd = 'digest' } = wanted
  const [now, until] = [ctx.now(), Date.parse(wanted.until)]
  if (until <= now || until > now + LONGEST_MS) {
    throw new Refusal('invalid', `until: ${wanted.until} is not within the next 92 days.`, {
      field: 'until',
      fix: 'Name another time. What should stay silent for good is better switched off.',
    })
  }
  if (until > now + MOST_BY_OPERATOR_MS && !isChanger(actor)) refuseGraver({ scope, atEnd })
  const row: SavedMute = {
    id: ctx.newId('mut'),
    scope: JSON.stringify(scope),
    fromAt: now,
    untilAt: until,
    reason,
    createdBy: actor.name,
    urgentBreaksThrough: Number(urgentBreaksThrough),
    atEnd,
    endedAt: null,
    endedBy: null,
  }
  await ctx.db.transaction().execute(async (trx) => {
    await countRevision(trx)
    await checkScope(trx, scope)
    await insertMute(trx, row)
    await audit(ctx, trx, actor, 'mute.created', row, { ...wanted, until: toInstant(until) })
  })
  return showMute(ctx, row.id)
}

/** It is over at once, and what it held goes the way it would have at its end. One that is over stays as it is. */
export async function endMute(ctx: AppContext, actor: Actor, id: string, counting: Counting): Promise<Mute> {
  await ctx.db.transaction().execute(async (trx) => {
    await counting.countRevision(trx)
    const before = await lockMute(trx, id)
    if (!(await endMuteRow(trx, id, actor.name, ctx.now()))) return
    await beginAnew(ctx, trx, { kind: 'quiet', subject: id, act: 'decide' })
    await audit(ctx, trx, actor, 'mute.ended', before, {})
  })
  await decideOnceMore(ctx, id, counting)
  return showMute(ctx, id)
}

const LONGEST_MS = 92 * 86_400_000
const MOST_BY_OPERATOR_MS = 86_400_000

const isChanger = (actor: Actor): boolean => actor.kind !== 'user' || includesRole(actor.role, 'admin')

/** Silence for all, and messages that nobody will ever read, are as grave as a change of the rules. */
function refuseGraver({ scope, atEnd }: Pick<NewMute, 'scope' | 'atEnd'>): void {
  const what =
    scope.kind === 'everything' ? 'Muting everything' : atEnd === 'drop' ? 'Dropping what is muted' : undefined
  if (what === undefined) return
  throw new Refusal('forbidden', `${what} for more than a day needs an admin.`, {
    field: 'until',
    fix: 'End it within 24 hours, mute only a destination, type or person and keep what waits, or ask an admin.',
  })
}

async function audit(
  ctx: AppContext,
  trx: Db,
  actor: Actor,
  action: string,
  row: SavedMute,
  detail: Record<string, unknown>,
): Promise<void> {
  const scope = scopeIn(row.scope)
  const name = (await scopeNamer(trx, [scope]))(scope)
  await recordAudit(ctx, trx, actor, { action, subject: { kind: 'mute', id: row.id, name: `Mute of ${name}` }, detail })
}
