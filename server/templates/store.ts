import { oneOf } from '../db/engine.ts'
import type { Db, TemplatesTable, TemplateVersionsTable } from '../db/schema.ts'
import { found } from '../lib/paging.ts'

export type SavedVersion = TemplateVersionsTable
/** A template and its version in use. */
export type SavedTemplate = SavedVersion & { description: string | null; version: number }

export async function findTemplate(db: Db, name: string): Promise<SavedTemplate | undefined> {
  return withVersion(db).where('templates.name', '=', name).executeTakeFirst()
}

/** Refuses when there is none. */
export async function getTemplate(db: Db, name: string): Promise<SavedTemplate> {
  return found(await findTemplate(db, name), 'template', name)
}

/** One page in the order of their names, and one row more when there is a next page. */
export async function listTemplateRows(
  db: Db,
  page: { cursor?: string | undefined; limit: number },
): Promise<SavedTemplate[]> {
  return withVersion(db)
    .$if(page.cursor !== undefined, (query) => query.where('templates.name', '>', page.cursor ?? ''))
    .orderBy('templates.name')
    .limit(page.limit + 1)
    .execute()
}

/** Every template with what it says now: what messages are made of. */
export async function listCurrentTemplates(db: Db): Promise<SavedTemplate[]> {
  return withVersion(db).orderBy('templates.name').execute()
}

/** Which of these names have a template. */
export async function listKnownTemplates(db: Db, names: readonly string[]): Promise<Set<string>> {
  if (names.length === 0) return new Set()
  const rows = await db.selectFrom('templates').select('name').where('name', 'in', oneOf(db, names)).execute()
  return new Set(rows.map(({ name }) => name))
}

const withVersion = (db: Db) =>
  db
    .selectFrom('templates')
    .innerJoin('templateVersions as current', (join) =>
      join.onRef('current.name', '=', 'templates.name').onRef('current.number', '=', 'templates.version'),
    )
    .selectAll('current')
    .select(['templates.description', 'templates.version'])

/** A new version, which is in use from now on. */
export async function putVersion(trx: Db, row: SavedVersion, description: string | null): Promise<void> {
  const template: TemplatesTable = { name: row.name, description, version: row.number }
  await trx.insertInto('templateVersions').values(row).execute()
  await trx
    .insertInto('templates')
    .values(template)
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ description, version: row.number }))
    .execute()
}

export async function updateDescription(trx: Db, name: string, description: string | null): Promise<void> {
  await trx.updateTable('templates').set({ description }).where('name', '=', name).execute()
}

/** Deletes it with all its versions; false when there was none. */
export async function deleteTemplateRow(trx: Db, name: string): Promise<boolean> {
  await trx.deleteFrom('templateVersions').where('name', '=', name).execute()
  const deleted = await trx.deleteFrom('templates').where('name', '=', name).executeTakeFirst()
  return deleted.numDeletedRows === 1n
}

/** Refuses when there is none. */
export async function getVersion(db: Db, name: string, number: number): Promise<SavedVersion> {
  const row = await db
    .selectFrom('templateVersions')
    .selectAll()
    .where('name', '=', name)
    .where('number', '=', number)
    .executeTakeFirst()
  return found(row, `version ${number} of the template`, name)
}

/** One page, newest first, and one row more when there is a next page. */
export async function listVersionRows(
  db: Db,
  name: string,
  page: { before?: number | undefined; limit: number },
): Promise<SavedVersion[]> {
  return db
    .selectFrom('templateVersions')
    .selectAll()
    .where('name', '=', name)
    .$if(page.before !== undefined, (query) => query.where('number', '<', page.before ?? 0))
    .orderBy('number', 'desc')
    .limit(page.limit + 1)
    .execute()
}
