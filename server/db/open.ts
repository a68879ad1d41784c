import { mkdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Worker } from 'node:worker_threads'
import SqliteFile from 'better-sqlite3'
import { Kysely, SqliteAdapter, type SqliteDatabase, SqliteDialect, type SqliteStatement, sql } from 'kysely'
import { CannotStart } from '../errors.ts'
import { CamelCaseNames } from './camel-case.ts'
import { releaseLog } from './durable-writes.ts'
import { engineOf } from './engine.ts'
import { postgresDialect } from './postgres.ts'
import type { Database, Db } from './schema.ts'

export type { Db } from './schema.ts'

/** What is wrong with the database, and the way out, for the person who starts the server. */
export class DatabaseProblem extends CannotStart {}

/**
 * Opens `sqlite:PATH` or `postgres://…`. SQLite: write-ahead log, every commit fsynced (synchronous FULL), one
 * connection and so one writer; its file is checked before anything is read from it. `isPatient`: statements on PostgreSQL
 * may take as long as they need.
 */
export async function openDatabase(url: string, options: { isPatient?: boolean } = {}): Promise<Db> {
  const dialect = url.startsWith('sqlite:') ? sqliteDialect(url.slice('sqlite:'.length)) : postgresDialect(url, options)
  return new Kysely<Database>({ dialect, plugins: [new CamelCaseNames({ maintainNestedObjectKeys: true })] })
}

/**
 * Folds the write-ahead log into the file, so that a copy of the one file is a whole backup, and closes. Where the disk
 * has no room for that the log stays beside the file, whole, and the next start goes on from it.
 */
export async function closeDatabase(db: Db, onTrouble: (error: unknown) => void = () => {}): Promise<void> {
  if (engineOf(db) === 'sqlite') await sql`pragma wal_checkpoint(TRUNCATE)`.execute(db).catch(onTrouble)
  await db.destroy()
  releaseLog(db)
}

/** Checks a file too large to wait for at the start, in a thread of its own. `onDamage` hears of damage. */
export function checkInBackground(
  path: string,
  onDamage: (problem: DatabaseProblem) => void,
  largerThanBytes = CHECKED_AT_ONCE_BYTES,
): void {
  if (statSync(path).size <= largerThanBytes) return
  const check = new Worker(
    `const { parentPort, workerData } = require('node:worker_threads')
     const Database = require(workerData.driver)
     const file = new Database(workerData.path, { readonly: true })
     parentPort.postMessage(file.pragma('quick_check(1)', { simple: true }))
     file.close()`,
    { eval: true, workerData: { path, driver: import.meta.resolve('better-sqlite3').replace('file://', '') } },
  )
  check.unref()
  check.on('message', (answer) => {
    if (answer !== 'ok') onDamage(damaged(path, String(answer)))
  })
  check.on('error', (error) => onDamage(damaged(path, error.message)))
}

/**
 * Keeps a second server off this data folder for as long as the process lives; the operating system lets go of the lock
 * however the process ends.
 */
export function holdDataDir(dataDir: string): () => void {
  const path = join(dataDir, '.lock')
  let lock: SqliteFile.Database | undefined
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    lock = new SqliteFile(path, { timeout: 0 })
    lock.pragma('journal_mode = DELETE')
    lock.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    lock?.close()
    throw new DatabaseProblem(whyNotHeld(dataDir, path, error))
  }
  const held = lock
  return () => held.close()
}

function whyNotHeld(dataDir: string, path: string, error: unknown): string {
  switch (codeOf(error)) {
    case 'SQLITE_BUSY':
      return `Another Switchboard is running on ${dataDir}. Stop it first, or give this one its own SWITCHBOARD_DATA_DIR.`
    case 'SQLITE_NOTADB':
      return `${path} is no lock of Switchboard. It holds nothing: remove it, then start again.`
    case 'SQLITE_FULL':
    case 'ENOSPC':
      return `The disk of the data folder ${dataDir} is full. Free some space on it, then start again.`
    default:
      return `The data folder ${dataDir} can't be used (${(error as Error).message}). SWITCHBOARD_DATA_DIR takes a folder that this user may write to.`
  }
}

/** Above this size the check at start moves to the background. */
const CHECKED_AT_ONCE_BYTES = 32 * 1024 * 1024
const BUSY_TIMEOUT_MS = 5_000

function sqliteDialect(path: string): SqliteDialect {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  let database: SqliteFile.Database
  try {
    database = new SqliteFile(path, { timeout: BUSY_TIMEOUT_MS })
    database.pragma('journal_mode = WAL')
    database.pragma('synchronous = FULL')
    // 64 MB of log before it is folded in: that stops every request meanwhile, so it is done seldom.
    database.pragma('wal_autocheckpoint = 16000')
    database.pragma('foreign_keys = ON')
    database.pragma('temp_store = MEMORY')
    database.pragma('cache_size = -16000')
    const isSmall = statSync(path).size <= CHECKED_AT_ONCE_BYTES
    const answer = isSmall ? database.pragma('quick_check(1)', { simple: true }) : 'ok'
    if (answer !== 'ok') throw damaged(path, String(answer))
  } catch (error) {
    if (error instanceof DatabaseProblem) throw error
    throw ['SQLITE_CORRUPT', 'SQLITE_NOTADB'].includes(codeOf(error))
      ? damaged(path, (error as Error).message)
      : new DatabaseProblem(`The database ${path} can't be opened: ${(error as Error).message}.`)
  }
  return new WholeMigrations({ database: rememberingStatements(database) })
}

/**
 * Kysely takes SQLite for one that can't take back a change of tables, and would migrate without a transaction: killed, or
 * out of disk, in the middle it left half a migration, which no later start could go on from.
 */
class WholeMigrations extends SqliteDialect {
  override createAdapter() {
    return new TakesBackTables()
  }
}

class TakesBackTables extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

/**
 * Compiling a statement takes longer than most take to run, so the compiled ones are kept. Not those of other kinds: a
 * pragma acts while it is compiled, and would do nothing the second time. The two that come with every durable write are
 * run without being made a statement, which takes a tenth of the time.
 */
function rememberingStatements(database: SqliteFile.Database): SqliteDatabase {
  const statements = new Map<string, SqliteFile.Statement<unknown[]>>()
  return {
    close: () => database.close(),
    prepare: (text) => {
      // On a full or broken disk SQLite has rolled back by itself; being told so again would hide what went wrong.
      if (text === 'rollback' && !database.inTransaction) return database.prepare<unknown[]>(NOTHING)
      const known = statements.get(text)
      if (known) return known
      if (/^pragma synchronous = \w+$/.test(text)) return acting(() => database.exec(text))
      const statement = database.prepare<unknown[]>(text)
      if (!/^\s*(select|insert|update|delete|with|begin|commit|rollback)\b/.test(text)) return statement
      if (statements.size >= MOST_STATEMENTS) statements.clear()
      statements.set(text, statement)
      return statement
    },
  }
}

/** What only acts, and gives no rows. */
function acting(act: () => void): SqliteStatement {
  const run = () => {
    act()
    return { changes: 0, lastInsertRowid: 0 }
  }
  return { reader: false, all: () => [], run, iterate: () => [][Symbol.iterator]() }
}

const MOST_STATEMENTS = 1_000
const NOTHING = 'select 1 where false'

function damaged(path: string, found: string): DatabaseProblem {
  return new DatabaseProblem(
    `The database ${path} is damaged (${found.slice(0, 200)}). Nothing was changed. Restore the latest backup, or move the file aside to start empty.`,
  )
}

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
