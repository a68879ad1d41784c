import { sql } from 'kysely'
import type { Db, FilesTable } from '../db/schema.ts'
import { firstIdAt } from '../lib/ids.ts'

export type SavedFile = FilesTable
/** A file that is short enough to be in memory. */
export type WholeFile = { row: SavedFile; bytes: Buffer }

/** Of a file that holds what was too long for a message. No upload has it: theirs come without parameters. */
export const WHOLE_TEXT_TYPE = 'text/plain; charset=utf-8'

export async function findFile(db: Db, id: string): Promise<SavedFile | undefined> {
  return db.selectFrom('files').selectAll().where('id', '=', id).executeTakeFirst()
}

/** The bytes of a file from its beginning, chunk by chunk. */
export async function* readFile(db: Db, fileId: string): AsyncGenerator<Uint8Array> {
  for (let number = 0; ; number += 1) {
    const chunk = await db
      .selectFrom('fileChunks')
      .select('bytes')
      .where('fileId', '=', fileId)
      .where('number', '=', number)
      .executeTakeFirst()
    if (!chunk) return
    yield chunk.bytes
  }
}

export async function insertChunk(db: Db, fileId: string, number: number, bytes: Buffer): Promise<void> {
  await db.insertInto('fileChunks').values({ fileId, number, bytes }).execute()
}

/** From now on the file is there: its chunks are. */
export async function insertFile(db: Db, row: SavedFile): Promise<void> {
  await db.insertInto('files').values(row).execute()
}

/** Both at once. */
export async function insertWholeFile(db: Db, { row, bytes }: WholeFile): Promise<void> {
  await insertChunk(db, row.id, 0, bytes)
  await insertFile(db, row)
}

export async function deleteFile(db: Db, id: string): Promise<void> {
  await db.deleteFrom('files').where('id', '=', id).execute()
  await db.deleteFrom('fileChunks').where('fileId', '=', id).execute()
}

/** Chunks of uploads that began before `before` and never became a file. Gives how many it dropped. */
export async function dropLostChunks(db: Db, before: number, limit: number): Promise<number> {
  const dropped = await sql`
    delete from file_chunks where (file_id, number) in (
      select file_id, number from file_chunks
      where file_id < ${firstIdAt('fil', before)} and file_id not in (select id from files) limit ${limit})`.execute(db)
  return Number(dropped.numAffectedRows ?? 0)
}
