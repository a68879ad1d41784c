import { TEST_ACTION_ID } from '../../../../shared/connection-tests.ts'
import type { Message } from '../../../../shared/deliveries.ts'
import type { SendResult } from '../../provider.ts'
import { send } from '../messages.ts'
import { compareApps } from './bot-token.ts'
import { type CheckStep, type Checkup, failed, type Outcome, skipped, withoutBot } from './checkup.ts'

/** A real message, through the very function that deliveries go through. */
export const messageStep: CheckStep = {
  name: 'message',
  title: 'Test message',
  async run(checkup, signal) {
    const { ctx, subject, learned } = checkup
    const title = 'Test message'
    if (!subject.testChannel?.trim()) return skipped(title, 'There is no test channel to post it to.')
    const cannot = withoutBot(checkup, title)
    if (cannot) return cannot
    const { channel } = learned
    if (!channel) return skipped(title, 'Nothing was posted, because of what the channel step found.')
    const { conversationId } = channel
    const message = testMessage(subject.testId)
    const sent = await send(
      ctx,
      subject,
      { deliveryId: subject.testId, target: { kind: 'channel', conversationId }, message, act: { kind: 'post' } },
      { signal },
    )
    if (sent.kind === 'sent') return posted(checkup, channel.name, sent)
    return failed(checkup, `Could not post to ${channel.name}`, sent, sent.exchange, { isSend: true })
  },
}

/** What the test posts. The click on its button comes back signed, which proves the signing secret. */
export function testMessage(testId: string): Message {
  const text = 'Switchboard connection test: press Confirm to prove the signing secret.'
  return {
    text,
    blocks: [
      {
        type: 'section',
        text: {
          type: 'mrkdwn',
          text: '*Switchboard connection test*\nMessages reach this channel. Press Confirm to prove the signing secret.',
        },
      },
      {
        type: 'actions',
        elements: [
          {
            type: 'button',
            action_id: TEST_ACTION_ID,
            value: testId,
            style: 'primary',
            text: { type: 'plain_text', text: 'Confirm' },
          },
        ],
      },
    ],
  }
}

function posted(checkup: Checkup, name: string, sent: SendResult): Outcome {
  const requestId = sent.exchange.requestId ? { requestId: sent.exchange.requestId } : {}
  const pass: Outcome = { state: 'pass', title: `Posted to ${name}`, ...requestId }
  const match = compareApps(checkup, sent.kind === 'sent' ? sent.appId : undefined)
  // Slack says with the message which app posted it: the only word on it when bots.info was not allowed.
  return match.state === 'fail' ? { ...match, title: `Posted to ${name}, by another app`, ...requestId } : pass
}
