import type { Context } from 'hono'
import type { z } from 'zod'
import '../../../shared/schema-words.ts'

/** A control request that cannot be carried out: the field, what is wrong with it, and the HTTP status. */
export class ControlError extends Error {
  readonly status: 400 | 404 | 409
  readonly field: string | undefined

  constructor(status: 400 | 404 | 409, message: string, field?: string) {
    super(message)
    this.status = status
    this.field = field
  }
}

export function notFound(what: string, id: string, field?: string): ControlError {
  return new ControlError(404, `There is no ${what} ${id} in this workspace.`, field)
}

/** The JSON body as the schema reads it; what does not fit is named by its field. */
export async function readInput<S extends z.ZodType>(c: Context, schema: S): Promise<z.output<S>> {
  const text = await c.req.text()
  const parsed = schema.safeParse(text === '' ? {} : json(text))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const field = issue?.path.join('.')
  throw new ControlError(400, field ? `${field}: ${issue?.message}` : (issue?.message ?? 'Invalid input'), field)
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new ControlError(400, 'The body must be JSON.')
  }
}
