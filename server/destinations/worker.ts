import type { AppContext } from '../context.ts'
import { type Repeating, repeat } from '../lib/repeat.ts'
import { refreshChannels } from './refresh-channels.ts'

const LOOK_EVERY_MS = 1_000

/** Keeps the channel directory of each workspace that anyone looks at complete and fresh. */
export function startChannelRefresh(ctx: AppContext): Repeating {
  return repeat(
    async () => {
      await refreshChannels(ctx)
      return undefined
    },
    LOOK_EVERY_MS,
    (error) => ctx.log.error('channels.refresh_broke', { error }),
  )
}
