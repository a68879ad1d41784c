import type { TestStep } from '../../../../shared/connection-tests.ts'
import type { AppContext } from '../../../context.ts'
import type { CheckSubject, Findings } from '../../provider.ts'
import { appCredentialSteps } from './app-credentials.ts'
import { appMatchStep, botTokenStep } from './bot-token.ts'
import { channelStep } from './channel.ts'
import type { CheckStep, Checkup, Outcome } from './checkup.ts'
import { fieldsStep } from './fields.ts'
import { reachStep } from './reach-step.ts'
import { scopesStep } from './scopes.ts'
import { messageStep } from './test-message.ts'
import { webhooksStep } from './webhooks.ts'

/** The order of `stepNames`; the signing secret is proven by a click in Slack, and not from here. */
export const checkSteps: readonly CheckStep[] = [
  fieldsStep,
  reachStep,
  botTokenStep,
  appMatchStep,
  scopesStep,
  ...appCredentialSteps,
  channelStep,
  messageStep,
  webhooksStep,
]

export const STEP_MS = 10_000

/** Runs the steps in order. Each ends within `stepMs`, and none keeps a later one from running. */
export async function check(
  ctx: AppContext,
  subject: CheckSubject,
  report: (step: TestStep) => void,
  signal: AbortSignal,
  stepMs = STEP_MS,
): Promise<Findings> {
  const checkup: Checkup = { ctx, subject, learned: {} }
  for (const step of checkSteps) {
    const { name, title } = step
    if (signal.aborted) {
      report({ name, tookMs: 0, ...cancelled(step) })
      continue
    }
    report({ name, title, state: 'running', tookMs: 0 })
    const startedAt = performance.now()
    const outcome = await runBounded(checkup, step, signal, stepMs)
    report({ name, tookMs: performance.now() - startedAt, ...outcome })
  }
  const { findings, grantedScopes } = checkup.learned
  return { ...findings, ...(grantedScopes && { scopes: grantedScopes }) }
}

const CANCELLED = 'Cancelled'

async function runBounded(checkup: Checkup, step: CheckStep, signal: AbortSignal, stepMs: number): Promise<Outcome> {
  const guard = AbortSignal.timeout(stepMs)
  // Requests are given up a little earlier, so that a step has time to say what it knows by then.
  const asked = AbortSignal.any([signal, AbortSignal.timeout(stepMs * 0.95)])
  try {
    const outcome = await Promise.race([step.run(checkup, asked), ended(AbortSignal.any([signal, guard]))])
    return signal.aborted ? cancelled(step) : outcome
  } catch (error) {
    if (signal.aborted) return cancelled(step)
    if (guard.aborted) return tookTooLong(step, stepMs)
    checkup.ctx.log.error('connection_test.step_broke', { step: step.name, error })
    return {
      state: 'fail',
      title: `${step.title}: this step broke`,
      code: 'internal',
      detail: 'Switchboard made a mistake here, so this step says nothing about your settings.',
      fix: 'Report it with the time of this test: the server log holds the details.',
    }
  }
}

function cancelled(step: CheckStep): Outcome {
  return { state: 'skipped', title: step.title, detail: CANCELLED }
}

/** Rejects when the signal fires, for whatever in a step does not listen to it. */
function ended(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

function tookTooLong(step: CheckStep, stepMs: number): Outcome {
  return {
    state: 'fail',
    title: `${step.title}: no answer within ${stepMs / 1000} s`,
    code: 'timeout',
    detail: 'Slack, or something on the way to it, took too long, so this step was given up.',
    fix: 'Run the connection test again, and check the proxy and the Slack status page if it stays slow.',
  }
}
