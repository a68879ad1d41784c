import type { ScheduleRun } from '../../shared/schedules.ts'
import { plural } from '../lib/format.ts'
import { StatePill } from '../ui/StatePill.tsx'

/** How a run went, in a word or two. */
export function RunStatePill({ run: { state, events, code } }: { run: ScheduleRun }) {
  switch (state) {
    case 'waiting':
      return (
        <StatePill tone={code ? 'warn' : 'neutral'} shape="clock">
          {code ? 'Trying again' : 'Waiting'}
        </StatePill>
      )
    case 'running':
      return (
        <StatePill tone="info" shape="running">
          Running
        </StatePill>
      )
    case 'done':
      return <StatePill tone="ok">{events === 0 ? 'Nothing to send' : plural(events, 'event')}</StatePill>
    case 'failed':
      return <StatePill tone="bad">Failed</StatePill>
    case 'skipped':
      return (
        <StatePill tone="neutral" shape="minus">
          Skipped
        </StatePill>
      )
  }
}
