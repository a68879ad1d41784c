import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { migrate } from '../../../server/db/migrate.ts'
import { checkInBackground, type DatabaseProblem, holdDataDir, openDatabase } from '../../../server/db/open.ts'
import { eachStore, openStore } from '../../support/each-store.ts'

const folder = () => mkdtempSync(join(tmpdir(), 'open-'))

describe('a SQLite file', () => {
  test('is written ahead, fsynced at each commit, and waits when busy', async () => {
    await using store = await openStore('sqlite')

    const settings = await Promise.all(
      ['journal_mode', 'synchronous', 'foreign_keys', 'busy_timeout'].map(async (name) => {
        const { rows } = await sql<Record<string, unknown>>`pragma ${sql.raw(name)}`.execute(store.db)
        return Object.values(rows[0] ?? {})[0]
      }),
    )

    expect(settings).toEqual(['wal', 2, 1, 5000])
  })

  test('is read as it stands by a statement from before its tables changed, and pragmas act each time', async () => {
    await using store = await openStore('sqlite')
    const all = () => sql`select * from notes`.execute(store.db)
    const synchronous = async (level: string) => {
      await sql`pragma synchronous = ${sql.raw(level)}`.execute(store.db)
      return (await sql<{ synchronous: number }>`pragma synchronous`.execute(store.db)).rows[0]?.synchronous
    }
    await sql`create table notes (a integer)`.execute(store.db)
    await sql`insert into notes values (1)`.execute(store.db)
    await all()

    await sql`alter table notes add column b integer default 7`.execute(store.db)

    expect((await all()).rows).toEqual([{ a: 1, b: 7 }])
    expect([await synchronous('NORMAL'), await synchronous('FULL'), await synchronous('NORMAL')]).toEqual([1, 2, 1])
  })

  test('that is no database stops the start with the way out', async () => {
    const path = join(folder(), 'switchboard.db')
    writeFileSync(path, 'not a database at all, but long enough to be looked at as one'.repeat(20))

    const opening = openDatabase(`sqlite:${path}`)

    await expect(opening).rejects.toThrow(/is damaged .*Restore the latest backup/)
  })

  test('with overwritten pages is found out before anything is read from it', async () => {
    const path = join(folder(), 'switchboard.db')
    const db = await openDatabase(`sqlite:${path}`)
    await migrate(db)
    await db.destroy()
    const bytes = readFileSync(path)
    bytes.fill(0xab, 4096 * 3, 4096 * 6)
    writeFileSync(path, bytes)

    await expect(openDatabase(`sqlite:${path}`)).rejects.toThrow(/is damaged/)
  })

  test('is checked in the background too, for files too large to wait for', async () => {
    const path = join(folder(), 'switchboard.db')
    const db = await openDatabase(`sqlite:${path}`)
    await migrate(db)
    await db.destroy()
    const bytes = readFileSync(path)
    bytes.fill(0xab, 4096 * 3, 4096 * 6)
    writeFileSync(path, bytes)

    const problem = await new Promise<DatabaseProblem>((resolve) => checkInBackground(path, resolve, 0))

    expect(problem.message).toMatch(/is damaged/)
  })
})

describe('a data folder', () => {
  test('serves one server at a time, and the next once the first let go', () => {
    const dataDir = folder()
    const letGo = holdDataDir(dataDir)

    expect(() => holdDataDir(dataDir)).toThrow(/Another Switchboard is running/)
    letGo()
    const again = holdDataDir(dataDir)

    again()
  })
})

eachStore('migrations', (open) => {
  test('run a second time change nothing', async () => {
    await using store = await open()

    await migrate(store.db)

    const rows = await store.db.selectFrom('integrations').selectAll().execute()
    expect(rows).toEqual([])
  })

  test('of a newer program are left alone, and named with the way out', async () => {
    await using store = await open()
    await sql`insert into kysely_migration values ('9999-later', '2030-01-01')`.execute(store.db)

    const migrating = migrate(store.db)

    await expect(migrating).rejects.toThrow(
      /newer Switchboard \(9999-later\)\. Nothing was changed\. Start that version/,
    )
  })

  test('run by several replicas at once are made once', async () => {
    await using store = await open()
    const others = await Promise.all([openDatabase(store.url), openDatabase(store.url)])

    await Promise.all([...others, store.db].map(migrate))

    await Promise.all(others.map((db) => db.destroy()))
  })
})
