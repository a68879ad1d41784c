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
  destination_paused: [
    'The destination is paused, so its messages wait.',
    'Resume the destination: what waits goes out in order.',
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
  purged: ['Somebody dropped what waited in this line.', 'Replay it if it is needed after all.'],
  type_paused: [
    'Notifications of this type are paused, so its messages wait.',
    'Resume the notification type: what waits goes out in order.',
  ],
  quiet_hours: [
    'It met quiet hours, so it waits for their end.',
    'Nothing to do: at the end it goes out. Urgent messages may break through where the quiet hours let them.',
  ],
  muted: ['It met a mute, so it waits for its end.', 'End the mute to let what waits go out now.'],
  quiet_dropped: [
    'It met quiet hours or a mute that drop what they meet, so it was not sent.',
    'Replay it if it is needed after all.',
  ],
  duplicate: [
    'A message with the same dedupe key went to this destination a short time before, so this one was not sent.',
    'Nothing to do. A shorter dedupe window of its notification type would let it through.',
  ],
  folded: [
    'Many messages of its type waited for this destination, so a summary says what this one would have said.',
    'Read it in the summary. The notification type says from how many on messages are summed up.',
  ],
  superseded: [
    'A later change of the same message came before this one was sent.',
    'Nothing to do: the message says what the later change says.',
  ],
  first_part_failed: [
    'It goes on with a message that failed, and alone it would say half of it.',
    'Replay the first part and this one together.',
  ],
  nothing_to_change: [
    'The message that this one would have changed or taken away was never sent, or was taken back.',
    'Nothing to do: it is not in Slack.',
  ],
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
