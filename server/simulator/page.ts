import { existsSync } from 'node:fs'
import { join, relative } from 'node:path'
import { serveStatic } from '@hono/node-server/serve-static'
import { Hono } from 'hono'

const NOT_BUILT = `The simulator is running. Its page is not built yet: npm run build.
The control API is at /_sim/apps, /_sim/channels, /_sim/calls, /_sim/faults.
`

/** The page loads nothing from elsewhere, so pictures that messages point to are not fetched. */
const CONTENT_POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'"

/** The page one looks at: `/` and the built assets beside it. It may be built after the simulator has started. */
export function pageHttp(clientDir: string) {
  const root = relative(process.cwd(), clientDir) || '.'
  const index = 'simulator/index.html'
  return new Hono()
    .use('*', async (c, next) => {
      await next()
      c.header('content-security-policy', CONTENT_POLICY)
      c.header('x-content-type-options', 'nosniff')
      c.header('referrer-policy', 'no-referrer')
    })
    .get('/', async (c, next) => {
      if (!existsSync(join(clientDir, index))) return c.text(NOT_BUILT)
      return (await serveStatic({ root, path: index })(c, next)) ?? c.notFound()
    })
    .get('/assets/*', async (c, next) => {
      if (!existsSync(clientDir)) return c.notFound()
      return (await serveStatic({ root })(c, next)) ?? c.notFound()
    })
}
