import { setTimeout } from 'node:timers/promises'
import type { AppContext } from '../context.ts'
import { type Repeating, repeat } from '../lib/repeat.ts'
import { deleteOld, tellOfDays, type Walk } from './delete-old.ts'

/** Deletes what is older than its type, or `defaultDays`, says: a walk over all that ended, every hour. */
export function startRetention(ctx: AppContext, defaultDays: number | null): Repeating {
  let walk: Walk = {}
  return repeat(
    async (signal) => {
      const next = await deleteOld(ctx, walk, defaultDays)
      walk = next ?? {}
      if (next) {
        // On SQLite nobody else is served during a batch: they get most of the time.
        await setTimeout(PAUSE_MS, undefined, { signal }).catch(() => {})
        return true
      }
      await tellOfDays(ctx)
      return undefined
    },
    EVERY_MS,
    (error) => {
      walk = {}
      ctx.log.error('retention.worker_broke', { error })
    },
  )
}

const EVERY_MS = 60 * 60_000
const PAUSE_MS = 50
