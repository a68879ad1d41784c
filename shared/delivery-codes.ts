import { type SlackCode, slackCode } from './slack-codes.ts'

/** Why Switchboard itself stopped, held or lost sight of a delivery: no answer of Slack's is behind these. */
const ownCodes: Readonly<Record<string, readonly [meaning: string, fix: string]>> = {
  destination_disabled: [
    'The destination is switched off, so its messages wait.',
    'Enable the destination: what waits goes out in order.',
  ],
  integration_disabled: [
    'The integration is switched off, so its messages wait.',
    'Enable the integration: what waits goes out in order.',
  ],
  integration_paused: [
    'The integration is paused, so its messages wait.',
    'Resume the integration: what waits goes out in order.',
  ],
  destination_deleted: [
    'The destination was deleted before this was sent.',
    'Send it to another destination if it is still needed.',
  ],
  integration_deleted: [
    'The integration was deleted before this was sent.',
    'Send it through another integration if it is still needed.',
  ],
  cancelled_by_request: ['Somebody cancelled it before it was sent.', 'Replay it if it is needed after all.'],
  worker_lost: [
    'The server stopped while it was sending, so it is not known whether the message arrived.',
    'Look in the channel, and replay it if it is not there.',
  ],
  not_prepared: [
    'Switchboard could not prepare the message, because something broke on its own side; Slack was not asked.',
    'Leave it to run, and look for delivery.not_prepared in the log if it happens again.',
  ],
}

/** What a code on a delivery or an attempt means: one of Switchboard's own, or a row of the table of Slack's. */
export function deliveryCode(code: string): Pick<SlackCode, 'code' | 'meaning' | 'fix' | 'page'> {
  const own = ownCodes[code]
  return own ? { code, meaning: own[0], fix: own[1] } : slackCode(code)
}
