import type { ConnectionTest, TestStep } from '../../shared/connection-tests.ts'
import { credentialInfo } from '../../shared/credentials.ts'
import { defaultFeatures } from '../../shared/slack-scopes.ts'
import type { CheckSubject } from '../providers/provider.ts'
import { providers } from '../providers/registry.ts'
import { openDirect } from './direct.ts'
import { EXIT, Problem } from './problem.ts'
import { readSecret } from './read-secret.ts'

export type DirectTestOptions = { channel?: string; tokenFd?: string; token?: string }

/** The same steps as on the server, without one: of what the environment holds. */
export async function testDirectly(
  options: DirectTestOptions,
  onStep: (step: TestStep) => void,
): Promise<ConnectionTest['state']> {
  await using direct = openDirect()
  const subject = await subjectOf(options, direct.ctx.newId('tst'))
  const states: TestStep['state'][] = []
  const report = (told: TestStep) => {
    const step = told.name === 'fields' ? withoutMissing(told, subject) : told
    if (step.state !== 'running') states.push(step.state)
    onStep(step)
  }
  const stopping = new AbortController()
  const stop = () => stopping.abort()
  process.once('SIGINT', stop)
  await providers.slack.check(direct.ctx, subject, report, stopping.signal)
  process.off('SIGINT', stop)
  if (stopping.signal.aborted) throw new Problem(EXIT.failed, 'The test was stopped.')
  if (states.includes('fail')) return 'failing'
  return states.includes('warn') ? 'warning' : 'ok'
}

async function subjectOf(options: DirectTestOptions, testId: string): Promise<CheckSubject> {
  const { SLACK_APP_ID, SLACK_CLIENT_ID, SLACK_CLIENT_SECRET, SLACK_SIGNING_SECRET } = process.env
  const { SLACK_APP_TOKEN, SLACK_WEBHOOK_URL } = process.env
  // With a webhook at hand its owner may have no token at all, and is not asked for one.
  const isTokenGiven = options.tokenFd !== undefined || options.token !== undefined || process.env.SLACK_BOT_TOKEN
  const botToken =
    isTokenGiven || !SLACK_WEBHOOK_URL
      ? await readSecret({
          what: 'bot token',
          fdOption: '--token-fd',
          fd: options.tokenFd,
          env: 'SLACK_BOT_TOKEN',
          argument: { option: '--token', value: options.token },
        })
      : undefined
  return {
    testId,
    features: [...defaultFeatures],
    ...(SLACK_APP_ID && { appId: SLACK_APP_ID }),
    ...(SLACK_CLIENT_ID && { clientId: SLACK_CLIENT_ID }),
    ...(options.channel && { testChannel: options.channel }),
    secrets: {
      ...(botToken && { botToken }),
      ...(SLACK_CLIENT_SECRET && { clientSecret: SLACK_CLIENT_SECRET }),
      ...(SLACK_SIGNING_SECRET && { signingSecret: SLACK_SIGNING_SECRET }),
      ...(SLACK_APP_TOKEN && { appToken: SLACK_APP_TOKEN }),
    },
    webhooks: SLACK_WEBHOOK_URL ? [{ label: 'SLACK_WEBHOOK_URL', url: SLACK_WEBHOOK_URL }] : [],
  }
}

/** The console wants every field filled in; here whoever wants to know about the token alone gives nothing else. */
function withoutMissing(step: TestStep, { appId, clientId, secrets }: CheckSubject): TestStep {
  if (!step.items) return step
  const entered: Record<string, string | undefined> = { appId, clientId, ...secrets }
  const missing = Object.entries(credentialInfo)
    .filter(([field]) => field !== 'webhookUrl' && !entered[field])
    .map(([, { label }]) => label)
  const items = step.items.filter(({ label }) => !missing.includes(label))
  const [wrong] = items.filter(({ state }) => state === 'fail')
  const [odd] = items.filter(({ state }) => state === 'warn')
  if (wrong) return { ...step, items, detail: `${wrong.label}: ${wrong.note}` }
  const { detail: _detail, fix: _fix, field: _field, link: _link, ...rest } = step
  const title = odd ? `${odd.label} looks unusual` : 'What was given looks right'
  return { ...rest, items, title, state: odd ? 'warn' : 'pass' }
}
