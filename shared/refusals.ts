import { z } from 'zod'

/** Why a request was refused; each code has one HTTP status, so that callers can act on either. */
export const refusalStatus = {
  invalid: 422,
  malformed: 400,
  unauthenticated: 401,
  setup_done: 403,
  forbidden: 403,
  wrong_origin: 403,
  wrong_host: 421,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  too_large: 413,
  wrong_type: 415,
  too_many: 429,
  internal: 500,
  locked: 503,
  unavailable: 503,
} as const

export type RefusalCode = keyof typeof refusalStatus

/** The body of every answer that is not a success. */
export const ErrorAnswer = z.object({
  error: z.object({
    code: z.string(),
    message: z.string().describe('What happened and why, for the person at the other end'),
    field: z.string().optional().describe('The field at fault, as a dotted path'),
    fix: z.string().optional().describe('The way out'),
    requestId: z.string().optional().describe('Quote this to whoever runs the server: it finds the log lines'),
  }),
})
export type ErrorAnswer = z.infer<typeof ErrorAnswer>
