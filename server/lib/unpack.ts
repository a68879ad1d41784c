import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate } from 'node:zlib'

const UNPACK: Record<string, (packed: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
}

/** A body as it was before its content-encoding, up to a limit: a small body can unpack to more than there is memory. */
export async function unpacked(
  encoding: string,
  packed: Buffer,
  mostBytes: number,
): Promise<Buffer | 'too_large' | 'broken'> {
  const unpack = UNPACK[encoding.trim().toLowerCase()]
  if (!unpack) return packed
  try {
    return await unpack(packed, { maxOutputLength: mostBytes })
  } catch (error) {
    return (error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE' ? 'too_large' : 'broken'
  }
}
