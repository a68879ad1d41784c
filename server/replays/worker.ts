import type { AppContext } from '../context.ts'
import { type Repeating, repeat } from '../lib/repeat.ts'
import { replayNext } from './replay-next.ts'

const LOOK_EVERY_MS = 500

/** Drives every running replay at its own pace, this process or another. */
export function startReplays(ctx: AppContext): Repeating {
  return repeat(
    () => replayNext(ctx),
    LOOK_EVERY_MS,
    (error) => ctx.log.error('replay.worker_broke', { error }),
  )
}
