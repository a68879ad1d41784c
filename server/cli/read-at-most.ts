import { createReadStream } from 'node:fs'

/**
 * All of a file, or of standard input for `-`; undefined when it is more than that, which a pipe does not say beforehand
 * and an endless one never does.
 */
export async function readAtMost(path: string, mostBytes: number): Promise<Buffer | undefined> {
  const pieces: Buffer[] = []
  let sizeBytes = 0
  for await (const piece of path === '-' ? process.stdin : createReadStream(path)) {
    sizeBytes += piece.length
    if (sizeBytes > mostBytes) return undefined
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}
