import { sql } from 'kysely'
import { DEFAULT_MIGRATION_TABLE, type Migration, Migrator } from 'kysely/migration'
import { migrations } from './migrations/migrations.ts'
import { DatabaseProblem } from './open.ts'
import type { Db } from './schema.ts'

/** Brings the tables up to date. Kysely holds a lock meanwhile, so replicas that start together take turns. */
export async function migrate(db: Db): Promise<void> {
  await refuseNewer(db)
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => migrations as Record<string, Migration> },
  })
  const { error } = await migrator.migrateToLatest()
  if (error) throw error
}

/** Older programs know nothing of what newer ones made of the tables. */
async function refuseNewer(db: Db): Promise<void> {
  const isMade = (await db.introspection.getTables({ withInternalKyselyTables: true })).some(
    ({ name }) => name === DEFAULT_MIGRATION_TABLE,
  )
  if (!isMade) return
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(db)
  const unknown = rows.filter(({ name }) => !Object.hasOwn(migrations, name)).map(({ name }) => name)
  if (unknown.length === 0) return
  throw new DatabaseProblem(
    `The database was brought up to date by a newer Switchboard (${unknown.join(', ')}). Nothing was changed. Start that version, or restore a backup from before.`,
  )
}
