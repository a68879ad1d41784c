import type { Lane } from '../../shared/queue.ts'
import { withQuery } from '../lib/api.ts'
import { formatCount, plural } from '../lib/format.ts'
import { AboveRowLink, type Column, DataTable } from '../ui/DataTable.tsx'
import { DueTime, RelativeTime } from '../ui/RelativeTime.tsx'
import { Section } from '../ui/Section.tsx'
import { useCan } from '../users/queries.ts'
import { LineMenu } from './LineActions.tsx'
import classes from './queue.module.css'
import { priorityWords } from './who-resumes.ts'

const WAITING = 'pending,sending,retrying,held,unconfirmed'
const PRIORITIES = ['urgent', 'normal', 'low'] as const

type Props = {
  lanes: Lane[]
  loading: boolean
  /** Lines that are too short to be told one by one. */
  left: number
}

/** The lines that move, the longest first, each with when its last message will have gone out. */
export function LinesSection({ lanes, loading, left }: Props) {
  const maySteer = useCan('operator')
  const longest = Math.max(...lanes.map(({ waiting }) => waiting))
  return (
    <Section
      title="Longest lines"
      note={left > 0 ? `${plural(left, 'shorter line is', 'shorter lines are')} not shown` : undefined}
      flush
    >
      <DataTable
        label="Lines, the longest first"
        columns={columnsFor(longest, maySteer)}
        rows={lanes}
        rowKey={({ destinationId }) => destinationId}
        to={({ destinationId }) => withQuery('/deliveries', { destinationId, state: WAITING })}
        loading={loading}
        lineAbove
      />
    </Section>
  )
}

function columnsFor(longest: number, maySteer: boolean): Column<Lane>[] {
  return [
    {
      key: 'destination',
      head: 'Destination',
      lead: true,
      card: 'start',
      width: '30%',
      cell: ({ destinationName }) => destinationName,
    },
    { key: 'waiting', head: 'Waiting', align: 'end', width: '88px', cell: ({ waiting }) => formatCount(waiting) },
    { key: 'bar', head: 'By priority', card: 'plain', cell: (lane) => <Bar lane={lane} longest={longest} /> },
    {
      key: 'oldest',
      head: 'Oldest',
      width: '120px',
      nowrap: true,
      cell: ({ oldestAt }) => (oldestAt ? <RelativeTime at={oldestAt} /> : '–'),
    },
    {
      key: 'next',
      head: 'Next goes out',
      width: '120px',
      nowrap: true,
      card: 'hide',
      cell: ({ nextAt }) => (nextAt ? <DueTime at={nextAt} /> : '–'),
    },
    {
      key: 'drained',
      head: 'All sent',
      width: '120px',
      nowrap: true,
      cell: ({ drainedAt }) => (drainedAt ? <RelativeTime at={drainedAt} /> : '–'),
    },
    ...(maySteer ? [ACTIONS] : []),
  ]
}

const ACTIONS: Column<Lane> = {
  key: 'actions',
  head: 'Actions',
  width: '64px',
  align: 'end',
  card: 'end',
  cell: (lane) => (
    <AboveRowLink>
      <LineMenu lane={lane} />
    </AboveRowLink>
  ),
}

/** As long as the line is beside the longest, and in words: a bar alone says nothing to some. */
function Bar({ lane: { byPriority, waiting }, longest }: { lane: Lane; longest: number }) {
  return (
    <span className={classes.line}>
      <span className={classes.track} aria-hidden="true">
        <span className={classes.bar} style={{ '--share': `${(waiting / longest) * 100}%` }}>
          {PRIORITIES.map((priority) => (
            <span key={priority} data-priority={priority} style={{ flexGrow: byPriority[priority] }} />
          ))}
        </span>
      </span>
      <span className={classes.meta}>{priorityWords(byPriority)}</span>
    </span>
  )
}
