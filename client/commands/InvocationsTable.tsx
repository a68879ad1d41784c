import type { ReactNode } from 'react'
import type { Invocation } from '../../shared/commands.ts'
import { formatDuration } from '../lib/format.ts'
import { type Column, DataTable } from '../ui/DataTable.tsx'
import { RelativeTime } from '../ui/RelativeTime.tsx'
import { StatePill } from '../ui/StatePill.tsx'
import classes from './commands.module.css'

type Props = { rows: Invocation[]; loading?: boolean; showsIntegration?: boolean; empty?: ReactNode }

/** Uses of commands as rows, and as cards on a phone. */
export function InvocationsTable({ rows, loading = false, showsIntegration = false, empty }: Props) {
  return (
    <DataTable
      label="Uses"
      columns={showsIntegration ? [...columns, integration] : columns}
      rows={rows}
      rowKey={({ id }) => id}
      loading={loading}
      empty={empty}
      lineAbove
    />
  )
}

const columns: Column<Invocation>[] = [
  { key: 'outcome', head: 'Outcome', width: '180px', card: 'start', cell: (row) => <Outcome use={row} /> },
  {
    key: 'when',
    head: 'When',
    width: '112px',
    card: 'end',
    nowrap: true,
    cell: ({ receivedAt }) => <RelativeTime at={receivedAt} />,
  },
  {
    key: 'command',
    head: 'Command',
    lead: true,
    cell: ({ command, text }) => (
      <code className={classes.typed}>
        {command} {text && <span>{text}</span>}
      </code>
    ),
  },
  { key: 'person', head: 'Person', cell: ({ user }) => <span title={user.id}>{user.name}</span> },
  {
    key: 'channel',
    head: 'Channel',
    cell: ({ channel }) => <span title={channel.id}>{channelName(channel.name)}</span>,
  },
  {
    key: 'took',
    head: 'Answered in',
    align: 'end',
    nowrap: true,
    cell: ({ ackMs }) => <span title={`${ackMs} ms`}>{formatDuration(ackMs)}</span>,
  },
]

const integration: Column<Invocation> = {
  key: 'integration',
  head: 'Integration',
  cell: ({ integrationName }) => integrationName,
}

function Outcome({ use: { outcome, code } }: { use: Invocation }) {
  if (outcome === 'answered') return <StatePill tone="ok">Answered</StatePill>
  return <StatePill tone="bad">{code ? <code>{code}</code> : 'Failed'}</StatePill>
}

/** Slack names places that are no channel with words of its own, such as directmessage. */
function channelName(name: string): string {
  return name === 'directmessage' ? 'direct message' : name === 'privategroup' ? 'private channel' : `#${name}`
}
