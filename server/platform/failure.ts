import type { PlatformAnswer } from '../context.ts'

export class ForbiddenAddress extends Error {
  readonly address: string

  constructor(address: string) {
    super(`the name points at ${address}`)
    this.name = 'ForbiddenAddress'
    this.address = address
  }
}

export class AnswerTooLong extends Error {}

type Situation = { httpStatus: number | undefined; deadlineMs: number; hint: string }

/** What a call that brought no whole answer means. The codes are rows of shared/platform-codes.ts. */
export function failureOf(error: unknown, { httpStatus, deadlineMs, hint }: Situation): PlatformAnswer {
  const seen = httpStatus === undefined ? {} : { httpStatus }
  const failed = (code: string, detail?: string): PlatformAnswer => ({
    kind: 'failed',
    code,
    ...(detail !== undefined && { detail }),
    ...seen,
  })
  if (error instanceof ForbiddenAddress) {
    return failed('address_forbidden', `The name points at ${error.address}, not on the open internet. ${hint}`)
  }
  if (error instanceof AnswerTooLong) return failed('too_large')
  const { code = '', name } = error as { code?: string; name?: string }
  if (name === 'TimeoutError' || code === 'UND_ERR_CONNECT_TIMEOUT') {
    return failed('timeout', `Nothing was heard within ${deadlineMs / 1_000} s.`)
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return failed('host_not_found')
  if (NEVER_OPENED.has(code)) return failed('unreachable', code)
  if (TLS.test(code)) return failed('tls_failed', code)
  if (PROXY.test(`${name} ${(error as Error).message}`)) return failed('proxy_refused')
  return failed('connection_broke', code || undefined)
}

const NEVER_OPENED = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'ETIMEDOUT'])
const TLS = /CERT|ISSUER|SIGNATURE|^ERR_(SSL|TLS)|^EPROTO$/
const PROXY = /[Pp]roxy/
