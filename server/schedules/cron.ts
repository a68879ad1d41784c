import { Cron } from 'croner'
import cronstrue from 'cronstrue'
import type { NextRun, SchedulePreview } from '../../shared/schedules.ts'
import { Refusal } from '../errors.ts'
import { toInstant } from '../lib/paging.ts'
import { isTimeZone, wallClock } from '../quiet-hours/local-time.ts'

export type Timing = { cron: string; timeZone: string }

const SHOWN_RUNS = 10
const MINUTE_MS = 60_000

/** Refuses a cron text or zone that can't be kept, naming the field: also one that never comes, as the 30th of February. */
export function checkTiming({ cron, timeZone }: Timing, now: number): void {
  // Offsets pass for zones, yet know nothing of daylight saving.
  if (!/^[A-Za-z]/.test(timeZone) || !isTimeZone(timeZone)) {
    throw new Refusal('invalid', `timeZone: There is no time zone ${timeZone}.`, {
      field: 'timeZone',
      fix: 'Use a name of the IANA list, for example Europe/Berlin or UTC.',
    })
  }
  let next: Date | null
  try {
    next = reading({ cron, timeZone }).nextRun(new Date(now))
  } catch {
    throw new Refusal('invalid', `cron: ${whatIsWrong(cron)}`, { field: 'cron', fix: FIVE_FIELDS })
  }
  if (next === null) {
    throw new Refusal('invalid', 'cron: No day fits, so it would never run.', { field: 'cron', fix: FIVE_FIELDS })
  }
}

/** The first field that can't be read by itself: the library counts days and months from 0 where it says what is wrong. */
function whatIsWrong(cron: string): string {
  const fields = cron.trim().split(/\s+/).filter(Boolean)
  if (fields.length !== FIELDS.length) return `${fields.length} fields were given instead of five.`
  const at = fields.findIndex((field, place) => !isReadable(FIELDS.map((_, other) => (other === place ? field : '*'))))
  return at < 0 ? 'It can not be read.' : `The ${FIELDS[at]} can not be ${(fields[at] ?? '').slice(0, 40)}.`
}

function isReadable(fields: readonly string[]): boolean {
  try {
    reading({ cron: fields.join(' '), timeZone: 'UTC' })
    return true
  } catch {
    return false
  }
}

const FIELDS = ['minute', 'hour', 'day of month', 'month', 'day of week']
const FIVE_FIELDS =
  'Write five fields: minute, hour, day of month, month, day of week. For example 0 9 * * 1-5 for working days at nine.'

/** The first run after an instant. Never undefined for a text that was checked, but for the end of the calendar. */
export function nextRunAfter(timing: Timing, at: number): number | undefined {
  return reading(timing).nextRun(new Date(at))?.getTime()
}

/** The last run before an instant. */
export function lastRunBefore(timing: Timing, at: number): number | undefined {
  return reading(timing).previousRuns(1, new Date(at))[0]?.getTime()
}

/** The runs from one instant to another, both included, oldest first; of more than `most` the last of them. */
export function runsBetween(timing: Timing, from: number, to: number, most: number): number[] {
  // The reference itself is left out, and what is below a second is of no account.
  const reference = new Date(Math.floor(to / 1_000) * 1_000 + 1_000)
  const runs = reading(timing).previousRuns(most, reference)
  return runs
    .map((run) => run.getTime())
    .filter((run) => run >= from && run <= to)
    .reverse()
}

/** What it means, in words, and its next ten runs with the changes of clocks among them. */
export function describe(timing: Timing, now: number): SchedulePreview {
  return { inWords: inWords(timing.cron), timeZone: timing.timeZone, nextRuns: nextRuns(timing, now) }
}

export function inWords(cron: string): string {
  try {
    return cronstrue.toString(cron, { use24HourTimeFormat: true })
  } catch {
    // What one library takes and the other can't tell is still kept.
    return cron
  }
}

/** The next ten runs, each as the clocks of the zone show it. */
export function nextRuns(timing: Timing, now: number): NextRun[] {
  const cron = reading(timing)
  const runs = cron.nextRuns(SHOWN_RUNS, new Date(now)).map((run) => run.getTime())
  return runs.map((at, place) => {
    const note = noteOf(cron, timing.timeZone, at, runs[place - 1] ?? now)
    return { at: toInstant(at), local: localTime(timing.timeZone, at), ...(note && { note }) }
  })
}

function noteOf(cron: Cron, timeZone: string, at: number, before: number): string | undefined {
  const shown = (instant: number) => wallClock(timeZone, instant)
  const changedBy = shown(at) - at - (shown(before) - before)
  if (!cron.match(new Date(at))) return 'Clocks go forward and never show its time that day, so it runs right after.'
  const again = TURNED_BACK.map((by) => at + by).find((instant) => shown(instant) === shown(at))
  if (again !== undefined) {
    return cron.nextRun(new Date(again - 1_000))?.getTime() === again
      ? 'Clocks go back and show this time twice: it runs both times.'
      : 'Clocks go back and show this time twice: it runs the first time.'
  }
  if (changedBy === 0) return undefined
  return `Clocks went ${changedBy > 0 ? 'forward' : 'back'} by ${spanOf(Math.abs(changedBy))} since the run before.`
}

/** By how much clocks are set back, anywhere. */
const TURNED_BACK = [30, 60, 120].map((minutes) => minutes * MINUTE_MS)

const spanOf = (ms: number): string =>
  ms % (60 * MINUTE_MS) === 0 ? `${ms / 60 / MINUTE_MS} h` : `${ms / MINUTE_MS} min`

function localTime(timeZone: string, at: number): string {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  }).format(at)
}

const reading = ({ cron, timeZone }: Timing): Cron =>
  new Cron(cron, { timezone: timeZone, mode: '5-part', paused: true })
