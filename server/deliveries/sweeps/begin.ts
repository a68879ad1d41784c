import type { AppContext } from '../../context.ts'
import type { Db } from '../../db/schema.ts'
import type { SavedSweep } from './cursor.ts'
import { putSweep, type Swept } from './sweeps-store.ts'

/** What waits for something that is no more, or was called off, comes to its end; in the transaction of that. */
export async function beginCancelling(ctx: AppContext, trx: Db, gone: Swept): Promise<void> {
  const now = ctx.now()
  await putSweep(trx, { id: ctx.newId('swp'), ...gone, act: 'cancel', askedAt: now, readyAt: now })
}

/**
 * What the settings held, or let go, is brought to what they say now, in the transaction of their change. Not before
 * somebody has made sure that nothing decided by the old ones comes after it.
 */
export async function beginAnew(ctx: AppContext, trx: Db, changed: Swept & Pick<SavedSweep, 'act'>): Promise<void> {
  await putSweep(trx, { id: ctx.newId('swp'), ...changed, askedAt: ctx.now(), readyAt: null })
}
