import { setImmediate } from 'node:timers/promises'
import type { AppContext } from '../context.ts'
import { type Repeating, repeat } from '../lib/repeat.ts'
import { rollUp } from './roll-up.ts'

const LOOK_EVERY_MS = 5_000

/** Rolls up each minute once it has settled. A long backlog is worked off in batches, and requests go in between. */
export function startRollUp(ctx: AppContext): Repeating {
  return repeat(
    async () => {
      const more = await rollUp(ctx)
      if (more) await setImmediate()
      return more
    },
    LOOK_EVERY_MS,
    (error) => ctx.log.error('rollup.broke', { error }),
  )
}
