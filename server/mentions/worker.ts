import type { AppContext } from '../context.ts'
import { type Repeating, repeat } from '../lib/repeat.ts'
import { followFeatures, refreshDirectories } from './refresh-directories.ts'

const LOOK_EVERY_MS = 1_000
const FOLLOW_EVERY_MS = 15_000

/** Keeps the people and user groups of each workspace known by name. */
export function startMentionRefresh(ctx: AppContext): Repeating {
  let followedAt = Number.NEGATIVE_INFINITY
  return repeat(
    async () => {
      if (Math.abs(ctx.now() - followedAt) >= FOLLOW_EVERY_MS) {
        followedAt = ctx.now()
        await followFeatures(ctx)
      }
      await refreshDirectories(ctx)
      return undefined
    },
    LOOK_EVERY_MS,
    (error) => ctx.log.error('mentions.refresh_broke', { error }),
  )
}
