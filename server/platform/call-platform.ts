import type { AppContext } from '../context.ts'
import { Refusal } from '../errors.ts'
import { closeIncident } from '../incidents/store.ts'
import { readJson } from '../users/body-rules.ts'
import { insertAttempt, insertCall } from './calls-store.ts'
import { type Attempt, attemptCall, attemptRow, beginningOf, bodyOf } from './exchange.ts'
import type { Failed, Outcome } from './outcome.ts'
import { findEndpoint, type SavedEndpoint } from './store.ts'

export type PlatformQuestion = { kind: string; body: Record<string, unknown> }
/**
 * `logged`: what of the answer's text may stand in the log of calls; all of it when left out. `key`: the `webhook-id`, by
 * which the platform knows a question that is asked again; one of this call alone when left out.
 */
export type AskedPlatform = PlatformQuestion & { logged?: (answer: string) => string; key?: string }
export type PlatformResult = { kind: 'answered'; status: number; body: unknown } | Omit<Failed, 'retryAfterMs'>
/** Where it stands in the log, and how long it took. */
export type LoggedCall = { callId: string; tookMs: number }

/**
 * Asks the platform something whose answer is needed now: one try, ended by the deadline. What goes wrong is a value; its
 * code is a row of shared/platform-codes.ts. An answer without a body has an undefined one.
 */
export async function callPlatform(
  ctx: AppContext,
  integrationId: string,
  asked: AskedPlatform,
  { deadlineMs }: { deadlineMs: number },
): Promise<PlatformResult & Partial<LoggedCall>> {
  const endpoint = await findEndpoint(ctx.db, integrationId)
  if (!endpoint) return { kind: 'failed', code: 'no_endpoint' }
  if (endpoint.disabledAt !== null) return { kind: 'failed', code: 'endpoint_disabled' }
  return askEndpoint(ctx, endpoint, asked, deadlineMs)
}

/** The same of an endpoint whether it is switched on or not; kept in its log. */
export async function askEndpoint(
  ctx: AppContext,
  endpoint: SavedEndpoint,
  { kind, body, logged = (answer) => answer, key }: AskedPlatform,
  deadlineMs: number,
): Promise<PlatformResult & LoggedCall> {
  const id = ctx.newId('pcl')
  const text = bodyOf(kind, ctx.now(), body)
  const attempt = await attemptCall(ctx, endpoint, { id: key ?? id, body: text, deadlineMs })
  const result = resultOf(attempt, logged)
  await keep(ctx, endpoint, { id, kind, text }, { ...attempt, outcome: asLogged(attempt.outcome, logged) }, result)
  return { ...result, callId: id, tookMs: attempt.tookMs }
}

const asLogged = (outcome: Outcome, logged: (answer: string) => string): Outcome =>
  outcome.kind === 'taken' ? { ...outcome, text: logged(outcome.text) } : outcome

function resultOf({ outcome }: Attempt, logged: (answer: string) => string): PlatformResult {
  if (outcome.kind === 'failed') {
    const { retryAfterMs: _, ...failed } = outcome
    return failed
  }
  const { status, text } = outcome
  if (text.trim() === '') return { kind: 'answered', status, body: undefined }
  if (!isJson(text)) {
    const begin = beginningOf(logged(text).slice(0, 80))
    return {
      kind: 'failed',
      code: 'not_json',
      httpStatus: status,
      ...(begin !== '' && { detail: `It begins with: ${begin}` }),
    }
  }
  try {
    return { kind: 'answered', status, body: readJson(Buffer.from(text)) }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { kind: 'failed', code: 'not_taken', httpStatus: status, detail: error.message }
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

async function keep(
  ctx: AppContext,
  endpoint: SavedEndpoint,
  { id, kind, text }: { id: string; kind: string; text: string },
  attempt: Attempt,
  result: PlatformResult,
): Promise<void> {
  const code = result.kind === 'failed' ? result.code : null
  const endedAt = ctx.now()
  await ctx.db.transaction().execute(async (trx) => {
    // Gone while the platform was asked, its log perhaps with it: what it said is worth something all the same.
    if (!(await findEndpoint(trx, endpoint.integrationId))) return
    await insertCall(trx, {
      id,
      integrationId: endpoint.integrationId,
      kind,
      state: code === null ? 'delivered' : 'failed',
      request: beginningOf(text),
      tries: 1,
      dueAt: attempt.startedAt,
      claimedBy: null,
      leaseEndsAt: null,
      createdAt: attempt.startedAt,
      endedAt,
      code,
      detail: (result.kind === 'failed' && result.detail) || null,
    })
    await insertAttempt(trx, { ...attemptRow(id, 1, attempt), code })
    if (code === null) await closeIncident(trx, endpoint.id, { at: endedAt, by: 'Switchboard' })
  })
  ctx.log.info('platform.called', {
    callId: id,
    integrationId: endpoint.integrationId,
    kind,
    code,
    tookMs: attempt.tookMs,
  })
}
