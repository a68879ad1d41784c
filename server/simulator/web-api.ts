import type { HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import type { Args } from './args.ts'
import { findText } from './args.ts'
import { type Call, recordCall } from './calls.ts'
import { PlatformError, retryAfter, slackAnswer } from './envelope.ts'
import { takeFault } from './faults.ts'
import { POSTING, TIERS, take } from './limits.ts'
import { requireScope } from './methods/access.ts'
import { apiTest } from './methods/identity.ts'
import type { Method } from './methods/method.ts'
import { exchange } from './methods/oauth.ts'
import { findMethod } from './methods/table.ts'
import { type Asked, readAsked } from './request.ts'
import type { Sandbox } from './sandbox.ts'
import { tell } from './stream.ts'
import { strike } from './strike.ts'
import { findChannel, type Token } from './workspace.ts'

/** /api/<method>: the Web API. Platform refusals are HTTP 200, as with Slack. */
export function webApi(sandbox: Sandbox) {
  return new Hono<{ Bindings: HttpBindings }>().on(['GET', 'POST'], '/:method', async (c) => {
    const startedAt = performance.now()
    const name = c.req.param('method')
    const asked = await readAsked(c.req)
    if (asked.isJson && !findMethod(name)?.json) asked.args = {}
    const call = recordCall(sandbox.calls, sandbox.now(), { direction: 'in', method: name, args: asked.args })
    const run = () => perform(sandbox, name, asked, c.req.method, call)

    const fault = takeFault(sandbox, name, findText(asked.args, 'channel'))
    if (fault) call.fault = fault.kind
    const answer = fault
      ? await strike(sandbox, c, fault, {
          run: async () => run(),
          rateLimited: (_seconds, headers) => rateLimited(sandbox, headers),
          refused: (code) => refused(sandbox, call, code),
        })
      : run()

    call.tookMs = performance.now() - startedAt
    if (!c.env.incoming.socket.destroyed) call.status = answer.status
    tell(sandbox.feed, { kind: 'call', id: call.id, method: name })
    return answer
  })
}

function perform(sandbox: Sandbox, name: string, asked: Asked, verb: string, call: Call): Response {
  try {
    const answer = decide(sandbox, name, asked, verb, call)
    call.ok ??= answer.body.ok !== false
    return slackAnswer(sandbox, { ok: true, ...withWarnings(answer.body, asked.warnings) }, answer)
  } catch (error) {
    if (error instanceof TooFast) return rateLimited(sandbox, retryAfter(sandbox, error.waitSeconds))
    if (!(error instanceof PlatformError)) throw error
    return refused(sandbox, call, error.code, error.extra, scopeHeaders(sandbox, name, asked))
  }
}

type Answer = { body: Record<string, unknown>; headers?: Record<string, string> }

function decide(sandbox: Sandbox, name: string, asked: Asked, verb: string, call: Call): Answer {
  if (asked.problem) throw new PlatformError(asked.problem)
  if (name === 'api.test') return { body: apiTest(asked.args) }
  if (name === 'oauth.v2.access') return { body: exchange(sandbox, { ...asked.args, ...asked.basic }) }
  const method = findMethod(name)
  if (!method) throw new PlatformError('unknown_method')
  if (method.postOnly && verb !== 'POST') throw new PlatformError('invalid_post_type')

  const token = provenToken(sandbox, method, asked)
  const app = sandbox.workspace.apps.get(token.appId)
  if (!app) throw new PlatformError('invalid_auth')
  call.appId = app.id
  keepPace(sandbox, name, method, token)
  requireOneScope(token, acceptedScopes(method, asked.args))
  keepChannelPace(sandbox, name, asked.args)
  const body = method.run({ sandbox, workspace: sandbox.workspace, args: asked.args, token, app })
  return { body, headers: scopeHeaders(sandbox, name, asked) }
}

/** The token, or the one word with which Slack says what is wrong with it. */
function provenToken(sandbox: Sandbox, method: Method, asked: Asked): Token {
  if (asked.token === undefined) throw new PlatformError('not_authed')
  const token = sandbox.workspace.tokens.get(asked.token)
  if (!token) throw new PlatformError('invalid_auth')
  if (token.state === 'revoked') throw new PlatformError('token_revoked')
  if (token.state === 'inactive') throw new PlatformError('account_inactive')
  const isOver = token.expiresAt !== undefined && token.expiresAt <= sandbox.now()
  if (token.state === 'expired' || isOver) throw new PlatformError('token_expired')
  if (!method.tokens.includes(token.kind)) throw new PlatformError('not_allowed_token_type')
  return token
}

function acceptedScopes(method: Method, args: Args): readonly string[] {
  return typeof method.scopes === 'function' ? method.scopes(args) : (method.scopes ?? [])
}

/** One of the accepted scopes will do here; methods that need more ask for it themselves. */
function requireOneScope(token: Token, scopes: readonly string[]): void {
  const [first] = scopes
  if (first !== undefined && !scopes.some((scope) => token.scopes.includes(scope))) requireScope(token, first)
}

function scopeHeaders(sandbox: Sandbox, name: string, asked: Asked): Record<string, string> {
  const token = sandbox.workspace.tokens.get(asked.token ?? '')
  const method = findMethod(name)
  if (!token || !method) return {}
  const scopes = typeof method.scopes === 'function' ? [] : (method.scopes ?? [])
  return { 'x-oauth-scopes': listed(token.scopes), 'x-accepted-oauth-scopes': listed(scopes) }
}

/** Every answer names them. A token that gets other scopes gets another list, so a text is true for its list for good. */
function listed(scopes: readonly string[]): string {
  const text = LISTED.get(scopes) ?? scopes.join(',')
  LISTED.set(scopes, text)
  return text
}

const LISTED = new WeakMap<readonly string[], string>()

class TooFast extends Error {
  readonly waitSeconds: number

  constructor(waitSeconds: number) {
    super('ratelimited')
    this.waitSeconds = waitSeconds
  }
}

function keepPace(sandbox: Sandbox, name: string, method: Method, token: Token): void {
  if (sandbox.pace === 'fast') return
  const wait = take(sandbox.limiter, `${name} ${token.value}`, TIERS[method.tier], sandbox.now())
  if (wait > 0) throw new TooFast(wait)
}

/** Posting is held to about one a second in each channel, whichever app posts. */
function keepChannelPace(sandbox: Sandbox, name: string, args: Args): void {
  if (sandbox.pace === 'fast' || name !== 'chat.postMessage') return
  const target = findText(args, 'channel') ?? ''
  const channelId = findChannel(sandbox.workspace, target)?.id ?? target
  const wait = take(sandbox.limiter, `channel ${channelId}`, POSTING, sandbox.now())
  if (wait > 0) throw new TooFast(wait)
}

function rateLimited(sandbox: Sandbox, headers: Record<string, string>): Response {
  return slackAnswer(sandbox, { ok: false, error: 'ratelimited' }, { status: 429, headers })
}

function refused(
  sandbox: Sandbox,
  call: Call,
  code: string,
  extra: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): Response {
  call.ok = false
  call.error = code
  return slackAnswer(sandbox, { ok: false, error: code, ...extra }, { headers })
}

function withWarnings(body: Record<string, unknown>, warnings: string[]): Record<string, unknown> {
  if (warnings.length === 0) return body
  const known = typeof body.warning === 'string' ? body.warning.split(',') : []
  const all = [...known, ...warnings]
  const metadata = typeof body.response_metadata === 'object' ? body.response_metadata : {}
  return { ...body, warning: all.join(','), response_metadata: { ...metadata, warnings: all } }
}
