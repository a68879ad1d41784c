import { type Args, findText, readLimit } from './args.ts'
import { PlatformError } from './envelope.ts'

export type Page<T> = { items: T[]; response_metadata: { next_cursor: string } }

/** One page behind an opaque cursor. Items leave after the cut, so a page may be short, even empty, with more to come. */
export function page<T>(
  items: readonly T[],
  args: Args,
  options: { default: number; max: number; most?: number; keep?: (item: T) => boolean },
): Page<T> {
  const limit = Math.min(readLimit(args, options), options.most ?? options.max)
  const start = cursorStart(findText(args, 'cursor'), items.length)
  const cut = items.slice(start, start + limit)
  const next = start + limit < items.length ? cursorFor(start + limit) : ''
  return { items: options.keep ? cut.filter(options.keep) : cut, response_metadata: { next_cursor: next } }
}

function cursorFor(start: number): string {
  return Buffer.from(`next:${start}`).toString('base64')
}

function cursorStart(cursor: string | undefined, length: number): number {
  if (cursor === undefined) return 0
  const start = /^next:(\d+)$/.exec(Buffer.from(cursor, 'base64').toString('utf8'))?.[1]
  if (start === undefined || Number(start) >= length) throw new PlatformError('invalid_cursor')
  return Number(start)
}
