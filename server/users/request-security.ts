import { randomBytes } from 'node:crypto'
import type { Context, MiddlewareHandler } from 'hono'
import type { AppContext } from '../context.ts'
import { Refusal } from '../errors.ts'
import { isLoopback } from './origin.ts'

/*
 * What stands before every route, in this order: requestIds, securityHeaders, hostRule, addressRule; then, for /api and /metrics,
 * guard (guard.ts) and bodyRules (body-rules.ts). Slack's own requests pass at most the first four: they are proven by
 * their signature, over bytes nobody has touched, and a server answers them before they come here.
 */

/** Gives each request an id, or takes a proxy's; it goes back to the caller and into our log lines. */
export function requestIds(ctx: AppContext): MiddlewareHandler {
  return async (c, next) => {
    const id = requestIdOf(ctx, c.req.header('x-request-id'))
    const startedAt = ctx.now()
    c.set('requestId', id)
    await next()
    c.res.headers.set('x-request-id', id)
    ctx.log.debug('request.answered', {
      requestId: id,
      method: c.req.method,
      path: c.req.path,
      status: c.res.status,
      tookMs: ctx.now() - startedAt,
    })
  }
}

/** A proxy's id for a request, or one of ours. */
export function requestIdOf(ctx: AppContext, given: string | undefined): string {
  return given && /^[A-Za-z0-9._-]{8,64}$/.test(given) ? given : ctx.newId('req')
}

/** What the answers to programs carry; `securityHeaders` adds the same to whatever goes through the app. */
export function dataHeaders(ctx: AppContext): Record<string, string> {
  return Object.fromEntries([
    ...alwaysOf(ctx),
    ['content-security-policy', POLICIES.data],
    ['cache-control', 'no-store'],
  ])
}

function alwaysOf(ctx: AppContext): [string, string][] {
  const isHttps = ctx.publicUrl.startsWith('https:')
  return isHttps ? [...HEADERS, ['strict-transport-security', 'max-age=31536000']] : HEADERS
}

/**
 * Headers that keep a browser from doing what we never ask of it. Pages may run our own scripts, and styles of ours or
 * with the page's nonce (`styleNonceOf`), which the component library needs for the few style elements it makes.
 */
export function securityHeaders(ctx: AppContext): MiddlewareHandler {
  const always = alwaysOf(ctx)
  return async (c, next) => {
    const kind = kindOf(c.req.path)
    const nonce = kind === 'page' ? randomBytes(16).toString('base64') : ''
    if (nonce) c.set('styleNonce', nonce)
    await next()
    const { headers } = c.res
    for (const [name, value] of always) headers.set(name, value)
    headers.set('content-security-policy', kind === 'page' ? pagePolicy(nonce) : POLICIES[kind])
    if (kind === 'data' || !headers.has('cache-control')) headers.set('cache-control', 'no-store')
  }
}

/** The nonce of the page being answered; it goes into the page as `<meta property="csp-nonce" nonce="…">`. */
export function styleNonceOf(c: Context): string {
  return (c.get('styleNonce') as string | undefined) ?? ''
}

/**
 * Takes requests only for the name we are known by, or one that means this machine: a page that points its own name at
 * our address (DNS rebinding) gets nothing.
 */
export function hostRule(ctx: AppContext): MiddlewareHandler {
  const check = hostCheck(ctx)
  return async (c, next) => {
    // Orchestrators ask these at whatever address the machine has, and they tell nothing.
    const isProbe = c.req.path === '/healthz' || c.req.path === '/readyz'
    if (!isProbe) check(c.req.header('host') ?? new URL(c.req.url).host)
    await next()
  }
}

/** Refuses a request by the name it was sent to. */
export function hostCheck(ctx: AppContext): (host: string) => void {
  const { host: known, protocol } = new URL(ctx.publicUrl)
  // Some clients write the port that goes without saying.
  const usualPort = protocol === 'https:' ? /:443$/ : /:80$/
  return (given) => {
    const host = given.toLowerCase().replace(usualPort, '')
    if (host === known || isLoopback(host)) return
    throw new Refusal('wrong_host', `This server is not known by the name this request was sent to.`, {
      fix: `Open ${ctx.publicUrl}, or set SWITCHBOARD_PUBLIC_URL to the address you use. A proxy must pass on the Host header.`,
    })
  }
}

/** An address with a NUL is refused before anything is looked up by it: no database takes one in a text. */
export function addressRule(): MiddlewareHandler {
  return async (c, next) => {
    if (c.req.url.includes('%00')) throw new Refusal('malformed', 'The address holds a NUL character.')
    await next()
  }
}

const HEADERS: [string, string][] = [
  ['x-content-type-options', 'nosniff'],
  ['x-frame-options', 'DENY'],
  ['referrer-policy', 'no-referrer'],
  ['cross-origin-opener-policy', 'same-origin'],
  ['cross-origin-resource-policy', 'same-origin'],
  ['permissions-policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()'],
]

const SHUT = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
const POLICIES = {
  data: SHUT,
  // The API's page: its script and style are files of ours; its icons are data in the style sheet.
  docs: `${SHUT}; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'`,
}

const pagePolicy = (nonce: string) =>
  "default-src 'none'; script-src 'self'; " +
  `style-src 'self' 'nonce-${nonce}'; style-src-attr 'unsafe-inline'; ` +
  "img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; " +
  "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"

function kindOf(path: string): 'data' | 'docs' | 'page' {
  if (path === '/api/docs' || path.startsWith('/api/docs/')) return 'docs'
  return /^\/(api|slack)\/|^\/(healthz|readyz|metrics)$/.test(path) ? 'data' : 'page'
}
