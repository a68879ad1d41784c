import type { TimelineEntry } from '../../shared/deliveries.ts'
import { deliveryCode } from '../../shared/delivery-codes.ts'
import { slackCode } from '../../shared/slack-codes.ts'
import { slackLink, slackPageLabel } from '../../shared/slack-links.ts'
import { optional, toInstant } from '../lib/paging.ts'
import { acceptedEntry, decidedAtAccept, SHOWN_WAIT_MS, spoken } from './accepted-entries.ts'
import { shownKey } from './hidden-key.ts'
import { isQuietCode } from './quiet/quiet.ts'
import { quietEntries } from './quiet/quiet-entries.ts'
import type { SavedWait } from './quiet/waits-store.ts'
import type { Related } from './related-store.ts'
import type { SavedAttempt, SavedDelivery } from './store.ts'

type Told = Omit<SavedDelivery, 'message'>
type ToldAttempt = Pick<
  SavedAttempt,
  'number' | 'method' | 'startedAt' | 'endedAt' | 'tookMs' | 'outcome' | 'code' | 'retryAfterMs'
>
type Beside = {
  appId: string | undefined
  related: Pick<Related, 'id' | 'why' | 'createdAt' | 'state'>[]
  /** What quiet hours or a mute did to it. */
  wait?: SavedWait | undefined
}

/** A delivery's life in plain words, from what is stored of it: accepted, treated how, waits, attempts, how it stands. */
export function timeline(delivery: Told, attempts: ToldAttempt[], { appId, related, wait }: Beside): TimelineEntry[] {
  const entries = [acceptedEntry(delivery), ...decidedAtAccept(delivery), ...quietEntries(wait, delivery.state)]
  const quietUntil = wait?.outcome === 'sent' ? (wait.endedAt ?? 0) : 0
  let before: ToldAttempt | undefined
  for (const attempt of attempts) {
    const freeAt = before?.endedAt ?? Math.max(delivery.createdAt, delivery.queueAt ?? 0, quietUntil)
    if (attempt.startedAt - freeAt >= SHOWN_WAIT_MS) entries.push(waited(attempt.startedAt, freeAt, before))
    entries.push(attempted(attempt, delivery, appId))
    before = attempt
  }
  return [...entries, ...lost(delivery, attempts, appId), ...standing(delivery, attempts, appId), ...after(related)]
}

function waited(until: number, since: number, before: ToldAttempt | undefined): TimelineEntry {
  const title = `Waited ${spoken(until - since)}`
  return { at: toInstant(until), tone: 'neutral', title, note: reasonToWait(before) }
}

function reasonToWait(before: ToldAttempt | undefined): string {
  switch (before?.outcome) {
    case undefined:
      return 'For its turn: behind what was there before it, or for what stopped its line, at the pace Slack allows.'
    case 'rate_limited':
      return 'As Slack had asked.'
    case 'transient':
      return 'Longer after each attempt that fails.'
    case 'ambiguous':
      return 'So that what Slack may have taken shows in the channel before it is looked for.'
    case 'sent':
    case 'permanent':
    case 'found':
    case 'not_found':
    case 'can_not_look':
      return 'For its turn.'
  }
}

function attempted(attempt: ToldAttempt, delivery: Told, appId: string | undefined): TimelineEntry {
  const at = toInstant(attempt.startedAt)
  const name = attempt.number === null ? 'The look' : `Attempt ${attempt.number}`
  const took = `${Math.round(attempt.tookMs)} ms`
  const code = attempt.code ?? undefined
  switch (attempt.outcome) {
    case 'sent':
      return { at, tone: 'ok', title: `${name} delivered`, note: `Slack took it in ${took}.` }
    case 'rate_limited': {
      const wait = spoken(attempt.retryAfterMs ?? 0)
      const note = 'Does not count as an attempt.'
      return { at, tone: 'warn', title: `Slack asked to wait ${wait}`, ...optional('code', code), note }
    }
    case 'transient': {
      const last = delivery.state === 'failed' && attempt.number === delivery.tries
      return { at, tone: last ? 'bad' : 'warn', title: `${name} failed after ${took}`, ...explained(code, appId) }
    }
    case 'ambiguous':
      return { at, tone: 'warn', title: `${name} got no clear answer in ${took}`, ...explained(code, appId) }
    case 'permanent':
      return { at, tone: 'bad', title: `${name} was refused after ${took}`, ...explained(code, appId) }
    case 'found':
      return { at, tone: 'ok', title: 'Looked for it: it stands in Slack', note: `${attempt.method} took ${took}.` }
    case 'not_found':
      return { at, tone: 'neutral', title: 'Looked for it: it is not in Slack', note: 'So it can be sent again.' }
    case 'can_not_look':
      return { at, tone: 'warn', title: 'Could not look for it', ...explained(code, appId) }
  }
}

