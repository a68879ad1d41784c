import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { sql } from 'kysely'
import { engineOf } from './engine.ts'
import type { Db } from './schema.ts'

/** How many bytes the disk of a SQLite database still has for us; undefined for a database that is not on this machine. */
export async function freeBytes(db: Db): Promise<number | undefined> {
  if (engineOf(db) === 'postgres') return undefined
  const folder = folders.get(db) ?? (await folderOf(db))
  folders.set(db, folder)
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}

const folders = new WeakMap<Db, string>()

async function folderOf(db: Db): Promise<string> {
  const { rows } = await sql<{ file: string }>`pragma database_list`.execute(db)
  return dirname(rows[0]?.file ?? '.')
}
