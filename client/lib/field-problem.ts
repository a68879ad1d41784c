import { ApiError } from './api.ts'

/** What the server says is wrong with this field, for under its input: without the field's own name before it. */
export function fieldProblem(error: unknown, field: string): string | null {
  if (!(error instanceof ApiError) || error.field !== field) return null
  const sentence = error.message.startsWith(`${field}: `) ? error.message.slice(field.length + 2) : error.message
  return error.fix ? `${sentence} ${error.fix}` : sentence
}
