import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { serveStatic } from '@hono/node-server/serve-static'
import { Hono } from 'hono'
import { Refusal } from '../errors.ts'
import { styleNonceOf } from '../users/request-security.ts'

/** The built console: hashed files are kept for ever, the page never; what looks like neither is a 404, not the page. */
export function consoleHttp(clientDir: string) {
  return new Hono()
    .all('/api/*', notFound)
    .all('/slack/*', notFound)
    .get(
      '/assets/*',
      serveStatic({
        root: clientDir,
        precompressed: true,
        onFound: (_, c) => c.header('cache-control', 'public, max-age=31536000, immutable'),
      }),
      notFound,
    )
    .get('*', (c) => {
      const page = readPage(join(clientDir, 'index.html'))
      if (!page) {
        throw new Refusal('unavailable', 'The console is not built yet.', { fix: 'Run npm run build, or npm start.' })
      }
      c.header('cache-control', 'no-cache')
      return c.html(page.replace('<head>', `<head><meta property="csp-nonce" nonce="${styleNonceOf(c)}">`))
    })
    .all('*', notFound)
}

function notFound(): never {
  throw new Refusal('not_found', 'There is nothing at this address.')
}

function readPage(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
