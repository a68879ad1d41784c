import { z } from 'zod'
import { ChangeCounts, type ChangeSet, ConfigurationFormat, PlannedChange } from '../../shared/configuration.ts'
import { toInstant } from '../lib/paging.ts'
import type { SavedChangeSet } from './store.ts'

/** A set of changes as the API tells of it. */
export function toChangeSet(row: SavedChangeSet): ChangeSet {
  return {
    id: row.id,
    at: toInstant(Number(row.at)),
    by: row.byName,
    file: row.file,
    format: ConfigurationFormat.parse(row.format),
    counts: ChangeCounts.parse(JSON.parse(row.counts)),
    changes: z.array(PlannedChange).parse(JSON.parse(row.changes)),
  }
}
