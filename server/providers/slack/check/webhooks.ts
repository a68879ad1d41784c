import { slackCode } from '../../../../shared/slack-codes.ts'
import { isWorkflowWebhook } from '../../../../shared/webhook-url.ts'
import type { SendResult } from '../../provider.ts'
import { send } from '../messages.ts'
import { type CheckStep, type Checkup, count, failed, type Item, type Outcome, skipped, took } from './checkup.ts'

/** Each webhook gets a real message. They go out side by side: each is a channel of its own. */
export const webhooksStep: CheckStep = {
  name: 'webhooks',
  title: 'Webhooks',
  async run(checkup, signal) {
    const { webhooks } = checkup.subject
    if (webhooks.length === 0) return skipped('No webhooks entered', 'Nothing is missing without one.')
    const tried = await Promise.all(webhooks.map((webhook) => tryWebhook(checkup, webhook, signal)))
    return summed(checkup, tried)
  },
}

type Tried = { item: Item; result: SendResult }

async function tryWebhook(
  checkup: Checkup,
  { label, url }: { label: string; url: string },
  signal: AbortSignal,
): Promise<Tried> {
  const { ctx, subject } = checkup
  const target = { kind: 'webhook' as const, url: url.trim() }
  const message = { text: 'Switchboard connection test: this webhook works.' }
  const result = await send(
    ctx,
    subject,
    { deliveryId: subject.testId, target, message, act: { kind: 'post' } },
    { signal },
  )
  return { result, item: itemFor(label, target.url, result) }
}

function itemFor(label: string, url: string, result: SendResult): Item {
  const ms = took(result.exchange.tookMs)
  if (result.kind === 'sent') {
    const note = isWorkflowWebhook(url) ? `Workflow started, ${ms}` : `Posted, ${ms}`
    return { label, state: 'pass', note }
  }
  const { code, meaning, fix } = slackCode(result.code)
  return { label, state: result.kind === 'rate_limited' ? 'warn' : 'fail', note: meaning, code, fix }
}

function summed(checkup: Checkup, tried: Tried[]): Outcome {
  const items = tried.map(({ item }) => item)
  const failures = tried.filter(({ item }) => item.state === 'fail')
  const [worst] = [...failures, ...tried.filter(({ item }) => item.state === 'warn')]
  if (!worst || worst.result.kind === 'sent') {
    return { state: 'pass', title: `${count(tried.length, 'webhook')} posted`, items }
  }
  const title =
    failures.length > 0
      ? `${failures.length} of ${count(tried.length, 'webhook')} failed`
      : 'Slack asks us to wait before the next webhook message'
  const { result, item } = worst
  const outcome = failed(checkup, title, result as Exclude<SendResult, { kind: 'sent' }>, result.exchange, {
    isSend: true,
    field: 'webhookUrl',
    items,
  })
  return { ...outcome, detail: tried.length > 1 ? `${item.label}: ${outcome.detail}` : (outcome.detail ?? '') }
}
