import { z } from 'zod'
import type { AppliedObjectsTable, ChangeSetsTable, Db } from '../db/schema.ts'

export type SavedChangeSet = ChangeSetsTable

export async function insertChangeSet(db: Db, row: SavedChangeSet): Promise<void> {
  await db.insertInto('changeSets').values(row).execute()
}

/** One page, newest first, and one row more when there is a next page. */
export async function listChangeSets(
  db: Db,
  page: { cursor?: string | undefined; limit: number },
): Promise<SavedChangeSet[]> {
  return db
    .selectFrom('changeSets')
    .selectAll()
    .$if(page.cursor !== undefined, (rows) => rows.where('id', '<', page.cursor ?? ''))
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
    .execute()
}

/** What each thing was set to when a file last did so, by `<kind> <key>`. */
export async function listApplied(db: Db): Promise<Map<string, Record<string, unknown>>> {
  const rows = await db.selectFrom('appliedObjects').selectAll().execute()
  return new Map(rows.map(({ kind, key, fields }) => [`${kind} ${key}`, fieldsIn(fields)]))
}

/** Puts it in place of what was kept before. */
export async function putApplied(db: Db, row: AppliedObjectsTable): Promise<void> {
  const { fields, changeSetId } = row
  await db
    .insertInto('appliedObjects')
    .values(row)
    .onConflict((conflict) => conflict.columns(['kind', 'key']).doUpdateSet({ fields, changeSetId }))
    .execute()
}

export async function deleteApplied(db: Db, kind: string, key: string): Promise<void> {
  await db.deleteFrom('appliedObjects').where('kind', '=', kind).where('key', '=', key).execute()
}

const fieldsIn = (column: string) => z.record(z.string(), z.unknown()).parse(JSON.parse(column))
