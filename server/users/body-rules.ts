import type { MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { Refusal } from '../errors.ts'

const MOST_BYTES = 1024 * 1024
/** Whoever asks these is not known yet. */
const MOST_BYTES_UNKNOWN = 16 * 1024

/** A body is JSON, of a sane size and readable, or it is refused before any route looks at it. */
export function bodyRules(): MiddlewareHandler {
  const limits = { wide: limitTo(MOST_BYTES), narrow: limitTo(MOST_BYTES_UNKNOWN) }
  return async (c, next) => {
    if (/%00/.test(c.req.url)) throw new Refusal('malformed', 'The address holds a NUL character.')
    const isNarrow = c.req.path.startsWith('/api/auth/') || c.req.path === '/api/setup'
    return limits[isNarrow ? 'narrow' : 'wide'](c, async () => {
      const type = c.req.header('content-type')
      if (c.req.raw.body && (type !== undefined || hasBytes(c.req.header('content-length')))) {
        if (!/^application\/json(\s*;.*)?$/i.test(type ?? '')) {
          throw new Refusal('wrong_type', 'The body has to be JSON.', {
            field: 'body',
            fix: 'Send the header content-type: application/json.',
          })
        }
        // Hono keeps these bytes, so that the route reads the same ones.
        readJson(new Uint8Array(await c.req.arrayBuffer()))
      }
      await next()
    })
  }
}

/** Refuses what is not UTF-8, not JSON, or holds what no database can keep. */
export function readJson(bytes: Uint8Array): unknown {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new Refusal('malformed', 'The body is not valid UTF-8.', { field: 'body' })
  }
  if (text === '') return undefined
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Refusal('malformed', 'The body is not valid JSON.', { field: 'body' })
  }
  const nul = text.includes('\\u0000') ? pathOfNul(value) : undefined
  if (nul !== undefined) {
    throw new Refusal('malformed', `${nul || 'The body'} holds a NUL character, which can't be kept.`, {
      field: nul || 'body',
    })
  }
  return value
}

function pathOfNul(value: unknown): string | undefined {
  const waiting: { path: string; part: unknown }[] = [{ path: '', part: value }]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { path, part } = next
    if (typeof part === 'string' && part.includes('\u0000')) return path
    if (typeof part !== 'object' || part === null) continue
    for (const [key, item] of Object.entries(part)) {
      if (key.includes('\u0000')) return path
      waiting.push({ path: path ? `${path}.${key}` : key, part: item })
    }
  }
  return undefined
}

const hasBytes = (contentLength: string | undefined) => contentLength !== undefined && Number(contentLength) > 0

function limitTo(maxSize: number): MiddlewareHandler {
  return bodyLimit({
    maxSize,
    onError: () => {
      throw new Refusal('too_large', `The body is larger than ${maxSize / 1024} kB.`, { field: 'body' })
    },
  })
}
