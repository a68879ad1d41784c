import { Fragment, type ReactNode } from 'react'
import { type DeliveryState, deliveryStates } from '../../shared/deliveries.ts'
import type { ListedEvent } from '../../shared/events.ts'
import { type Column, DataTable } from '../ui/DataTable.tsx'
import { RelativeTime } from '../ui/RelativeTime.tsx'
import { StatePill } from '../ui/StatePill.tsx'
import classes from './events.module.css'

type Props = {
  rows: ListedEvent[]
  loading: boolean
  empty: ReactNode
  /** How so many deliveries of one state look. */
  pill: (state: DeliveryState, count: number) => ReactNode
}

/** Events as rows, and as cards on a phone. */
export function EventsTable({ rows, loading, empty, pill }: Props) {
  return (
    <DataTable
      label="Events"
      columns={[...columns, landedColumn(pill)]}
      rows={rows}
      rowKey={({ id }) => id}
      to={({ id }) => `/events/${id}`}
      loading={loading}
      empty={empty}
      lineAbove
    />
  )
}

const columns: Column<ListedEvent>[] = [
  {
    key: 'when',
    head: 'When',
    width: '120px',
    card: 'end',
    nowrap: true,
    cell: ({ acceptedAt }) => <RelativeTime at={acceptedAt} />,
  },
  {
    key: 'what',
    head: 'What',
    lead: true,
    cell: ({ title, type }) => (
      <span className={classes.what}>
        <span className={classes.title}>{title}</span>
        {title !== type && <span className={classes.meta}>{type}</span>}
      </span>
    ),
  },
]

const landedColumn = (pill: Props['pill']): Column<ListedEvent> => ({
  key: 'landed',
  head: 'Where it landed',
  width: '36%',
  card: 'start',
  cell: (event) => <WhereItLanded event={event} pill={pill} />,
})

/** Its messages by state, or that there are none. */
function WhereItLanded({ event: { landed, deliveries }, pill }: { event: ListedEvent; pill: Props['pill'] }) {
  if (landed === 'nowhere') {
    return (
      <StatePill tone="warn" shape="ban">
        Nowhere
      </StatePill>
    )
  }
  const present = deliveryStates.filter((state) => deliveries[state])
  return (
    <span className={classes.landed}>
      {present.map((state) => (
        <Fragment key={state}>{pill(state, deliveries[state] ?? 0)}</Fragment>
      ))}
      {present.length === 0 && <span className={classes.meta}>No longer kept</span>}
      {landed === 'fallback' && <span className={classes.meta}>by the fallback</span>}
    </span>
  )
}
