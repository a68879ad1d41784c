import { type ConnectionTest, stepLabels, stepNames, type TestStep } from '../../shared/connection-tests.ts'
import type { AppContext } from '../context.ts'
import { engineOf } from '../db/engine.ts'
import { Refusal } from '../errors.ts'
import { toInstant } from '../lib/paging.ts'
import { redactSecrets } from '../lib/redact.ts'
import type { CheckSubject, Findings } from '../providers/provider.ts'
import { providers } from '../providers/registry.ts'
import type { Actor } from '../users/actor.ts'
import { changesSince } from './changes.ts'
import { keepTest } from './keep-test.ts'
import { getTest } from './kept-tests.ts'
import { endingOwnRun } from './running-tests.ts'
import { expectSignedRequest, lastRefusal, settleAwaiting, signingSecretProvenAt } from './signing-secret.ts'
import {
  provenSigningStep,
  refusedSigningStep,
  skippedSigningStep,
  stateOf,
  waitingSigningStep,
} from './signing-step.ts'
import { findIntegration, lockIntegration, type SavedIntegration } from './store.ts'
import { factsOf, readTested, type Tested, type TestRequest } from './test-subject.ts'
import { cancelTestsFrom, type Ending, findLastPassingTest, findRunningTest, insertTest } from './tests-store.ts'

/** A run is ended after this, whatever it waits for. */
const LONGEST_RUN_MS = 100_000
/** A run that is older and has not ended belongs to a process that is gone. */
const INTERRUPTED_AFTER_MS = 120_000

type Watched = { report: (step: TestStep) => void; signal: AbortSignal }

/**
 * Tests what is on screen, saved or not, through the very calls that real sends use. A test that fails is an answer; so
 * is one that was cancelled. Runs of a saved integration are kept, and only one of them runs at a time: starting over
 * cancels one's own earlier run, while the run of somebody else, who is watching it, refuses this one.
 */
export async function testConnection(
  ctx: AppContext,
  actor: Actor,
  request: TestRequest & Watched,
): Promise<ConnectionTest> {
  const tested = await readTested(ctx, request)
  const { report, signal } = request
  if (!tested.saved) return runTest(ctx, actor, tested, { report, signal })
  return endingOwnRun(ctx, actor, tested.saved.id, signal, (either) =>
    runTest(ctx, actor, tested, { report, signal: either }),
  )
}

async function runTest(ctx: AppContext, actor: Actor, tested: Tested, watched: Watched): Promise<ConnectionTest> {
  const { saved } = tested
  const run = { id: ctx.newId('tst'), startedAt: ctx.now() }
  const number = saved && (await begin(ctx, actor, saved.id, run))
  const before = saved && (await findLastPassingTest(ctx.db, saved.id))
  const subject: CheckSubject = {
    ...tested.subject,
    testId: run.id,
    ...(before?.facts.workspaceId && { lastWorkspaceId: before.facts.workspaceId }),
  }

  const { steps, findings } = await check(ctx, subject, saved?.provider ?? 'slack', watched)
  if (!watched.signal.aborted) report(steps, await signingStep(ctx, tested, steps), watched.report)
  const isCancelled = watched.signal.aborted
  const isAwaiting = !isCancelled && steps.some(isWaiting)
  const facts = factsOf(ctx, tested, findings)
  const ending: Ending = {
    state: isCancelled ? 'cancelled' : stateOf(steps, isAwaiting),
    steps,
    changes: isCancelled ? [] : changesSince(before, { steps, facts }),
    facts,
    awaitsCallSince: isAwaiting ? run.startedAt : null,
    endedAt: ctx.now(),
  }
  const isKept = await keepTest(ctx, actor, { ...run, number }, tested, findings, ending)
  const isGone = saved !== undefined && !isKept && (await findIntegration(ctx.db, saved.id)) === undefined
  if (isGone) return ofDeleted(tested, actor, run, ending)
  if (saved && isAwaiting) {
    expectSignedRequest(ctx, saved.id)
    // A signed request may have come between the look at the last step and the commit.
    const provenAt = await signingSecretProvenAt(ctx.db, saved.id)
    if (provenAt !== undefined) await settleAwaiting(ctx, saved.id, provenAt)
    return getTest(ctx, saved.id, run.id)
  }
  return {
    ...(number !== undefined && { id: run.id, number }),
    state: ending.state,
    startedAt: toInstant(run.startedAt),
    endedAt: toInstant(ending.endedAt),
    by: actor.name,
    steps,
    changes: ending.changes,
  }
}

/** What was found out before the integration was deleted: told once, since the run went with it. */
function ofDeleted(
  { subject }: Tested,
  actor: Actor,
  { startedAt }: { startedAt: number },
  { steps, endedAt }: Ending,
): ConnectionTest {
  const notTested = skippedSigningStep(subject.appId ?? '', 'deleted')
  return {
    state: 'cancelled',
    startedAt: toInstant(startedAt),
    endedAt: toInstant(endedAt),
    by: actor.name,
    steps: steps.map((step) => (step.name === notTested.name ? notTested : step)),
    changes: ['The integration was deleted while it was tested.'],
  }
}

