import { closeSync, fdatasync, openSync } from 'node:fs'
import { promisify } from 'node:util'
import { sql } from 'kysely'
import { groupCommit } from '../lib/group-commit.ts'
import { engineOf } from './engine.ts'
import type { Db } from './schema.ts'

/**
 * Lets many callers share transactions and fsyncs, and settles each one's promise only when its row is on disk.
 *
 * On SQLite a commit with synchronous FULL stands still in fsync, and with it everything this process does. Here the
 * commit leaves its pages in the write-ahead log without waiting, and the log is then fsynced in a thread of libuv's
 * pool: what that fsync covers is exactly as safe as after a FULL commit, and meanwhile the next rows are taken in. On
 * PostgreSQL the commit itself is durable, and no thread of ours waits for it.
 */
export function durableWrites<Row, Answer>(
  db: Db,
  write: (db: Db, rows: Row[]) => Promise<Answer[]>,
  mostPerCommit: number,
  weightOf?: (row: Row) => number,
): (row: Row) => Promise<Answer> {
  return groupCommit((rows) => durably(db, (one) => write(one, rows)), mostPerCommit, weightOf)
}

/** The same for one write: resolves once what it committed is on disk, and lets others write while the disk is waited for. */
export async function durably<Answer>(db: Db, write: (one: Db) => Promise<Answer>): Promise<Answer> {
  if (engineOf(db) === 'postgres') return write(db)
  const answer = await withoutSync(db, write)
  await toDisk(await logOf(db))
  return answer
}

/** The one connection is held throughout, so no other write slips in while commits don't wait for the disk. */
function withoutSync<Answer>(db: Db, write: (one: Db) => Promise<Answer>): Promise<Answer> {
  return db.connection().execute(async (one) => {
    await sql`pragma synchronous = NORMAL`.execute(one)
    try {
      return await write(one)
    } finally {
      await sql`pragma synchronous = FULL`.execute(one)
    }
  })
}

const toDisk = promisify(fdatasync)

/** Lets go of the log's file, when the database is closed. */
export function releaseLog(db: Db): void {
  const log = logs.get(db)
  logs.delete(db)
  if (log !== undefined) closeSync(log)
}

/** File descriptors, by database. */
const logs = new WeakMap<Db, number>()

/** The write-ahead log: it stays the same file for as long as a connection is open, and a checkpoint only empties it. */
async function logOf(db: Db): Promise<number> {
  const { rows } = logs.has(db) ? { rows: [] } : await sql<{ file: string }>`pragma database_list`.execute(db)
  const log = logs.get(db) ?? openSync(`${rows[0]?.file}-wal`, 'r')
  logs.set(db, log)
  return log
}
