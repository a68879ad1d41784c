import type { ReactNode } from 'react'
import { Link } from 'react-router'
import type { Invocation } from '../../shared/commands.ts'
import { withQuery } from '../lib/api.ts'
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
  { key: 'outcome', head: 'Outcome', width: '220px', card: 'start', cell: (row) => <Outcome use={row} /> },
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
    head: 'Slack waited',
    align: 'end',
    nowrap: true,
    cell: ({ ackMs }) => <span title={`${ackMs} ms`}>{formatDuration(ackMs)}</span>,
  },
  { key: 'platform', head: 'Platform took', align: 'end', nowrap: true, cell: (row) => <PlatformCall use={row} /> },
]

const integration: Column<Invocation> = {
  key: 'integration',
  head: 'Integration',
  cell: ({ integrationName }) => integrationName,
}

function Outcome({ use: { outcome, code, meaning, fix, detail } }: { use: Invocation }) {
  if (outcome === 'answered') return <StatePill tone="ok">Answered</StatePill>
  if (outcome === 'waiting') {
    return (
      <StatePill tone="info" shape="clock">
        Waiting
      </StatePill>
    )
  }
  return (
    <div>
      <StatePill tone="bad">{code ? <code>{code}</code> : 'Failed'}</StatePill>
      {meaning && (
        <span className={classes.description}>
          {meaning} {detail} {fix}
        </span>
      )}
    </div>
  )
}

/** How long the platform took, with the way to the call in its log. */
function PlatformCall({ use: { integrationId, platformMs, callId } }: { use: Invocation }) {
  if (platformMs === undefined) return '–'
  if (callId === undefined) return formatDuration(platformMs)
  const took = formatDuration(platformMs)
  return (
    <Link
      className={classes.call}
      to={withQuery(`/integrations/${integrationId}/platform`, { call: callId })}
      aria-label={`${took}: show the call to the platform`}
    >
      {took}
    </Link>
  )
}

/** Slack names places that are no channel with words of its own, such as directmessage. */
function channelName(name: string): string {
  return name === 'directmessage' ? 'direct message' : name === 'privategroup' ? 'private channel' : `#${name}`
}
