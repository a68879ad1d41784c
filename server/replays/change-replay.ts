import { recordAudit } from '../audit/record.ts'
import type { AppContext } from '../context.ts'
import type { Db } from '../db/schema.ts'
import { cancelReplayed } from '../deliveries/replayable-store.ts'
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

/** Ends it. What it made and nobody sends yet is taken back too, if asked for; asked again it goes on with that. */
export async function cancelReplay(ctx: AppContext, actor: Actor, id: string, alsoWaiting: boolean): Promise<void> {
  const from: SavedReplay['state'][] = ['running', 'paused', ...(alsoWaiting ? (['cancelled'] as const) : [])]
  const to = { state: 'cancelled', endedAt: ctx.now() } as const
  await change(ctx, actor, { id, action: 'replay.cancelled', from, to, detail: { alsoWaiting } })
  if (alsoWaiting) await takeBack(ctx, actor, id)
}

/** Some at a time, the last first, so that nothing else waits long for it and what goes out meanwhile keeps its order. */
async function takeBack(ctx: AppContext, actor: Actor, id: string): Promise<void> {
  let takenBack = 0
  for (let isLast = false; !isLast; ) {
    await ctx.db.transaction().execute(async (trx) => {
      const count = await cancelReplayed(trx, id, { now: ctx.now(), limit: TAKEN_BACK_AT_ONCE })
      takenBack += count
      isLast = count === 0
      if (isLast) await audit(ctx, trx, actor, await lockReplay(trx, id), 'replay.taken_back', { takenBack })
    })
  }
}

const TAKEN_BACK_AT_ONCE = 1_000

type Change = {
  id: string
  action: string
  from: SavedReplay['state'][]
  to: Partial<Progress>
  detail?: Record<string, unknown>
}

async function change(ctx: AppContext, actor: Actor, { id, action, from, to, detail }: Change): Promise<void> {
  await ctx.db.transaction().execute(async (trx) => {
    const replay = await lockReplay(trx, id)
    if (!from.includes(replay.state)) throw new Refusal('conflict', `Replay ${id} is ${replay.state}.`)
    const { state, cursor, made, skipped, dueAt, endedAt } = replay
    await putProgress(trx, id, { state, cursor, made, skipped, dueAt, endedAt, ...to })
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
