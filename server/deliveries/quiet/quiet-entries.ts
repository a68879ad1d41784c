import type { TimelineEntry } from '../../../shared/deliveries.ts'
import { toInstant } from '../../lib/paging.ts'
import type { SavedDelivery } from '../store.ts'
import type { SavedWait } from './waits-store.ts'

/** Why it waited though its line moved, until when, and what came of it. */
export function quietEntries(wait: SavedWait | undefined, state: SavedDelivery['state']): TimelineEntry[] {
  if (!wait) return []
  const { outcome, reason, beganAt, endedAt, untilAt } = wait
  const met = wait.code === 'muted' ? 'a mute' : 'quiet hours'
  if (outcome === 'broke_through') {
    return [{ at: toInstant(beganAt), tone: 'neutral', title: `Urgent: does not wait for ${met}`, note: `${reason}.` }]
  }
  const title = wait.code === 'muted' ? 'Waits for the end of a mute' : 'Waits for the end of quiet hours'
  const waits: TimelineEntry = { at: toInstant(beganAt), tone: 'neutral', title, code: wait.code, note: `${reason}.` }
  // One that was cancelled waits for nothing, though its record stays open until then.
  if (state !== 'held' && outcome === null) return [waits]
  if (outcome === null || endedAt === null) {
    return [waits, { at: toInstant(untilAt), tone: 'neutral', title: 'The wait ends', note: THEN[wait.atEnd] }]
  }
  return [waits, { at: toInstant(endedAt), tone: 'neutral', ...ENDED[outcome] }]
}

const THEN = {
  digest: 'It is told in a digest of all that waits, or sent when it is the only one.',
  send: 'It is sent, marked as delayed.',
  drop: 'It is dropped: never sent.',
} as const

const ENDED = {
  digest: { title: 'The wait is over', note: 'It is told in a digest of all that waited.' },
  sent: { title: 'The wait is over', note: 'It takes its old place in the line.' },
  taken_along: {
    title: 'The wait is over',
    note: 'An urgent message that belongs to it went out, and it goes before that.',
  },
  dropped: { title: 'The wait is over', note: 'What waited is dropped, as was set.' },
  over: { title: 'The wait is over', note: 'Something else had become of it before, or still holds it.' },
} as const
