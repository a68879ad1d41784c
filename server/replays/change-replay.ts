import { recordAudit } from '../audit/record.ts'
import type { AppContext } from '../context.ts'
import type { Db } from '../db/schema.ts'
import { beginCancelling } from '../deliveries/sweeps/begin.ts'
import { sweepOn, WINDOWS_AT_ONCE } from '../deliveries/sweeps/sweep.ts'
import { Refusal } from '../errors.ts'
import type { Actor } from '../users/actor.ts'
import { lockReplay, type Progress, putProgress, type SavedReplay } from './store.ts'

/** Makes no new deliveries until it is resumed; what it made already goes out. */
export async function pauseReplay(ctx: AppContext, actor: Actor, id: string): Promise<void> {
  await change(ctx, actor, { id, action: 'replay.paused', from: ['running'], to: { state: 'paused' } })
}

/** Goes on where it stopped. */
export async function resumeReplay(ctx: AppContext, actor: Actor, id: string): Promise<void> {
  const to = { state: 'running', dueAt: ctx.now() } as const
  await change(ctx, actor, { id, action: 'replay.resumed', from: ['paused'], to })
  ctx.nudge('replays')
}

/**
 * Ends it. What it made and nobody sends yet is taken back too, if asked for: from then on nothing of it is sent, and it
 * is taken back some at a time, here as far as one can wait for it and then by the workers.
 */
export async function cancelReplay(ctx: AppContext, actor: Actor, id: string, alsoWaiting: boolean): Promise<void> {
  const from: SavedReplay['state'][] = ['running', 'paused', ...(alsoWaiting ? (['cancelled'] as const) : [])]
  const to = { state: 'cancelled', endedAt: ctx.now() } as const
  const swept = { kind: 'replay', subject: id } as const
  await change(ctx, actor, { id, action: 'replay.cancelled', from, to, detail: { alsoWaiting } }, async (trx) => {
    if (alsoWaiting) await beginCancelling(ctx, trx, swept)
  })
  if (!alsoWaiting) return
  const { moved, isMore } = await sweepOn(ctx, { windows: WINDOWS_AT_ONCE, only: swept })
  await ctx.db.transaction().execute(async (trx) => {
    const detail = { takenBack: moved, ...(isMore && { goesOn: true }) }
    await audit(ctx, trx, actor, await lockReplay(trx, id), 'replay.taken_back', detail)
  })
}

type Change = {
  id: string
  action: string
  from: SavedReplay['state'][]
  to: Partial<Progress>
  detail?: Record<string, unknown>
}

async function change(
  ctx: AppContext,
  actor: Actor,
  { id, action, from, to, detail }: Change,
  also: (trx: Db) => Promise<void> = async () => {},
): Promise<void> {
  await ctx.db.transaction().execute(async (trx) => {
    const replay = await lockReplay(trx, id)
    if (!from.includes(replay.state)) throw new Refusal('conflict', `Replay ${id} is ${replay.state}.`)
    const { state, cursor, made, skipped, dueAt, endedAt } = replay
    await putProgress(trx, id, { state, cursor, made, skipped, dueAt, endedAt, ...to })
    await also(trx)
    await audit(ctx, trx, actor, replay, action, { made, ...detail })
  })
}

async function audit(
  ctx: AppContext,
  trx: Db,
  actor: Actor,
  { id, total, skipped }: SavedReplay,
  action: string,
  detail: Record<string, unknown>,
): Promise<void> {
  const subject = { kind: 'replay', id, name: `Replay of ${total - skipped} deliveries` } as const
  await recordAudit(ctx, trx, actor, { action, subject, detail })
}