/** Closes runs that a stopped process left behind. Of several replicas none closes what another may still be running. */
export async function closeInterruptedTests(ctx: AppContext): Promise<number> {
  const now = ctx.now()
  const before = engineOf(ctx.db) === 'sqlite' ? now + 1 : now - INTERRUPTED_AFTER_MS
  return cancelTestsFrom(ctx.db, before, now)
}

async function begin(
  ctx: AppContext,
  actor: Actor,
  integrationId: string,
  run: { id: string; startedAt: number },
): Promise<number> {
  const number = await ctx.db.transaction().execute(async (trx) => {
    await lockIntegration(trx, integrationId)
    await cancelTestsFrom(trx, run.startedAt - INTERRUPTED_AFTER_MS, run.startedAt, integrationId)
    return insertTest(trx, { ...run, integrationId, byName: actor.name })
  })
  if (number !== undefined) return number
  const running = await findRunningTest(ctx.db, integrationId)
  const secondsAgo = Math.max(0, Math.round((run.startedAt - (running?.startedAt ?? run.startedAt)) / 1_000))
  throw new Refusal(
    'conflict',
    `A test of this integration is running: ${running?.byName ?? 'someone'} started it ${secondsAgo} s ago.`,
    { fix: 'Wait until it ends, which takes less than 2 minutes, then test again.', retryAfterSeconds: 10 },
  )
}

/** Runs the provider's steps. Whatever happens there, every step comes out of it with a state that is final. */
async function check(
  ctx: AppContext,
  subject: CheckSubject,
  provider: SavedIntegration['provider'],
  watched: Watched,
): Promise<{ steps: TestStep[]; findings: Findings }> {
  const secrets = [...Object.values(subject.secrets), ...subject.webhooks.map(({ url }) => url)]
  const steps: TestStep[] = []
  const told = (step: TestStep) => {
    const timed = { ...step, tookMs: Math.round(step.tookMs * 10) / 10 }
    report(steps, redactSecrets(timed, secrets) as TestStep, watched.report)
  }
  const deadline = AbortSignal.timeout(LONGEST_RUN_MS)
  let findings: Findings = {}
  let isBroken = false
  try {
    findings = await providers[provider].check(ctx, subject, told, AbortSignal.any([watched.signal, deadline]))
  } catch (error) {
    isBroken = !watched.signal.aborted && !deadline.aborted
    if (isBroken) ctx.log.error('connection_test.broke', { testId: subject.testId, error })
  }
  const why = watched.signal.aborted ? 'cancelled' : isBroken ? 'broken' : 'too_long'
  for (const name of stepNames) {
    const step = steps.find((one) => one.name === name)
    if (name !== 'signing_secret' && (!step || step.state === 'running')) told(unfinished(name, why, step))
  }
  return { steps, findings }
}

function unfinished(name: TestStep['name'], why: 'cancelled' | 'broken' | 'too_long', step?: TestStep): TestStep {
  const rest = { name, tookMs: step?.tookMs ?? 0, title: `${stepLabels[name]} not tested` }
  if (why === 'cancelled') return { ...rest, state: 'skipped', detail: 'The test was cancelled.' }
  const detail = {
    broken: 'Something broke on our side; it was logged.',
    too_long: 'The test took too long and was ended.',
  }[why]
  // The step that was under way is the one to look at.
  return step
    ? { ...rest, state: 'fail', code: why === 'broken' ? 'internal' : 'timeout', detail, fix: 'Test again.' }
    : { ...rest, state: 'skipped', detail }
}

/** Puts a step in the place of its earlier report, in the order of the steps. */
function report(steps: TestStep[], step: TestStep, tell: (step: TestStep) => void): void {
  const place = steps.findIndex(({ name }) => name === step.name)
  if (place >= 0) steps[place] = step
  else steps.push(step)
  steps.sort((a, b) => stepNames.indexOf(a.name) - stepNames.indexOf(b.name))
  tell(step)
}

async function signingStep(ctx: AppContext, tested: Tested, steps: TestStep[]): Promise<TestStep> {
  const { saved, unsaved, subject } = tested
  const appId = subject.appId ?? ''
  if (!saved) return skippedSigningStep(appId, 'unsaved')
  if (unsaved.includes('Signing secret')) return skippedSigningStep(appId, 'changed')
  if (subject.secrets.signingSecret === undefined) return skippedSigningStep(appId, 'missing')
  if (saved.disabledAt !== null) return skippedSigningStep(appId, 'disabled')
  const provenAt = await signingSecretProvenAt(ctx.db, saved.id)
  if (provenAt !== undefined) return provenSigningStep(appId, Math.max(0, ctx.now() - provenAt))
  const hasTestMessage = steps.some(({ name, state }) => name === 'message' && (state === 'pass' || state === 'warn'))
  const refused = await lastRefusal(ctx.db, saved.id)
  return (refused && refusedSigningStep(appId, refused)) ?? waitingSigningStep(appId, hasTestMessage)
}

/** A warning there comes from a request that was refused; the next one may be right. */
const isWaiting = ({ name, state }: TestStep) => name === 'signing_secret' && (state === 'waiting' || state === 'warn')
