import type { MissedRuns, Overlap } from '../../shared/schedules.ts'

/** A run that comes later than this was missed: nothing ran at its time. A restart is no reason to miss one. */
export const ON_TIME_MS = 5 * 60_000
/** Runs that are made up for, of the latest. */
export const MOST_CAUGHT_UP = 50
/** Runs that wait for each other. */
const MOST_WAITING = 10

export type PlannedRun =
  | { plannedAt: number; state: 'waiting' }
  | { plannedAt: number; state: 'skipped'; code: 'missed' | 'merged' | 'overlap'; detail?: string }

type Situation = {
  /** The times that have come, oldest first. */
  due: readonly number[]
  now: number
  missedRuns: MissedRuns
  overlap: Overlap
  /** Its runs that have not ended. */
  unfinished: number
}

/** What becomes of the times that have come. Those that are left out are told of by one row. */
export function planRuns({ due, now, missedRuns, overlap, unfinished }: Situation): PlannedRun[] {
  const wanted = wantedOf(due, now, missedRuns)
  const missed = due.filter((at) => !wanted.includes(at))
  // Made up for one after the other, they do not overlap.
  const waiting = overlap === 'wait' ? Math.max(0, MOST_WAITING - unfinished) : 0
  const room = unfinished === 0 ? wanted.length : waiting
  return [
    ...missedRow(missed, missedRuns),
    ...wanted.map(
      (plannedAt, place): PlannedRun =>
        place < room ? { plannedAt, state: 'waiting' } : { plannedAt, state: 'skipped', code: 'overlap' },
    ),
  ]
}

function wantedOf(due: readonly number[], now: number, missedRuns: MissedRuns): readonly number[] {
  const latest = due.slice(-1)
  switch (missedRuns) {
    case 'skip':
      return latest.filter((at) => now - at <= ON_TIME_MS)
    case 'run_once':
      return latest
    case 'run_all':
      return due.slice(-MOST_CAUGHT_UP)
  }
}

function missedRow(missed: readonly number[], missedRuns: MissedRuns): PlannedRun[] {
  const last = missed.at(-1)
  if (last === undefined) return []
  const code = missedRuns === 'run_once' ? 'merged' : 'missed'
  const detail = missed.length === 1 ? undefined : `It stands for ${missed.length} runs.`
  return [{ plannedAt: last, state: 'skipped', code, ...(detail !== undefined && { detail }) }]
}
