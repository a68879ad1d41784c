import type { AppContext } from '../context.ts'
import { listUnready, markReady } from '../deliveries/sweeps/sweeps-store.ts'
import { awaitOldRules } from '../quiet-hours/store.ts'
import { awaitOldSettings } from './store.ts'

/**
 * Sweeps that follow a change of settings begin once everything is written that was decided by the settings before: what
 * came after them would be missed. Those who make such a change see to it themselves, so a loop finds one only when they
 * were killed at that moment.
 */
export async function readySweeps(ctx: AppContext): Promise<void> {
  const unready = await listUnready(ctx.db)
  if (unready.length === 0) return
  await awaitOldSettings(ctx.db)
  if (unready.some(({ kind }) => kind === 'quiet')) await awaitOldRules(ctx.db)
  await markReady(
    ctx.db,
    unready.map(({ id }) => id),
    ctx.now(),
  )
}
