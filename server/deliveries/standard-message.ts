import type { Message } from '../../shared/deliveries.ts'

/** What a test says when nobody wrote anything: who sent it, from where, and that seeing it is the proof. */
export function standardMessage({ from, by, to }: { from: string; by: string; to: string }): Message {
  const sender = escaped(by)
  return {
    text: `Test message from Switchboard: if you can read this, messages reach ${escaped(to)}. Sent by ${sender} from ${escaped(from)}.`,
    blocks: [
      {
        type: 'section',
        text: {
          type: 'mrkdwn',
          text: `*Test message from Switchboard*\nIf you can read this, messages reach ${escaped(to)}.`,
        },
      },
      { type: 'context', elements: [{ type: 'mrkdwn', text: `Sent by ${sender} from ${escaped(from)}` }] },
    ],
  }
}

/** Text that people wrote, made safe to stand inside Slack's markup: these three characters begin or end its marks. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
