import type { AppContext } from '../context.ts'
import { type Repeating, repeat } from '../lib/repeat.ts'
import { endDueWaits } from './end-waits.ts'
import type { RecipientsOf } from './readers.ts'

const LOOK_EVERY_MS = 1_000

/** Ends what has waited long enough for quiet hours or a mute, in this process or another. */
export function startQuietHours(ctx: AppContext, recipientsOf: RecipientsOf): Repeating {
  return repeat(
    () => endDueWaits(ctx, recipientsOf),
    LOOK_EVERY_MS,
    (error) => ctx.log.error('quiet.worker_broke', { error }),
  )
}
