import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import type { Schedule } from '../../shared/schedules.ts'
import { NotificationList } from '../notification-types/NotificationList.tsx'
import { type Column, DataTable } from '../ui/DataTable.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { IconClock } from '../ui/icons.ts'
import { DueTime, RelativeTime } from '../ui/RelativeTime.tsx'
import { StatePill } from '../ui/StatePill.tsx'
import { useCan } from '../users/queries.ts'
import { presets } from './draft.ts'
import { schedulesQuery } from './queries.ts'
import { RunStatePill } from './RunStatePill.tsx'
import classes from './schedules.module.css'

/** What is sent at which times, when each runs next and how it went last. */
export function SchedulesPage() {
  const schedules = useInfiniteQuery(schedulesQuery)
  const isAdmin = useCan('admin')
  const rows = schedules.data?.pages.flatMap(({ items }) => items) ?? []
  return (
    <NotificationList
      title="Schedules"
      note="What is sent at set times"
      add={{ label: 'Add schedule', to: '/notifications/schedules/new' }}
      isEmpty={rows.length === 0}
      list={schedules}
    >
      {() =>
        schedules.error ? (
          <ErrorNotice
            banner
            error={schedules.error}
            what="The schedules could not be read"
            onRetry={schedules.refetch}
          />
        ) : (
          <DataTable
            lineAbove
            label="Schedules"
            columns={columns}
            rows={rows}
            rowKey={({ id }) => id}
            to={({ id }) => `/notifications/schedules/${id}`}
            loading={schedules.isPending}
            empty={<None isAdmin={isAdmin} />}
          />
        )
      }
    </NotificationList>
  )
}

function None({ isAdmin }: { isAdmin: boolean }) {
  if (!isAdmin) {
    return (
      <EmptyState icon={<IconClock />} title="Nothing is sent at set times">
        An admin can add a reminder of deadlines here, or a summary of the day.
      </EmptyState>
    )
  }
  return (
    <EmptyState
      icon={<IconClock />}
      title="Nothing is sent at set times yet"
      actions={
        <Button variant="default" component={Link} to="/notifications/schedules/new">
          Begin with an empty one
        </Button>
      }
    >
      Begin with an example, and change what does not fit:
      <ul className={classes.presets}>
        {Object.entries(presets).map(([key, { title, words }]) => (
          <li key={key}>
            <Link to={`/notifications/schedules/new?preset=${key}`}>{title}</Link>
            <span>{words}</span>
          </li>
        ))}
      </ul>
    </EmptyState>
  )
}

const columns: Column<Schedule>[] = [
  {
    key: 'name',
    head: 'Schedule',
    lead: true,
    card: 'start',
    cell: ({ name, inWords, timeZone }) => (
      <span className={classes.row}>
        {name}
        <span className={classes.meta}>
          {inWords}, {timeZone}
        </span>
      </span>
    ),
  },
  { key: 'type', head: 'Type', width: '18%', cell: ({ type }) => type },
  {
    key: 'next',
    head: 'Next run',
    width: '18%',
    cell: ({ enabled, nextRuns: [next] }) =>
      enabled ? (
        next && (
          <span className={classes.row}>
            <DueTime at={next.at} />
            <span className={classes.meta}>{next.local}</span>
          </span>
        )
      ) : (
        <StatePill tone="neutral">Switched off</StatePill>
      ),
  },
  {
    key: 'last',
    head: 'Last run',
    width: '26%',
    cell: ({ lastRun }) =>
      lastRun ? (
        <span className={classes.row}>
          <RunStatePill run={lastRun} />
          <span className={classes.meta}>
            {lastRun.meaning ?? <RelativeTime at={lastRun.endedAt ?? lastRun.plannedAt} />}
          </span>
        </span>
      ) : (
        'Never ran'
      ),
  },
]
