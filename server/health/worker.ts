import type { AppContext } from '../context.ts'
import { type Repeating, repeat } from '../lib/repeat.ts'
import { probeDue } from './probe.ts'
import { deleteProbesBefore } from './store.ts'

/** Probes every enabled integration once a minute, one replica each, and drops probes that no figure needs any more. */
export function startProbes(ctx: AppContext): Repeating {
  const onError = (error: unknown) => ctx.log.error('probes.broke', { error })
  const probing = repeat(
    async () => {
      await probeDue(ctx)
      return undefined
    },
    LOOK_EVERY_MS,
    onError,
  )
  const tidying = repeat(
    async () => {
      await deleteProbesBefore(ctx.db, ctx.now() - KEPT_MS)
      return undefined
    },
    TIDY_EVERY_MS,
    onError,
  )
  return {
    nudge: probing.nudge,
    stop: async () => {
      await Promise.all([probing.stop(), tidying.stop()])
    },
  }
}

const LOOK_EVERY_MS = 1_000
const TIDY_EVERY_MS = 3_600_000
/** Three times the longest window of the dashboards. */
const KEPT_MS = 90 * 86_400_000
