import type { AppContext } from '../context.ts'
import { type Repeating, repeat } from '../lib/repeat.ts'
import { probeDue } from './probe.ts'

const LOOK_EVERY_MS = 1_000

/** Probes every enabled integration once a minute, one replica each. */
export function startProbes(ctx: AppContext): Repeating {
  return repeat(
    async () => {
      await probeDue(ctx)
      return undefined
    },
    LOOK_EVERY_MS,
    (error) => ctx.log.error('probes.broke', { error }),
  )
}
