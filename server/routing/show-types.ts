import { type NotificationType, Threading } from '../../shared/notification-types.ts'
import type { Db } from '../db/schema.ts'
import { listSwept } from '../deliveries/sweeps/sweeps-store.ts'
import { optional, toInstant } from '../lib/paging.ts'
import type { SavedType } from './store.ts'
import { targetsIn, targetsShower, wordsIn } from './targets.ts'

export async function showType(db: Db, row: SavedType): Promise<NotificationType> {
  const [type] = await showTypes(db, [row])
  if (!type) throw new Error(`Type ${row.type} was not shown.`)
  return type
}

/** Types as the API tells of them, their destinations by name. */
export async function showTypes(db: Db, rows: readonly SavedType[]): Promise<NotificationType[]> {
  const show = await targetsShower(
    db,
    rows.flatMap((row) => targetsIn(row.destinations)),
  )
  const swept = await listSwept(db, 'type')
  return rows.map((row) => ({
    type: row.type,
    // Of a type that nobody has set up there is no row: defaults stand in for it, by nobody.
    isSetUp: row.updatedBy !== '',
    description: row.description,
    enabled: row.disabledAt === null,
    destinations: targetsIn(row.destinations).map(show),
    priority: row.priority,
    mentions: wordsIn(row.mentions),
    emoji: row.emoji,
    template: row.template,
    threading: row.threading === null ? null : Threading.parse(JSON.parse(row.threading)),
    updateBy: row.updateBy,
    allowedFields: row.allowedFields === null ? null : wordsIn(row.allowedFields),
    retentionDays: row.retentionDays,
    policy: row.policy,
    maxAttempts: row.maxAttempts,
    nextAttemptDelay: row.nextAttemptDelayMs === null ? null : row.nextAttemptDelayMs / 1_000,
    foldAfter: row.foldAfter,
    dedupeWindow: Math.round(Number(row.dedupeWindowMs) / 1_000),
    updateTrail: row.updateTrail === 1,
    ...optional(
      'paused',
      row.pausedAt === null ? null : { at: toInstant(Number(row.pausedAt)), by: row.pausedBy ?? '' },
    ),
    ...optional('underWay', UNDER_WAY[swept.get(row.type) ?? '']),
  }))
}

const UNDER_WAY: Record<string, NotificationType['underWay']> = { hold: 'holding', release: 'releasing' }
