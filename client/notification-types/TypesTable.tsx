import type { ReactNode } from 'react'
import type { NotificationType } from '../../shared/notification-types.ts'
import { TargetLabel } from '../targets/TargetLabel.tsx'
import { AboveRowLink, type Column, DataTable } from '../ui/DataTable.tsx'
import { RelativeTime } from '../ui/RelativeTime.tsx'
import { HeldLink } from './HeldLink.tsx'
import { PRIORITY_WORDS } from './LookFields.tsx'
import classes from './notification-types.module.css'
import { PauseType } from './PauseType.tsx'
import { TypeState } from './TypeState.tsx'
import { UNDER_WAY } from './under-way.ts'

type Props = {
  rows: NotificationType[]
  /** When the newest event of each type came. */
  lastAt: ReadonlyMap<string, string>
  loading: boolean
  empty: ReactNode
}

/** Types as rows, each opening its page. */
export function TypesTable({ rows, lastAt, loading, empty }: Props) {
  return (
    <DataTable
      label="Types of event"
      columns={columnsFor(lastAt)}
      rows={rows}
      rowKey={({ type }) => type}
      to={({ type }) => `/notifications/types/${encodeURIComponent(type)}`}
      loading={loading}
      empty={empty}
      lineAbove
    />
  )
}

const columnsFor = (lastAt: Props['lastAt']): Column<NotificationType>[] => [
  {
    key: 'type',
    head: 'Type',
    lead: true,
    card: 'start',
    width: '26%',
    cell: ({ type, description, emoji }) => (
      <span className={classes.lines}>
        <span className={classes.type}>{type}</span>
        {(description || emoji) && (
          <span className={classes.meta}>{[emoji, description].filter(Boolean).join(' ')}</span>
        )}
      </span>
    ),
  },
  { key: 'state', head: 'State', cell: (row) => <State type={row} /> },
  {
    key: 'destinations',
    head: 'Goes to',
    width: '24%',
    cell: ({ destinations }) => <Destinations destinations={destinations} />,
  },
  { key: 'priority', head: 'Priority', cell: ({ priority }) => PRIORITY_WORDS[priority ?? 'normal'] },
  { key: 'template', head: 'Template', cell: ({ template }) => template ?? 'Standard' },
  {
    key: 'last',
    head: 'Last event',
    nowrap: true,
    cell: ({ type }) => {
      const at = lastAt.get(type)
      return at ? <RelativeTime at={at} /> : 'none yet'
    },
  },
  {
    key: 'actions',
    head: 'Actions',
    align: 'end',
    card: 'plain',
    cell: (row) => (
      <AboveRowLink>
        <PauseType type={row} />
      </AboveRowLink>
    ),
  },
]

const MOST_SHOWN = 3

function Destinations({ destinations }: Pick<NotificationType, 'destinations'>) {
  if (destinations.length === 0) return <span className={classes.meta}>nowhere by itself</span>
  const more = destinations.length - MOST_SHOWN
  return (
    <span className={classes.lines}>
      {destinations.slice(0, MOST_SHOWN).map((shown) => (
        <TargetLabel key={shown.id ?? shown.integrationId} destination={shown} />
      ))}
      {more > 0 && <span className={classes.meta}>and {more} more</span>}
    </span>
  )
}

function State({ type }: { type: NotificationType }) {
  const { paused, underWay } = type
  return (
    <div>
      <TypeState type={type} />
      {paused && (
        <>
          <div className={classes.meta}>
            by {paused.by}, <RelativeTime at={paused.at} />
          </div>
          <AboveRowLink>
            <HeldLink type={type} />
          </AboveRowLink>
        </>
      )}
      {underWay && <div className={classes.meta}>{UNDER_WAY[underWay]}</div>}
    </div>
  )
}
