import { createHash } from 'node:crypto'
import type { AppContext } from '../context.ts'
import { Refusal } from '../errors.ts'
import { deleteFile, insertChunk, type SavedFile } from './store.ts'

export type FileMeta = { name: string; contentType: string; altText?: string | undefined; createdBy: string }

/** Slack takes up to 1 GB; this is what one database and one message can bear. */
export const MOST_FILE_BYTES = 100 * 1024 * 1024
const CHUNK_BYTES = 1024 * 1024

/**
 * Takes a file in as it arrives, a megabyte at a time, and gives its row once all of it is kept. Whoever needs the file
 * inserts the row together with what needs it, so that a crash in between leaves only lost chunks. One that is too large,
 * empty or breaks off leaves nothing.
 */
export async function keepFile(
  ctx: AppContext,
  stream: AsyncIterable<Uint8Array>,
  meta: FileMeta,
  mostBytes = MOST_FILE_BYTES,
): Promise<SavedFile> {
  const id = ctx.newId('fil')
  const hash = createHash('sha256')
  let sizeBytes = 0
  try {
    let number = 0
    for await (const chunk of inChunks(stream)) {
      sizeBytes += chunk.length
      if (sizeBytes > mostBytes) throw tooLarge(mostBytes)
      hash.update(chunk)
      await insertChunk(ctx.db, id, number, chunk)
      number += 1
    }
    if (sizeBytes === 0) throw new Refusal('invalid', 'The file is empty.', { field: 'file' })
    return {
      id,
      name: cleanName(meta.name),
      sizeBytes,
      contentType: /^[\w.+-]+\/[\w.+-]+$/.test(meta.contentType) ? meta.contentType : 'application/octet-stream',
      altText: meta.altText ?? null,
      sha256: hash.digest('hex'),
      createdAt: ctx.now(),
      createdBy: meta.createdBy,
    }
  } catch (error) {
    await deleteFile(ctx.db, id)
    throw error
  }
}

/** A name without folders, control characters or marks that turn the reading direction, and not endless. */
export function cleanName(name: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? ''
  const clean = last
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu, '')
    .trim()
  if (clean === '' || /^\.+$/.test(clean)) return 'file'
  const ending = /\.[^.]{1,10}$/.exec(clean)?.[0] ?? ''
  return clean.length <= MOST_NAME ? clean : `${clean.slice(0, MOST_NAME - ending.length).toWellFormed()}${ending}`
}

const MOST_NAME = 200

const tooLarge = (mostBytes: number) =>
  new Refusal('too_large', `The file is larger than ${Math.floor(mostBytes / 1024 / 1024)} MB.`, {
    field: 'file',
    fix: 'Put it where people can fetch it, and send the link.',
  })

/** The same bytes in pieces of one size: the database is asked once a megabyte, however the network cuts them. */
async function* inChunks(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let parts: Uint8Array[] = []
  let size = 0
  for await (const part of stream) {
    parts.push(part)
    size += part.length
    if (size < CHUNK_BYTES) continue
    const all = Buffer.concat(parts)
    let from = 0
    for (; all.length - from >= CHUNK_BYTES; from += CHUNK_BYTES) yield all.subarray(from, from + CHUNK_BYTES)
    parts = from < all.length ? [all.subarray(from)] : []
    size = all.length - from
  }
  if (size > 0) yield Buffer.concat(parts)
}
