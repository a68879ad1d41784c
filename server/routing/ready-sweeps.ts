import type { AppContext } from '../context.ts'
import { listUnready, markReady } from '../deliveries/sweeps/sweeps-store.ts'
import { awaitOldRules } from '../quiet-hours/store.ts'
import { awaitOldSettings } from './store.ts'

/**
 * Sweeps that follow a change of settings begin once everything is written that was decided by the settings before: what
 * came after them would be missed. Those who make such a change see to it themselves, so a loop finds one only when they
 * were killed at that moment, or when somebody reads the settings for longer than anyone may wait.
 */
export async function readySweeps(ctx: AppContext): Promise<void> {
  const unready = await listUnready(ctx.db)
  if (unready.length === 0) return
  if (!(await awaitOldSettings(ctx.db))) return
  if (unready.some(({ kind }) => kind === 'quiet') && !(await awaitOldRules(ctx.db))) return
  await markReady(
    ctx.db,
    unready.map(({ id }) => id),
    ctx.now(),
  )
}
