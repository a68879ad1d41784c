import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import type { ScheduleRun } from '../../shared/schedules.ts'
import { formatDayTime, formatDuration, formatExact, toMs } from '../lib/format.ts'
import { type Column, DataTable } from '../ui/DataTable.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { DueTime } from '../ui/RelativeTime.tsx'
import { Section } from '../ui/Section.tsx'
import { ShowMore } from '../ui/ShowMore.tsx'
import { scheduleRunsQuery } from './queries.ts'
import { RunStatePill } from './RunStatePill.tsx'
import classes from './schedules.module.css'

/** The runs of a schedule, newest first, at the times of its own zone: as its next runs are. */
export function RunsSection({ scheduleId, timeZone }: { scheduleId: string; timeZone: string }) {
  const runs = useInfiniteQuery(scheduleRunsQuery(scheduleId))
  const rows = runs.data?.pages.flatMap(({ items }) => items) ?? []
  return (
    <Section title="Runs" note={`${timeZone}; newest first, the latest 200 are kept`} flush>
      {runs.error ? (
        <ErrorNotice banner error={runs.error} what="The runs could not be read" onRetry={runs.refetch} />
      ) : (
        <DataTable
          lineAbove
          label="Runs"
          columns={columnsIn(timeZone)}
          rows={rows}
          rowKey={({ id }) => id}
          loading={runs.isPending}
          empty={<EmptyState title="It has not run yet">Press Run now to try it before its time comes.</EmptyState>}
        />
      )}
      <ShowMore list={runs} />
    </Section>
  )
}

const columnsIn = (timeZone: string): Column<ScheduleRun>[] => [
  {
    key: 'state',
    head: 'Outcome',
    width: '160px',
    card: 'start',
    lead: true,
    cell: (run) => <RunStatePill run={run} />,
  },
  {
    key: 'planned',
    head: 'Planned for',
    width: '160px',
    cell: ({ plannedAt }) => <span title={formatExact(plannedAt)}>{formatDayTime(plannedAt, timeZone)}</span>,
  },
  { key: 'by', head: 'By', width: '160px', cell: ({ by }) => by },
  { key: 'what', head: 'Details', cell: (run) => <WhatHappened run={run} timeZone={timeZone} /> },
  { key: 'took', head: 'Took', width: '88px', align: 'end', nowrap: true, cell: tookOf },
]

function WhatHappened({ run, timeZone }: { run: ScheduleRun; timeZone: string }) {
  const { code, meaning, detail, fix, since, plannedAt, eventIds, events, state, nextAttemptAt } = run
  if (code) {
    return (
      <span className={classes.row}>
        <span>
          {meaning} {state !== 'skipped' && fix}
        </span>
        <span className={classes.meta}>
          {detail} <code>{code}</code>
          {nextAttemptAt && (
            <>
              {' '}
              Next attempt <DueTime at={nextAttemptAt} />
            </>
          )}
        </span>
      </span>
    )
  }
  const [first] = eventIds
  return (
    <span className={classes.row}>
      {first && (
        <Link to={`/deliveries?event=${first}`}>
          {events === 1 ? 'Its deliveries' : 'Deliveries of its first event'}
        </Link>
      )}
      {since && (
        <span className={classes.meta}>
          About {formatDayTime(since, timeZone)} to {formatDayTime(plannedAt, timeZone)}
        </span>
      )}
    </span>
  )
}

function tookOf({ startedAt, endedAt }: ScheduleRun): string {
  return startedAt && endedAt ? formatDuration(toMs(endedAt) - toMs(startedAt)) : '–'
}
