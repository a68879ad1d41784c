import { z } from 'zod'
import { ErrorAnswer, refusalStatus } from '../../shared/refusals.ts'
import { type AccessRow, accessTable } from '../users/access.ts'

/** As much of an OpenAPI document as is looked at here. */
export type ApiDocument = {
  paths?: Record<string, Partial<Record<string, Operation>>>
  components?: { schemas?: Record<string, unknown>; securitySchemes?: Record<string, unknown> }
}
type Operation = {
  operationId?: string
  description?: string
  parameters?: unknown[]
  requestBody?: unknown
  security?: Record<string, string[]>[]
  responses: Record<string, unknown>
}

export const DOCUMENT_HEAD = {
  openapi: '3.1.0',
  info: {
    title: 'Switchboard API',
    version: '1',
    description:
      'Admin > Integrations and the delivery gateway in front of Slack. Instants are ISO 8601 in UTC. Lists answer ' +
      '`{items, next?}` and take `cursor` and `limit`. A refusal is `{"error": {code, message, field?, fix?}}`. Programs ' +
      'send an API key as `Authorization: Bearer sk_…`; the console uses its session cookie.',
  },
}

/** Adds to what the routes say of themselves what holds for all of them: who may ask, and how they refuse. */
export function completeDocument<Document extends ApiDocument>(document: Document): Document {
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, Error: z.toJSONSchema(ErrorAnswer) },
    securitySchemes: {
      session: {
        type: 'apiKey',
        in: 'cookie',
        name: 'switchboard.session_token',
        description: 'Set by signing in. Its name begins with `__Secure-` where the server is reached over https.',
      },
      apiKey: { type: 'http', scheme: 'bearer', description: 'An API key: `sk_…`' },
    },
  }
  for (const [path, operations] of Object.entries(document.paths ?? {})) {
    for (const [method, operation] of Object.entries(operations)) {
      const row = accessTable.find((each) => each.path === path && each.method === method.toUpperCase())
      if (operation && row) complete(operation, row)
    }
  }
  return document
}

function complete(operation: Operation, row: AccessRow): void {
  operation.operationId ??= operationIdOf(row)
  operation.security = 'open' in row ? [] : [{ session: [] }, ...(row.scope === null ? [] : [{ apiKey: [row.scope] }])]
  operation.description = [operation.description, whoMayAsk(row)].filter(Boolean).join('\n\n')
  if (!row.path.startsWith('/api/')) return
  for (const status of statusesOf(operation, row)) operation.responses[status] ??= refusal(status)
}

export function whoMayAsk(row: AccessRow): string {
  if (row.path.startsWith('/slack/')) return 'Open to requests that carry Slack’s signature.'
  if ('open' in row) return 'Open to anyone.'
  const person = `a person with the role **${row.role}**${row.role === 'admin' ? '' : ' or above'}`
  return row.scope === null
    ? `For ${person}; no API key may ask this.`
    : `For ${person}, or an API key with the scope \`${row.scope}\`.`
}

function statusesOf(operation: Operation, row: AccessRow): number[] {
  return [
    ...('open' in row ? [] : [401, 403]),
    ...(row.path.includes('{') ? [404] : []),
    ...(operation.requestBody ? [400, 413, 415] : []),
    ...(operation.requestBody || operation.parameters?.length ? [422] : []),
    ...(row.path === '/api/auth/sign-in/email' || row.path === '/api/setup' || row.path === '/api/profile'
      ? [429]
      : []),
    500,
    503,
  ]
}

function refusal(status: number) {
  const codes = Object.entries(refusalStatus).filter(([, each]) => each === status)
  return {
    description: `Refused: ${codes.map(([code]) => `\`${code}\``).join(', ')}.`,
    content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
  }
}

/** getApiUsers, patchApiUsersById. */
function operationIdOf({ method, path }: AccessRow): string {
  const words = path.split(/[/\-.]/).filter(Boolean)
  const named = words.map((word) => (word.startsWith('{') ? `By${capital(word.slice(1, -1))}` : capital(word)))
  return `${method.toLowerCase()}${named.join('')}`
}

const capital = (word: string) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`
