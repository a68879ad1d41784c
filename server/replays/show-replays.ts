import type { Replay } from '../../shared/replays.ts'
import type { AppContext } from '../context.ts'
import { countReplayed } from '../deliveries/replayable-store.ts'
import { optional, toInstant, toPage } from '../lib/paging.ts'
import { getReplay, listReplayRows, type SavedReplay } from './store.ts'
import { optionsOf } from './wanted.ts'

/** One replay and what became of its deliveries so far. */
export async function showReplay(ctx: AppContext, id: string): Promise<Replay> {
  const replay = await getReplay(ctx.db, id)
  return toReplay(ctx, replay, await countReplayed(ctx.db, [id]))
}

/** One page, newest first. */
export async function listReplays(ctx: AppContext, page: { cursor?: string | undefined; limit: number }) {
  const rows = await listReplayRows(ctx.db, page)
  const counts = await countReplayed(
    ctx.db,
    rows.map(({ id }) => id),
  )
  return toPage(rows, page.limit, (row) => toReplay(ctx, row, counts))
}

type Counts = Awaited<ReturnType<typeof countReplayed>>

function toReplay(ctx: AppContext, row: SavedReplay, counts: Counts): Replay {
  const options = optionsOf(row.options)
  const left = Math.max(0, row.total - row.made - row.skipped)
  const endsAt = Math.max(ctx.now(), Number(row.dueAt)) + (left * 60_000) / options.perMinute
  return {
    id: row.id,
    state: row.state,
    total: row.total,
    made: row.made,
    skipped: row.skipped,
    outcomes: outcomesOf(counts.filter(({ replayId }) => replayId === row.id)),
    options,
    createdAt: toInstant(row.createdAt),
    createdBy: row.createdBy,
    ...optional('endedAt', row.endedAt === null ? null : toInstant(row.endedAt)),
    ...(row.state === 'running' && { estimatedEndAt: toInstant(endsAt) }),
  }
}

/** What was cancelled is in none of them: it neither arrived nor failed, and no longer waits. */
function outcomesOf(counts: Counts): Replay['outcomes'] {
  const outcomes = { delivered: 0, failed: 0, waiting: 0 }
  for (const { state, count } of counts) {
    switch (state) {
      case 'delivered':
      case 'failed':
        outcomes[state] += count
        break
      case 'pending':
      case 'sending':
      case 'retrying':
      case 'unconfirmed':
      case 'held':
        outcomes.waiting += count
        break
      case 'suppressed':
      case 'cancelled':
        break
    }
  }
  return outcomes
}
