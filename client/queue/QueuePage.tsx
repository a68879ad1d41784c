import { useQuery } from '@tanstack/react-query'
import type { Lane, Queue } from '../../shared/queue.ts'
import { withQuery } from '../lib/api.ts'
import { formatCount, plural } from '../lib/format.ts'
import { type Column, DataTable } from '../ui/DataTable.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { IconCircleCheckFilled } from '../ui/icons.ts'
import { PageFrame } from '../ui/PageFrame.tsx'
import { RelativeTime } from '../ui/RelativeTime.tsx'
import { Section } from '../ui/Section.tsx'
import { StatePill } from '../ui/StatePill.tsx'
import { PageTabs } from '../ui/Tabs.tsx'
import { useCan } from '../users/queries.ts'
import { LineActions } from './LineActions.tsx'
import { queueQuery } from './queries.ts'
import classes from './queue.module.css'

const TABS = [
  { label: 'Log', to: '/deliveries' },
  { label: 'Waiting', to: '/queue' },
  { label: 'Replays', to: '/replays' },
]
const WAITING = 'pending,sending,retrying,held,unconfirmed'

/** What waits to be sent, for what, and until when. */
export function QueuePage() {
  const { data, error, isPending, refetch } = useQuery(queueQuery)
  const maySteer = useCan('operator')
  const columns = maySteer ? [...COLUMNS, ACTIONS] : COLUMNS
  return (
    <PageFrame title="Waiting">
      <div className={classes.tabs}>
        <PageTabs label="Deliveries" tabs={TABS} />
      </div>
      {error && (
        <ErrorNotice
          banner
          error={error}
          what={data ? 'These figures are no longer current' : 'What waits could not be read'}
          onRetry={refetch}
        />
      )}
      {data && data.waiting > 0 && <Tiles queue={data} />}
      {(data || isPending) && (
        <Section flush label="Lines">
          <DataTable
            label="Lines, the longest first"
            columns={columns}
            rows={data?.lanes ?? []}
            rowKey={({ destinationId }) => destinationId}
            to={({ destinationId }) => withQuery('/deliveries', { destinationId, state: WAITING })}
            loading={isPending}
            empty={
              <EmptyState icon={<IconCircleCheckFilled />} title="Nothing waits">
                Everything that was accepted has been sent or has come to its end. What is sent next shows up here for
                as long as it waits.
              </EmptyState>
            }
          />
        </Section>
      )}
      {data && data.laneCount > data.lanes.length && (
        <p className={classes.more}>
          The {data.lanes.length} longest of {formatCount(data.laneCount)} lines.
        </p>
      )}
    </PageFrame>
  )
}

function Tiles({ queue }: { queue: Queue }) {
  const stopped = queue.lanes.filter((lane) => lane.stopped).length
  const facts = [
    { label: 'Waiting', value: formatCount(queue.waiting) },
    { label: 'Held', value: formatCount(queue.byState.held ?? 0) },
    { label: 'Oldest', value: queue.oldestAt ? <RelativeTime at={queue.oldestAt} /> : '–' },
    { label: 'Empty', value: queue.drainedAt ? <RelativeTime at={queue.drainedAt} /> : 'not by itself' },
    { label: 'Stopped lines', value: formatCount(stopped) },
  ]
  return (
    <dl className={classes.tiles}>
      {facts.map(({ label, value }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

/** How much of each priority, in words too: a bar alone says nothing to some. */
function Priorities({ lane: { byPriority, waiting } }: { lane: Lane }) {
  const { urgent, normal, low } = byPriority
  const words = `${plural(urgent, 'urgent', 'urgent')}, ${normal} normal, ${low} low`
  return (
    <span className={classes.priorities} title={words}>
      <span className={classes.bar} aria-hidden="true">
        {(['urgent', 'normal', 'low'] as const).map((priority) => (
          <span
            key={priority}
            data-priority={priority}
            style={{ '--share': `${(byPriority[priority] / Math.max(1, waiting)) * 100}%` }}
          />
        ))}
      </span>
      <span className={classes.words}>{words}</span>
    </span>
  )
}

const COLUMNS: Column<Lane>[] = [
  {
    key: 'state',
    head: 'State',
    width: '128px',
    card: 'start',
    cell: ({ stopped }) =>
      stopped ? <StatePill tone="warn">Stopped</StatePill> : <StatePill tone="ok">Moving</StatePill>,
  },
  {
    key: 'destination',
    head: 'Destination',
    lead: true,
    cell: ({ destinationName, stopped }) => (
      <span className={classes.line}>
        <span>{destinationName}</span>
        {stopped && (
          <span className={classes.why}>
            <code>{stopped.code}</code> {stopped.meaning} {stopped.fix}
          </span>
        )}
      </span>
    ),
  },
  { key: 'waiting', head: 'Waiting', align: 'end', width: '96px', cell: ({ waiting }) => formatCount(waiting) },
  { key: 'priorities', head: 'By priority', width: '240px', cell: (lane) => <Priorities lane={lane} /> },
  {
    key: 'oldest',
    head: 'Oldest',
    width: '112px',
    nowrap: true,
    cell: ({ oldestAt }) => (oldestAt ? <RelativeTime at={oldestAt} /> : '–'),
  },
  {
    key: 'empty',
    head: 'Empty',
    width: '112px',
    nowrap: true,
    cell: ({ drainedAt }) => (drainedAt ? <RelativeTime at={drainedAt} /> : 'once it goes on'),
  },
]

const ACTIONS: Column<Lane> = {
  key: 'actions',
  head: 'Actions',
  width: '80px',
  align: 'end',
  card: 'end',
  cell: (lane) => <LineActions lane={lane} />,
}
