import { readFile } from 'node:fs/promises'
import type { OpenAPIHono } from '@hono/zod-openapi'
import { compress } from 'hono/compress'
import { ErrorAnswer } from '../../shared/refusals.ts'
import type { AppContext } from '../context.ts'
import { Refusal } from '../errors.ts'
import { answer, createRoute, newRoutes, z } from '../lib/routes.ts'
import { type ApiDocument, completeDocument, DOCUMENT_HEAD } from './api-document.ts'

const Json = z.record(z.string(), z.unknown())
type Json = Record<string, JsonValue>
type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue }

/** The whole API as OpenAPI 3.1, made of the schemas the routes check with, and a page to read and try it. */
export function docsHttp(ctx: AppContext, app: OpenAPIHono) {
  let document: Json | undefined
  const routes = newRoutes()
  routes.use('/api/docs/*', compress())
  routes.use('/api/openapi.json', compress())
  return routes
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/openapi.json',
        tags: ['API'],
        summary: 'This API as OpenAPI 3.1',
        responses: { 200: answer(Json, 'The document.') },
      }),
      (c) => {
        document ??= describeApi(ctx, app)
        return c.json(document, 200)
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/docs',
        tags: ['API'],
        summary: 'The page that shows this API',
        responses: { 200: { description: 'The page.', content: { 'text/html': { schema: z.string() } } } },
      }),
      async (c) => c.html(await readFile(new URL('api-page.html', import.meta.url), 'utf8'), 200),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/docs/{file}',
        tags: ['API'],
        summary: 'A script or style of that page',
        request: { params: z.object({ file: z.string().max(64) }) },
        responses: {
          200: { description: 'The file.', content: { 'text/plain': { schema: z.string() } } },
          404: answer(ErrorAnswer, 'There is no such file.'),
        },
      }),
      async (c) => {
        const file = FILES.get(c.req.valid('param').file)
        if (!file) throw new Refusal('not_found', 'There is nothing at this address.')
        c.header('cache-control', 'private, max-age=3600')
        c.header('content-type', file.type)
        return c.body(await readFile(new URL(import.meta.resolve(file.from)), 'utf8'), 200) as never
      },
    )
}

/** The only files this folder gives out; swagger-ui-dist comes with the packages, so nothing is fetched from outside. */
const FILES = new Map([
  ['swagger-ui.css', { from: 'swagger-ui-dist/swagger-ui.css', type: 'text/css; charset=utf-8' }],
  ['swagger-ui-bundle.js', { from: 'swagger-ui-dist/swagger-ui-bundle.js', type: 'text/javascript; charset=utf-8' }],
  ['api-page.js', { from: './api-page.js', type: 'text/javascript; charset=utf-8' }],
  ['api-page.css', { from: './api-page.css', type: 'text/css; charset=utf-8' }],
])

/** The generator's own types are wider than JSON, which is all it makes. */
function describeApi(ctx: AppContext, app: OpenAPIHono): Json {
  const described = app.getOpenAPI31Document({ ...DOCUMENT_HEAD, servers: [{ url: ctx.publicUrl }] })
  const plain = JSON.parse(JSON.stringify(described)) as Json
  completeDocument(plain as ApiDocument)
  return plain
}
