import { deliverDue } from '../../server/deliveries/worker.ts'
import { havingChannel, havingMessage, havingSent } from './console-page.ts'
import type { World } from './world.ts'

/** Everything a message may hold that a preview could get wrong. */
const BLOCKS = [
  { type: 'header', text: { type: 'plain_text', text: 'Signing key leaked' } },
  {
    type: 'section',
    text: {
      type: 'mrkdwn',
      text: 'In <https://acme.example/b/1|#4512> of `payments`, <@U0NOORHADDA> <#C0COMPALERT> <!here> *rotate* _it_ :key:\n> quoted\n```a = 1```\n<javascript:alert(1)|Not a link>',
    },
    accessory: { type: 'image', image_url: 'https://acme.example/a.png', alt_text: 'A key' },
  },
  {
    type: 'section',
    fields: [
      { type: 'mrkdwn', text: '*Severity*\nCritical' },
      { type: 'mrkdwn', text: '*Repository*\nacme/payments' },
    ],
  },
  { type: 'divider' },
  { type: 'context', elements: [{ type: 'mrkdwn', text: 'From the scanner' }] },
  {
    type: 'actions',
    elements: [
      { type: 'button', style: 'primary', action_id: 'ack', text: { type: 'plain_text', text: 'Acknowledge' } },
      { type: 'button', style: 'danger', action_id: 'off', text: { type: 'plain_text', text: 'Switch off' } },
    ],
  },
]

/** One delivered, one refused for good, one cut off by Slack's limit and then delivered, one that still waits. */
export async function havingEachOutcome(world: World) {
  const { id: integrationId } = await world.havingIntegration()
  const channel = await havingChannel(world, integrationId, '#compliance')
  const other = await havingChannel(world, integrationId, '#audit-room')
  const delivered = await havingSent(world, channel, 'Evidence pack is ready')
  await world.slack.fault({ method: 'chat.postMessage', kind: 'error', code: 'msg_too_long', times: 1 })
  const failed = await havingMessage(world, other, 'Signing key leaked', {
    message: { text: 'Signing key leaked in payments', blocks: BLOCKS },
  })
  await deliverDue(world.ctx)
  world.clock.now += 2_000
  const waiting = await havingMessage(world, channel, 'Policy needs an owner')
  return { integrationId, channel, delivered: delivered.id, failed, waiting }
}
