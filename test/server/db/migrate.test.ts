import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { migrate } from '../../../server/db/migrate.ts'
import { migrations } from '../../../server/db/migrations/migrations.ts'
import { closeDatabase, openDatabase } from '../../../server/db/open.ts'

test('migrations that broke off in the middle have changed nothing of a file, and the next start makes them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-migrate-'))
  const db = await openDatabase(`sqlite:${folder}/switchboard.db`)
  // The migration that makes this table adds columns to another one first.
  await sql`create table waiting_commands (id text)`.execute(db)
  await expect(migrate(db)).rejects.toThrow(/waiting_commands/)
  const { rows: left } = await sql`select name from sqlite_master where name = 'invocations'`.execute(db)
  await sql`drop table waiting_commands`.execute(db)

  await migrate(db)

  const { rows } = await sql`select name from kysely_migration`.execute(db)
  expect(left).toEqual([])
  expect(rows).toHaveLength(Object.keys(migrations).length)
  await closeDatabase(db)
  rmSync(folder, { recursive: true, force: true })
})
