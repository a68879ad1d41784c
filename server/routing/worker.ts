import type { AppContext } from '../context.ts'
import { type Repeating, repeat } from '../lib/repeat.ts'
import { readySweeps } from './ready-sweeps.ts'

const EVERY_MS = 5_000

/** Makes sweeps ready whose change of settings was followed by a crash, or met somebody who reads the settings for long. */
export function startReadySweeps(ctx: AppContext): Repeating {
  return repeat(
    async () => {
      await readySweeps(ctx)
      return undefined
    },
    EVERY_MS,
    (error) => ctx.log.error('ready_sweeps.broke', { error }),
  )
}
