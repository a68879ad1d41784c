import type { ReactNode } from 'react'
import type { NotificationType } from '../../shared/notification-types.ts'
import { withQuery } from '../lib/api.ts'
import { formatCount, formatDuration } from '../lib/format.ts'
import { AboveRowLink, type Column, DataTable } from '../ui/DataTable.tsx'
import { RelativeTime } from '../ui/RelativeTime.tsx'
import { StatePill } from '../ui/StatePill.tsx'
import { HeldLink } from './HeldLink.tsx'
import classes from './notification-types.module.css'
import { PauseType } from './PauseType.tsx'
import { DEFAULT_ATTEMPTS, policyWords } from './policy-words.ts'

type Props = { rows: NotificationType[]; loading: boolean; empty: ReactNode }

/** Types as rows, each opening its settings. */
export function TypesTable({ rows, loading, empty }: Props) {
  return (
    <DataTable
      label="Types of event"
      columns={columns}
      rows={rows}
      rowKey={({ type }) => type}
      to={({ type }) => withQuery('/notifications', { type })}
      loading={loading}
      empty={empty}
      lineAbove
    />
  )
}

const columns: Column<NotificationType>[] = [
  {
    key: 'type',
    head: 'Type',
    lead: true,
    card: 'start',
    cell: ({ type }) => <span className={classes.type}>{type}</span>,
  },
  { key: 'state', head: 'State', width: '20%', cell: (row) => <State type={row} /> },
  { key: 'policy', head: 'When unsure', cell: ({ policy }) => policyWords[policy].name },
  {
    key: 'attempts',
    head: 'Attempts',
    align: 'end',
    nowrap: true,
    cell: ({ maxAttempts }) => formatCount(maxAttempts ?? DEFAULT_ATTEMPTS),
  },
  {
    key: 'fold',
    head: 'Fold after',
    align: 'end',
    nowrap: true,
    cell: ({ foldAfter }) => (foldAfter === null ? 'never' : formatCount(foldAfter)),
  },
  {
    key: 'dedupe',
    head: 'Dedupe',
    align: 'end',
    nowrap: true,
    cell: ({ dedupeWindow }) => (dedupeWindow === 0 ? 'off' : formatDuration(dedupeWindow * 1000)),
  },
  { key: 'trail', head: 'Update trail', nowrap: true, cell: ({ updateTrail }) => (updateTrail ? 'on' : 'off') },
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

function State({ type: { type, paused } }: { type: NotificationType }) {
  if (!paused) return <StatePill tone="ok">Active</StatePill>
  return (
    <div>
      <StatePill tone="warn" shape="pause">
        Paused
      </StatePill>
      <div className={classes.meta}>
        by {paused.by}, <RelativeTime at={paused.at} />
      </div>
      <AboveRowLink>
        <HeldLink type={type} />
      </AboveRowLink>
    </div>
  )
}
