import { type Migration, Migrator } from 'kysely/migration'
import { migrations } from './migrations/migrations.ts'
import type { Db } from './schema.ts'

/** Brings the tables up to date. Kysely holds a lock meanwhile, so replicas that start together take turns. */
export async function migrate(db: Db): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => migrations as Record<string, Migration> },
  })
  const { error } = await migrator.migrateToLatest()
  if (error) throw error
}
