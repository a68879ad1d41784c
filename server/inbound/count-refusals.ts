import type { RefusalReason } from '../../shared/commands.ts'
import type { AppContext } from '../context.ts'
import type { Surface } from '../integrations/store.ts'
import { addRefusals, type SavedRefusal } from './store.ts'

export type RefusedCall = {
  integrationId: string
  surface: Surface
  reason: RefusalReason
  skewMs?: number | undefined
}

export type RefusalCounts = {
  add: (call: RefusedCall) => void
  /** Writes what was counted since the last time. */
  flush: () => Promise<void>
}

/** Ids that name no integration are counted together: whoever makes them up must not make rows. */
export const UNKNOWN = 'unknown'

/**
 * Counts refused requests in memory and writes them once a second. However many come, a minute has at most one row for
 * each integration, address and reason. A crash loses the counts of its last second, which promise nothing to anyone.
 */
export function countRefusals(ctx: AppContext): RefusalCounts {
  let counts = new Map<string, SavedRefusal>()
  let timer: NodeJS.Timeout | undefined

  const flush = async () => {
    clearTimeout(timer)
    timer = undefined
    // In one order on every replica: they add to the same rows.
    const rows = [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
    counts = new Map()
    await addRefusals(ctx.db, rows)
  }
  const flushLater = () => {
    timer ??= setTimeout(() => {
      flush().catch((error) => ctx.log.error('refusals.not_counted', { error }))
    }, FLUSH_EVERY_MS).unref()
  }

  return {
    add: ({ integrationId, surface, reason, skewMs }) => {
      const now = ctx.now()
      const minuteAt = Math.floor(now / MINUTE_MS) * MINUTE_MS
      const key = `${integrationId} ${surface} ${reason} ${minuteAt}`
      const known = counts.get(key)
      const lastSkewMs = skewMs === undefined ? null : Math.round(skewMs)
      counts.set(key, {
        integrationId,
        surface,
        reason,
        minuteAt,
        count: (known?.count ?? 0) + 1,
        lastAt: now,
        lastSkewMs,
      })
      flushLater()
    },
    flush,
  }
}

const FLUSH_EVERY_MS = 1_000
const MINUTE_MS = 60_000
