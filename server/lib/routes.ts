import { OpenAPIHono, type z } from '@hono/zod-openapi'
import '../../shared/schema-words.ts'
import { Refusal } from '../errors.ts'
import { innermost } from './innermost.ts'

export { createRoute, z } from '@hono/zod-openapi'

/** A slice's routes: bodies, queries and paths that don't fit their schema are refused, naming the field. */
export function newRoutes() {
  return new OpenAPIHono({
    defaultHook: (result) => {
      if (!result.success) throw refusalOf(result.error)
    },
  })
}

/** `request` of a route that takes a JSON body. */
export const jsonBody = <Schema extends z.ZodType>(schema: Schema) => ({
  required: true as const,
  content: { 'application/json': { schema } },
})

/** One of a route's `responses`: JSON of this schema. What every route may refuse is documented once for all. */
export const answer = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
})

/** The first thing wrong, named by its dotted path. What the schema has no sentence for is said in plain words. */
export function refusalOf(error: z.ZodError): Refusal {
  const issue = error.issues.flatMap(innermost)[0]
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined
  const field = [...(issue?.path ?? []), ...(unknown === undefined ? [] : [unknown])].join('.')
  const message =
    unknown === undefined ? issue?.message || 'That is not valid.' : `There is no field "${unknown}" here.`
  return new Refusal('invalid', field ? `${field}: ${message}` : message, field ? { field } : {})
}
