import type { TimelineEntry } from '../../shared/deliveries.ts'
import { toInstant } from '../lib/paging.ts'
import type { SavedDelivery } from './store.ts'

type Accepted = Omit<SavedDelivery, 'message'>

/** Waits shorter than this are told to nobody. */
export const SHOWN_WAIT_MS = 500

/** That it was accepted: from whom, how urgent, and for what. */
export function acceptedEntry({ createdAt, createdBy, origin, replayOf, eventId, priority }: Accepted): TimelineEntry {
  const what = { test: 'Test message', message: 'Message', event: 'Event', summary: 'Summary' }[origin]
  const note = `From ${createdBy}, priority ${priority}`
  return {
    at: toInstant(createdAt),
    tone: 'neutral',
    title: replayOf ? `Replay of ${replayOf} accepted` : `${what} accepted`,
    note: eventId ? `${note}, event ${eventId}` : note,
  }
}

/** What was settled when it was accepted. */
export function decidedAtAccept(delivery: Accepted): TimelineEntry[] {
  const { createdAt, queueAt, type, partOf } = delivery
  const at = toInstant(createdAt)
  const settings = settingsOf(delivery)
  const entries: TimelineEntry[] = []
  if (type && settings.length > 0) {
    entries.push({ at, tone: 'neutral', title: `Settings of ${type} apply`, note: `${settings.join('. ')}.` })
  }
  if (partOf)
    entries.push({ at, tone: 'neutral', title: 'Continues a longer message', note: `The first is ${partOf}.` })
  if (queueAt !== null && queueAt - createdAt >= SHOWN_WAIT_MS) {
    entries.push({
      at,
      tone: 'neutral',
      title: `Not to be sent for ${spoken(queueAt - createdAt)}`,
      note: toInstant(queueAt),
    })
  }
  return entries
}

function settingsOf({ policy, maxAttempts, nextAttemptDelayMs, foldAfter, updateTrail }: Accepted): string[] {
  return [
    ...(policy === 'at_most_once' ? ['Never sent twice: left as it is when nobody can tell whether it arrived'] : []),
    ...(policy === 'at_least_once' ? ['Sent again when nobody can tell whether it arrived'] : []),
    ...(maxAttempts === null ? [] : [`At most ${maxAttempts} attempts`]),
    ...(nextAttemptDelayMs === null ? [] : [`${spoken(nextAttemptDelayMs)} before the second attempt`]),
    ...(foldAfter === null ? [] : [`More than ${foldAfter} that wait become a summary`]),
    ...(updateTrail === null ? [] : ['A change in place leaves a reply']),
  ]
}

/** A length of time as people say it. */
export function spoken(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${Number((ms / 1_000).toFixed(1))} s`
  if (ms < 3_600_000) return `${Number((ms / 60_000).toFixed(1))} min`
  return `${Number((ms / 3_600_000).toFixed(1))} h`
}
