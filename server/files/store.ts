import type { Db, FilesTable } from '../db/schema.ts'

export type SavedFile = FilesTable

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
