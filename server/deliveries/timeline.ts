import type { TimelineEntry } from '../../shared/deliveries.ts'
import { deliveryCode } from '../../shared/delivery-codes.ts'
import { slackCode } from '../../shared/slack-codes.ts'
import { slackLink, slackPageLabel } from '../../shared/slack-links.ts'
import { optional, toInstant } from '../lib/paging.ts'
import type { SavedAttempt, SavedDelivery } from './store.ts'

type Told = Omit<SavedDelivery, 'message'>
type ToldAttempt = Pick<
  SavedAttempt,
  'number' | 'startedAt' | 'endedAt' | 'tookMs' | 'outcome' | 'code' | 'retryAfterMs'
>

/** A delivery's life in plain words, from what is stored of it: accepted, waits, attempts, and how it stands. */
export function timeline(delivery: Told, attempts: ToldAttempt[], appId: string | undefined): TimelineEntry[] {
  const entries = [accepted(delivery)]
  let freeAt = delivery.createdAt
  for (const attempt of attempts) {
    if (attempt.startedAt - freeAt >= SHOWN_WAIT_MS) {
      entries.push({
        at: toInstant(attempt.startedAt),
        tone: 'neutral',
        title: `Waited ${spoken(attempt.startedAt - freeAt)}`,
      })
    }
    entries.push(attempted(attempt, delivery, appId))
    freeAt = attempt.endedAt
  }
  return [...entries, ...standing(delivery, attempts, appId)]
}

const SHOWN_WAIT_MS = 500

function accepted({ createdAt, createdBy, origin, replayOf, priority }: Told): TimelineEntry {
  const what = { test: 'Test message', message: 'Message', event: 'Event' }[origin]
  return {
    at: toInstant(createdAt),
    tone: 'neutral',
    title: replayOf ? `Replay of ${replayOf} accepted` : `${what} accepted`,
    note: `From ${createdBy}, priority ${priority}`,
  }
}

function attempted(attempt: ToldAttempt, delivery: Told, appId: string | undefined): TimelineEntry {
  const at = toInstant(attempt.startedAt)
  const name = attempt.number === null ? 'Slack' : `Attempt ${attempt.number}`
  const took = `${Math.round(attempt.tookMs)} ms`
  const code = attempt.code ?? undefined
  switch (attempt.outcome) {
    case 'sent':
      return { at, tone: 'ok', title: `${name} delivered`, note: `Slack took it in ${took}.` }
    case 'rate_limited': {
      const wait = spoken(attempt.retryAfterMs ?? 0)
      return {
        at,
        tone: 'warn',
        title: `Slack asked to wait ${wait}`,
        ...optional('code', code),
        note: 'Does not count as an attempt.',
      }
    }
    case 'transient': {
      const last = delivery.state === 'failed' && attempt.number === delivery.tries
      return { at, tone: last ? 'bad' : 'warn', title: `${name} failed after ${took}`, ...explained(code, appId) }
    }
    case 'ambiguous':
      return { at, tone: 'warn', title: `${name} got no clear answer in ${took}`, ...explained(code, appId) }
    case 'permanent':
      return { at, tone: 'bad', title: `${name} was refused after ${took}`, ...explained(code, appId) }
  }
}

/** What happened beside the attempts, and how it stands now. */
function standing(delivery: Told, attempts: ToldAttempt[], appId: string | undefined): TimelineEntry[] {
  const { state, code } = delivery
  const at = toInstant(delivery.endedAt ?? delivery.stateAt ?? delivery.createdAt)
  switch (state) {
    case 'pending':
    case 'sending':
    case 'suppressed':
      return []
    case 'retrying':
      return [{ at: toInstant(delivery.dueAt), tone: 'neutral', title: 'Next try' }]
    case 'held':
      return [{ at, tone: 'warn', title: 'Held', ...explained(code, appId) }]
    case 'cancelled':
      return [{ at, tone: 'neutral', title: 'Cancelled', ...explained(code, appId) }]
    case 'unconfirmed':
      return [...rescued(delivery, at, appId), { at, tone: 'warn', title: 'Marked "maybe sent"', note: MAYBE_SENT }]
    case 'delivered':
      return [deliveredEntry(delivery, at)]
    case 'failed':
      return failedEntries(delivery, attempts, at)
  }
}

const MAYBE_SENT =
  'It is not known whether the message arrived, and another try could post it twice. Replay it if it did not.'

function rescued({ code }: Told, at: string, appId: string | undefined): TimelineEntry[] {
  return code === 'worker_lost'
    ? [{ at, tone: 'bad', title: 'The server stopped while sending', ...explained(code, appId) }]
    : []
}

function deliveredEntry({ createdAt, endedAt, permalink }: Told, at: string): TimelineEntry {
  const link = permalink ? { label: 'Open in Slack', url: permalink } : undefined
  return {
    at,
    tone: 'ok',
    title: 'Delivered',
    note: `${spoken((endedAt ?? createdAt) - createdAt)} after it was accepted`,
    ...optional('link', link),
  }
}

function failedEntries({ code, tries }: Told, attempts: ToldAttempt[], at: string): TimelineEntry[] {
  if (attempts.at(-1)?.outcome !== 'permanent') {
    return [{ at, tone: 'bad', title: `Given up after ${tries} ${tries === 1 ? 'attempt' : 'attempts'}` }]
  }
  const { stops } = slackCode(code ?? '')
  if (stops === 'destination') return [{ at, tone: 'bad', title: 'Destination marked as failing' }]
  return stops === 'credential' || stops === 'integration'
    ? [{ at, tone: 'bad', title: 'Integration marked as failing' }]
    : []
}

function explained(code: string | null | undefined, appId: string | undefined): Partial<TimelineEntry> {
  if (!code) return {}
  const { meaning, fix, page } = deliveryCode(code)
  return {
    code,
    note: meaning,
    fix,
    ...(page && { link: { label: slackPageLabel(page), url: slackLink(page, appId) } }),
  }
}

/** A length of time as a person says it. */
function spoken(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${Number((ms / 1_000).toFixed(1))} s`
  if (ms < 3_600_000) return `${Number((ms / 60_000).toFixed(1))} min`
  return `${Number((ms / 3_600_000).toFixed(1))} h`
}
