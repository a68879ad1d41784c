import { ApiError } from './api.ts'

/** Why something failed and what to do about it, in the server's words, for where there is room for a line only. */
export function failureWords(error: unknown): string {
  if (!(error instanceof ApiError)) return 'Try again.'
  return error.fix ? `${error.message} ${error.fix}` : error.message
}
