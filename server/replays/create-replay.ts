import type { NewReplay } from '../../shared/replays.ts'
import { recordAudit } from '../audit/record.ts'
import type { AppContext } from '../context.ts'
import { Refusal } from '../errors.ts'
import type { Actor } from '../users/actor.ts'
import { planReplay } from './plan-replay.ts'
import { insertReplay } from './store.ts'
import { whichToStore } from './wanted.ts'

/** Begins to send again what the preview showed; refused when there is more by now than its reader has seen. */
export async function createReplay(ctx: AppContext, actor: Actor, wanted: NewReplay): Promise<string> {
  const { which, options, expected } = wanted
  const createdAt = ctx.now()
  const { count, skipped } = await planReplay(ctx, { which, options }, createdAt)
  if (count === 0) throw new Refusal('conflict', 'There is nothing to send again.', { field: 'which' })
  if (count > expected) {
    throw new Refusal('conflict', `This would send ${count} messages by now, not ${expected}.`, {
      field: 'expected',
      fix: 'Look at the preview again.',
    })
  }
  const id = ctx.newId('rpl')
  await ctx.db.transaction().execute(async (trx) => {
    await insertReplay(trx, {
      id,
      state: 'running',
      filter: whichToStore(which),
      options: JSON.stringify(options),
      cursor: null,
      total: count + skipped,
      made: 0,
      skipped: 0,
      createdAt,
      createdBy: actor.name,
      endedAt: null,
      dueAt: createdAt,
      claimedBy: null,
      leaseEndsAt: null,
    })
    await recordAudit(ctx, trx, actor, {
      action: 'replay.created',
      subject: { kind: 'replay', id, name: `Replay of ${count} deliveries` },
      detail: { which: JSON.parse(whichToStore(which)), options, count, skipped },
    })
  })
  ctx.nudge('replays')
  return id
}
