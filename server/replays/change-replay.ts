import { recordAudit } from '../audit/record.ts'
import type { AppContext } from '../context.ts'
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

/** Ends it. What it made and nobody sends yet is taken back too, if asked for. */
export async function cancelReplay(ctx: AppContext, actor: Actor, id: string, alsoWaiting: boolean): Promise<void> {
  const to = { state: 'cancelled', endedAt: ctx.now() } as const
  await change(ctx, actor, { id, action: 'replay.cancelled', from: ['running', 'paused'], to, alsoWaiting })
}

type Change = {
  id: string
  action: string
  from: SavedReplay['state'][]
  to: Partial<Progress>
  alsoWaiting?: boolean
}

async function change(ctx: AppContext, actor: Actor, { id, action, from, to, alsoWaiting }: Change): Promise<void> {
  await ctx.db.transaction().execute(async (trx) => {
    const replay = await lockReplay(trx, id)
    if (!from.includes(replay.state)) throw new Refusal('conflict', `Replay ${id} is ${replay.state}.`)
    const { state, cursor, made, skipped, dueAt, endedAt } = replay
    await putProgress(trx, id, { state, cursor, made, skipped, dueAt, endedAt, ...to })
    const takenBack = alsoWaiting ? await cancelReplayed(trx, id, ctx.now()) : undefined
    await recordAudit(ctx, trx, actor, {
      action,
      subject: { kind: 'replay', id, name: `Replay of ${replay.total - replay.skipped} deliveries` },
      detail: { made, ...(takenBack !== undefined && { takenBack }) },
    })
  })
}
