import type { ReactNode } from 'react'
import type { DeliverySummary } from '../../shared/deliveries.ts'
import { deliveryCode } from '../../shared/delivery-codes.ts'
import { withQuery } from '../lib/api.ts'
import { formatDuration, formatExact } from '../lib/format.ts'
import { type Column, DataTable, type Selection } from '../ui/DataTable.tsx'
import { DueTime, RelativeTime } from '../ui/RelativeTime.tsx'
import { DeliveryStatePill } from './DeliveryStatePill.tsx'
import classes from './deliveries.module.css'
import { markLabels, originLabels } from './delivery-states.ts'
import type { DeliveryFilter } from './filter.ts'

type Props = {
  rows: DeliverySummary[]
  loading: boolean
  /** What another filter found stands here until this one is answered. */
  isOld: boolean
  /** Goes along to the page of a delivery, so that its neighbours are those of this list. */
  filter: DeliveryFilter
  /** The optional columns to show. */
  shown: readonly string[]
  showsIntegration: boolean
  /** Left out for those who may only look. */
  selection: Selection | undefined
  isNew: (row: DeliverySummary) => boolean
  empty: ReactNode
}

/** Optional columns that a window of 1,000 pixels has room for. */
const MOST_THAT_FIT = 5

/** Deliveries as rows, and as cards on a phone. */
export function DeliveriesTable({
  rows,
  loading,
  isOld,
  filter,
  shown,
  showsIntegration,
  selection,
  isNew,
  empty,
}: Props) {
  const withIntegration = showsIntegration && !shown.includes('integration')
  return (
    <div className={classes.list} data-wide={shown.length > MOST_THAT_FIT} aria-busy={isOld}>
      <DataTable
        label="Deliveries"
        columns={[...fixedColumns(filter, withIntegration), ...chosenColumns.filter(({ key }) => shown.includes(key))]}
        rows={rows}
        rowKey={({ id }) => id}
        rowName={({ title }) => title}
        {...(selection && { selection })}
        to={({ id }) => withQuery(`/deliveries/${id}`, filter)}
        isNew={isNew}
        loading={loading}
        empty={empty}
        lineAbove
      />
    </div>
  )
}

function fixedColumns({ by }: DeliveryFilter, showsIntegration: boolean): Column<DeliverySummary>[] {
  return [
    {
      key: 'state',
      head: 'State',
      width: '140px',
      card: 'start',
      cell: ({ state }) => <DeliveryStatePill state={state} />,
    },
    {
      key: 'when',
      head: by === 'ended' ? 'Ended' : 'When',
      width: '108px',
      card: 'end',
      nowrap: true,
      cell: (row) => <RelativeTime at={(by === 'ended' && row.endedAt) || row.createdAt} />,
    },
    {
      key: 'what',
      head: 'What',
      lead: true,
      width: '42%',
      cell: (row) => <What row={row} showsIntegration={showsIntegration} />,
    },
  ]
}

const chosenColumns: Column<DeliverySummary>[] = [
  {
    key: 'destination',
    head: 'Destination',
    cell: ({ destination: { name } }) => <Cut text={name} />,
  },
  {
    key: 'code',
    head: 'Code',
    cell: ({ code }) => code && <code title={deliveryCode(code).meaning}>{code}</code>,
  },
  { key: 'attempts', head: 'Attempts', width: '88px', align: 'end', card: 'hide', cell: ({ tries }) => tries },
  { key: 'took', head: 'Took', width: '104px', align: 'end', nowrap: true, card: 'hide', cell: Took },
  { key: 'recipient', head: 'Recipient', cell: ({ recipient }) => recipient && <Cut text={recipient} isShort /> },
  { key: 'priority', head: 'Priority', width: '96px', cell: ({ priority }) => priority },
  { key: 'integration', head: 'Integration', cell: ({ integrationName }) => <Cut text={integrationName} isShort /> },
  {
    key: 'due',
    head: 'Next try',
    width: '112px',
    nowrap: true,
    cell: ({ dueAt }) => dueAt && <DueTime at={dueAt} />,
  },
  { key: 'event', head: 'Event id', cell: ({ eventId }) => eventId && <Cut text={eventId} isShort isCode /> },
]

function Cut({ text, isShort, isCode }: { text: string; isShort?: boolean; isCode?: boolean }) {
  return (
    <span className={classes.destination} data-short={isShort} title={text}>
      {isCode ? <code>{text}</code> : text}
    </span>
  )
}

function What({ row, showsIntegration }: { row: DeliverySummary; showsIntegration: boolean }) {
  const notes = [
    row.type,
    row.origin === 'test' && originLabels.test.toLowerCase(),
    row.mark && markLabels[row.mark].toLowerCase(),
    showsIntegration && row.integrationName,
  ].filter(Boolean)
  return (
    <span className={classes.what}>
      <span className={classes.title}>{row.title}</span>
      {notes.length > 0 && <span className={classes.meta}>{notes.join(', ')}</span>}
    </span>
  )
}

function Took({ tookMs, createdAt, endedAt }: DeliverySummary) {
  if (tookMs === undefined) return '–'
  return (
    <span title={`Accepted ${formatExact(createdAt)}, ended ${endedAt ? formatExact(endedAt) : '–'}`}>
      {formatDuration(tookMs)}
    </span>
  )
}
