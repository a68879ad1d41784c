import type { AppContext, SlackReach } from '../../../../server/context.ts'
import { makeLog } from '../../../../server/lib/log.ts'
import type { CheckSubject, Connection } from '../../../../server/providers/provider.ts'
import { check } from '../../../../server/providers/slack/check/check.ts'
import { makeSlackReach, type ReachTimes } from '../../../../server/providers/slack/reach.ts'
import { startSimulator } from '../../../../server/simulator/simulator.ts'
import type { StepName, TestStep } from '../../../../shared/connection-tests.ts'
import { defaultFeatures } from '../../../../shared/slack-scopes.ts'
import { sandboxOf } from '../../../support/sandbox.ts'

/** Short enough for a test that waits for nobody, long enough for a busy machine to answer when it should. */
export const HASTY: ReachTimes = { requestMs: 900, connectMs: 900 }

/** The Slack provider and a simulator for it, without the rest of the product. */
export async function startOutside(options: { seed?: 'acme' | 'large'; times?: ReachTimes } = {}) {
  const simulator = await startSimulator({ seed: options.seed ?? 'acme', pace: 'fast' })
  const hosts = { webhookHosts: [simulator.host], uploadHosts: [simulator.host] }
  const reach = makeSlackReach({ apiUrl: simulator.apiUrl, ...hosts, proxyUrl: undefined }, options.times)
  const sandbox = sandboxOf(simulator)
  const app = await sandbox.app()
  const { appId, clientId, clientSecret, signingSecret, botToken, appToken } = app
  const connection: Connection = { appId, clientId, secrets: { clientSecret, signingSecret, botToken, appToken } }
  const ctx = contextOver(reach)
  return {
    ctx,
    sandbox,
    app,
    connection,
    webhookUrl: app.webhooks[0]?.url ?? '',
    subject: (change: Partial<CheckSubject> = {}) => subjectOf(connection, change),
    [Symbol.asyncDispose]: async () => {
      await reach.close()
      await simulator.stop()
    },
  }
}

export type Outside = Awaited<ReturnType<typeof startOutside>>

/** The provider uses these parts of a context, and no test of it needs a database. */
export function contextOver(slack: SlackReach, onLogLine?: (line: string) => void): AppContext {
  const log = makeLog(onLogLine ? 'debug' : 'silent', { write: (line: string) => onLogLine?.(line) })
  return { slack, log, now: Date.now } as AppContext
}

export function subjectOf(connection: Connection, change: Partial<CheckSubject> = {}): CheckSubject {
  const defaults = { features: [...defaultFeatures], testChannel: '#compliance', webhooks: [], testId: 'tst_1' }
  return { ...connection, ...defaults, ...change }
}

/** Runs the doctor and gives its ended steps by name, beside everything it reported. */
export async function examine(
  ctx: AppContext,
  subject: CheckSubject,
  options: { signal?: AbortSignal; stepMs?: number; onReport?: (step: TestStep) => void } = {},
) {
  const reports: TestStep[] = []
  const signal = options.signal ?? new AbortController().signal
  const report = (step: TestStep) => {
    reports.push(step)
    options.onReport?.(step)
  }
  const findings = await check(ctx, subject, report, signal, options.stepMs)
  const ended = reports.filter(({ state }) => state !== 'running')
  const step = (name: StepName): TestStep => {
    const found = ended.find((each) => each.name === name)
    if (!found) throw new Error(`The test has no step ${name}.`)
    return found
  }
  return { findings, reports, ended, step }
}
