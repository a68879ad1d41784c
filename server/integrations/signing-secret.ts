import { RefusalReason } from '../../shared/commands.ts'
import type { TestStep } from '../../shared/connection-tests.ts'
import type { AppContext } from '../context.ts'
import type { Db } from '../db/schema.ts'
import { optional } from '../lib/paging.ts'
import {
  outdatedSigningStep,
  provenSigningStep,
  type RefusedRequest,
  refusedSigningStep,
  stateOf,
} from './signing-step.ts'
import { findIntegration, listCredentials, listSeen, markInbound, markRefused, type Surface } from './store.ts'
import { type KeptTest, listAwaitingTests, updateAwaitingTest } from './tests-store.ts'

/**
 * A request that Slack signed with the saved secret has come in: it proves the secret, and turns the last step of runs
 * that wait for it green. Costs nothing more than once a second, unless it carries the id of a test.
 */
export async function confirmSigningSecret(
  ctx: AppContext,
  integrationId: string,
  call: { surface: Surface; at: number; testId?: string },
): Promise<void> {
  if (!isTurn(ctx, `${integrationId} ${call.surface}`) && call.testId === undefined) return
  await markInbound(ctx.db, integrationId, call.surface, call.at)
  await settleAwaiting(ctx, integrationId, call.at)
}

/** A request for this integration was refused; runs that wait say what the likeliest cause is. */
export async function noteRefusedRequest(
  ctx: AppContext,
  integrationId: string,
  request: RefusedRequest & { surface: Surface; at: number },
): Promise<void> {
  if (!isTurn(ctx, `${integrationId} ${request.surface} ${request.reason}`)) return
  const { surface, reason, skewMs = null, at } = request
  await markRefused(ctx.db, integrationId, surface, { reason, skewMs, at })
  const integration = await findIntegration(ctx.db, integrationId)
  const step = integration && refusedSigningStep(integration.appId, request)
  if (step) await changeAwaiting(ctx.db, integrationId, at, (test) => ({ step, awaitsCallSince: test.awaitsCallSince }))
}

/** When the saved signing secret was last proven; undefined when nothing signed came since it was set. */
export async function signingSecretProvenAt(db: Db, integrationId: string): Promise<number | undefined> {
  const credentials = await listCredentials(db, [integrationId])
  const secret = credentials.find(({ kind }) => kind === 'signingSecret')
  const calls = (await listSeen(db, [integrationId])).map(({ lastCalledAt }) => Number(lastCalledAt ?? 0))
  const last = Math.max(0, ...calls)
  return secret && last > secret.setAt ? last : undefined
}

/** The last request that was refused since the signing secret was set, unless a signed one came after it. */
export async function lastRefusal(db: Db, integrationId: string): Promise<RefusedRequest | undefined> {
  const secret = (await listCredentials(db, [integrationId])).find(({ kind }) => kind === 'signingSecret')
  const calls = await listSeen(db, [integrationId])
  const calledAt = Math.max(secret?.setAt ?? 0, ...calls.map((call) => Number(call.lastCalledAt ?? 0)))
  const last = calls
    .filter((call) => Number(call.lastRefusedAt ?? 0) > calledAt)
    .sort((a, b) => Number(b.lastRefusedAt) - Number(a.lastRefusedAt))[0]
  const reason = RefusalReason.safeParse(last?.lastRefusedReason)
  if (!last || !reason.success) return undefined
  return { reason: reason.data, ...optional('skewMs', last.lastRefusedSkewMs) }
}

/** Turns waiting steps green when a signed request has come since their test began. */
export async function settleAwaiting(ctx: AppContext, integrationId: string, provenAt: number): Promise<void> {
  const integration = await findIntegration(ctx.db, integrationId)
  if (!integration) return
  const step = provenSigningStep(integration.appId, Math.max(0, ctx.now() - provenAt))
  await changeAwaiting(ctx.db, integrationId, provenAt, () => ({ step, awaitsCallSince: null }))
}

/** The signing secret is another one now: what waits for the old one waits in vain. */
export async function stopAwaiting(trx: Db, integrationId: string): Promise<void> {
  const integration = await findIntegration(trx, integrationId)
  const step = outdatedSigningStep(integration?.appId ?? '')
  await changeAwaiting(trx, integrationId, Number.POSITIVE_INFINITY, () => ({ step, awaitsCallSince: null }))
}

/** A test in this process begins to wait: the next signed request is looked at, however soon it comes. */
export function expectSignedRequest(ctx: AppContext, integrationId: string): void {
  const turns = lastTurns.get(ctx.db)
  for (const key of turns?.keys() ?? []) if (key.startsWith(`${integrationId} `)) turns?.delete(key)
}

async function changeAwaiting(
  db: Db,
  integrationId: string,
  calledAt: number,
  change: (test: KeptTest) => { step: TestStep; awaitsCallSince: number | null },
): Promise<void> {
  for (const test of await listAwaitingTests(db, integrationId)) {
    if (Number(test.awaitsCallSince) > calledAt) continue
    const { step, awaitsCallSince } = change(test)
    const steps = test.steps.map((old) => (old.name === step.name ? { ...step, tookMs: old.tookMs } : old))
    await updateAwaitingTest(db, test.id, { steps, state: stateOf(steps, awaitsCallSince !== null), awaitsCallSince })
  }
}

const TURN_MS = 1_000
/** More than these in one process are dropped: a turn too many costs a query. */
const MOST_TURNS = 10_000

const lastTurns = new WeakMap<Db, Map<string, number>>()

/** True once a second for each key: a flood of requests must not become a flood of writes. */
function isTurn(ctx: AppContext, key: string): boolean {
  const turns = lastTurns.get(ctx.db) ?? new Map<string, number>()
  lastTurns.set(ctx.db, turns)
  const now = ctx.now()
  const last = turns.get(key)
  if (last !== undefined && Math.abs(now - last) < TURN_MS) return false
  if (turns.size >= MOST_TURNS) turns.clear()
  turns.set(key, now)
  return true
}