/** A worker that died wrote no attempt. */
function lost({ code, unsureSince }: Told, attempts: ToldAttempt[], appId: string | undefined): TimelineEntry[] {
  const isKnown = attempts.some(({ outcome }) => outcome === 'ambiguous')
  if (code !== 'worker_lost' && (unsureSince === null || isKnown)) return []
  const at = unsureSince ?? attempts.at(-1)?.endedAt
  if (at === undefined) return []
  return [
    { at: toInstant(at), tone: 'bad', title: 'The server stopped while sending', ...explained('worker_lost', appId) },
  ]
}

/** What happened beside the attempts, and how it stands now. */
function standing(delivery: Told, attempts: ToldAttempt[], appId: string | undefined): TimelineEntry[] {
  const { state, code, rank, dueAt, foldedInto } = delivery
  const at = toInstant(delivery.endedAt ?? delivery.stateAt ?? delivery.createdAt)
  switch (state) {
    case 'pending':
      return foldedInto ? [folded(delivery, at)] : []
    case 'sending':
      return []
    case 'suppressed':
      return [suppressed(delivery, at, appId)]
    case 'retrying':
      return [...marked(delivery, at), { at: toInstant(dueAt), tone: 'neutral', title: 'Next try' }]
    case 'held':
      // What quiet holds has said so already, with its end.
      return isQuietCode(code) ? [] : [{ at, tone: 'warn', title: 'Held', ...explained(code, appId) }]
    case 'cancelled':
      return [{ at, tone: 'neutral', title: 'Cancelled', ...explained(code, appId) }]
    case 'unconfirmed':
      return rank === null
        ? [{ at, tone: 'warn', title: 'Marked "maybe sent"', note: MAYBE_SENT }]
        : [{ at: toInstant(dueAt), tone: 'neutral', title: 'Will be looked for in Slack' }]
    case 'delivered':
      return foldedInto
        ? [folded(delivery, at), deliveredEntry(delivery, at)]
        : [...marked(delivery, at), deliveredEntry(delivery, at)]
    case 'failed':
      return [...marked(delivery, at), ...failedEntries(delivery, attempts, at)]
  }
}

const MAYBE_SENT =
  'It is not known whether the message arrived, and another try could post it twice. Replay it if it did not.'
const MAY_BE_DUPLICATE =
  'Nobody could look whether the attempt before had arrived, so it was sent again, as its type says.'

function marked({ mark }: Told, at: string): TimelineEntry[] {
  if (mark !== 'may_be_duplicate') return []
  return [{ at, tone: 'warn', title: 'Marked "may be duplicate"', note: MAY_BE_DUPLICATE }]
}

function folded({ foldedInto, stateAt, createdAt, state }: Told, at: string): TimelineEntry {
  const since = state === 'pending' ? toInstant(stateAt ?? createdAt) : at
  return {
    at: since,
    tone: 'neutral',
    title: 'Folded into a summary',
    note: `${foldedInto} says what it would have said.`,
  }
}

function suppressed({ duplicateOf, code, updateKey }: Told, at: string, appId: string | undefined): TimelineEntry {
  if (duplicateOf)
    return { at, tone: 'neutral', title: 'Suppressed as a repeat', note: `${duplicateOf} said the same.` }
  if (code === 'superseded') {
    const key = shownKey(updateKey)
    const which = updateKey === null ? 'change' : `one with the ${key ? `update key ${key}` : 'same update key'}`
    const note = `A later ${which} says what holds now.`
    return { at, tone: 'neutral', title: 'Replaced by a later update', note }
  }
  return { at, tone: 'neutral', title: 'Suppressed', ...explained(code, appId) }
}

function deliveredEntry({ createdAt, endedAt, permalink }: Told, at: string): TimelineEntry {
  const link = permalink ? { label: 'Open in Slack', url: permalink } : undefined
  const note = `${spoken((endedAt ?? createdAt) - createdAt)} after it was accepted`
  return { at, tone: 'ok', title: 'Delivered', note, ...optional('link', link) }
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

/** What was done about it later. */
function after(related: Beside['related']): TimelineEntry[] {
  const titles: Partial<Record<Related['why'], string>> = {
    replay: 'Replayed',
    changed_by: 'Changed by a later message',
  }
  return related.flatMap(({ id, why, createdAt, state }) => {
    const title = titles[why]
    return title ? [{ at: toInstant(createdAt), tone: 'neutral' as const, title, note: `By ${id}, now ${state}` }] : []
  })
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
