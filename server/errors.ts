import { type RefusalCode, refusalStatus } from '../shared/refusals.ts'

/** What keeps the server from starting, and the way out, in one line for the person who starts it. */
export class CannotStart extends Error {}

/** A caller may not do this. The message is for the person at the other end and names the thing and the way out. */
export class Refusal extends Error {
  readonly code: RefusalCode
  readonly status: number
  readonly field: string | undefined
  readonly fix: string | undefined
  readonly retryAfterSeconds: number | undefined

  constructor(
    code: RefusalCode,
    message: string,
    more: { field?: string | undefined; fix?: string | undefined; retryAfterSeconds?: number | undefined } = {},
  ) {
    super(message)
    this.name = 'Refusal'
    this.code = code
    this.status = refusalStatus[code]
    this.field = more.field
    this.fix = more.fix
    this.retryAfterSeconds = more.retryAfterSeconds
  }
}

/** Throws what was refused of one part of a request anew, told with the place of that part. */
export function refusedAt(error: unknown, at: string): never {
  if (!(error instanceof Refusal)) throw error
  const { code, message, fix, retryAfterSeconds } = error
  const field = error.field ? `${at}.${error.field}` : at
  throw new Refusal(code === 'not_found' ? 'invalid' : code, message, { field, fix, retryAfterSeconds })
}
