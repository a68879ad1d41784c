import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { builtInCommands, type Invocation, type RefusalCount, refusalMeanings } from '../../shared/commands.ts'
import type { Integration } from '../../shared/integrations.ts'
import { commandsQuery } from '../commands/queries.ts'
import { formatCount, formatDuration, plural } from '../lib/format.ts'
import { overviewQuery } from '../metrics/queries.ts'
import { type Column, DataTable } from '../ui/DataTable.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { IconSlash } from '../ui/icons.ts'
import { RelativeTime } from '../ui/RelativeTime.tsx'
import { Section } from '../ui/Section.tsx'
import { StatePill } from '../ui/StatePill.tsx'
import classes from './integrations.module.css'
import { integrationInvocationsQuery, refusedRequestsQuery } from './queries.ts'

/** What people in Slack can ask through this app, how often they did, and what was not let in. */
export function CommandsTab({ integration }: { integration: Integration }) {
  return (
    <>
      <Commands integration={integration} />
      <Recent integrationId={integration.id} />
      <Refused integrationId={integration.id} />
    </>
  )
}

type CommandRow = {
  command: string
  description: string
  usageHint?: string | undefined
  count: number
  failed: number
}

function Commands({ integration }: { integration: Integration }) {
  const figures = useQuery(overviewQuery({ window: '7d', integrationId: integration.id }))
  const { data: commands } = useQuery(commandsQuery)
  const used = figures.data?.commands.byCommand ?? []
  const declared = (commands?.items ?? []).filter(({ handler }) => handler !== undefined)
  const answered = [...builtInCommands, ...declared]
  const known = answered.map(
    ({ command, description, usageHint }): CommandRow => ({
      ...{ command, description, usageHint },
      ...(used.find((one) => one.command === command) ?? { count: 0, failed: 0 }),
    }),
  )
  const others = used
    .filter(({ command }) => !answered.some((info) => info.command === command))
    .map((one): CommandRow => ({ ...one, description: 'Declared in Slack only; it is answered with the help text.' }))
  const columns: Column<CommandRow>[] = [
    {
      key: 'command',
      head: 'Command',
      lead: true,
      card: 'start',
      width: '220px',
      cell: ({ command, usageHint }) => (
        <code>
          {command} {usageHint && <span className={classes.unknown}>{usageHint}</span>}
        </code>
      ),
    },
    { key: 'description', head: 'What it does', card: 'plain', cell: ({ description }) => description },
    {
      key: 'count',
      head: 'Uses, 7 days',
      align: 'end',
      width: '132px',
      cell: ({ count }) => (figures.data ? formatCount(count) : '–'),
    },
    {
      key: 'failed',
      head: 'Failed',
      align: 'end',
      width: '96px',
      cell: ({ failed }) => (figures.data ? formatCount(failed) : '–'),
    },
  ]
  const total = figures.data?.commands
  return (
    <Section
      flush
      title="Commands"
      note={total && `${plural(total.total, 'use')} by ${plural(total.people, 'person', 'people')} in 7 days`}
    >
      {figures.error && (
        <ErrorNotice banner error={figures.error} what="The usage could not be read" onRetry={figures.refetch} />
      )}
      {!integration.features.includes('slash_commands') && (
        <p className={classes.hint}>
          Slash commands are switched off for this integration, so its manifest declares none. Switch them on under
          Settings.
        </p>
      )}
      {declared.length > 0 && (
        <p className={classes.hint}>
          Slack offers what the app’s manifest names. After <Link to="/commands">a command is declared or dropped</Link>
          , <Link to={`/integrations/${integration.id}/connection`}>copy the manifest again</Link>.
        </p>
      )}
      <DataTable
        lineAbove
        label="Commands"
        columns={columns}
        rows={[...known, ...others]}
        rowKey={({ command }) => command}
      />
    </Section>
  )
}

function Recent({ integrationId }: { integrationId: string }) {
  const invocations = useQuery(integrationInvocationsQuery(integrationId))
  return (
    <Section flush title="Recent uses" note={invocations.data?.next && 'the latest 20'}>
      {invocations.error ? (
        <ErrorNotice banner error={invocations.error} what="The uses could not be read" onRetry={invocations.refetch} />
      ) : (
        <DataTable
          lineAbove
          label="Recent uses"
          columns={RECENT}
          rows={invocations.data?.items ?? []}
          rowKey={({ id }) => id}
          loading={invocations.isPending}
          empty={
            <EmptyState icon={<IconSlash />} title="Nothing was asked yet">
              Type <code>/switchboard help</code> in Slack. Its answer comes from this server, and the use shows up
              here.
            </EmptyState>
          }
        />
      )}
    </Section>
  )
}

const RECENT: Column<Invocation>[] = [
  {
    key: 'what',
    head: 'Asked',
    lead: true,
    card: 'start',
    cell: ({ command, text }) => (
      <code>
        {command} {text}
      </code>
    ),
  },
  { key: 'who', head: 'By', cell: ({ user }) => user.name },
  { key: 'where', head: 'In', cell: ({ channel }) => (channel.name ? `#${channel.name}` : channel.id) },
  {
    key: 'when',
    head: 'When',
    width: '120px',
    nowrap: true,
    cell: ({ receivedAt }) => <RelativeTime at={receivedAt} />,
  },
  {
    key: 'took',
    head: 'Answered in',
    align: 'end',
    width: '112px',
    nowrap: true,
    cell: ({ ackMs }) => formatDuration(ackMs),
  },
  {
    key: 'outcome',
    head: 'Outcome',
    width: '132px',
    card: 'end',
    cell: ({ outcome, code }) => (
      <StatePill tone={OUTCOMES[outcome].tone} {...(outcome === 'waiting' && { shape: 'clock' as const })}>
        {OUTCOMES[outcome].word ?? code ?? 'Failed'}
      </StatePill>
    ),
  },
]

const OUTCOMES: Record<Invocation['outcome'], { tone: 'ok' | 'bad' | 'info'; word?: string }> = {
  answered: { tone: 'ok', word: 'Answered' },
  waiting: { tone: 'info', word: 'Waiting' },
  failed: { tone: 'bad' },
}

function Refused({ integrationId }: { integrationId: string }) {
  const refused = useQuery(refusedRequestsQuery(integrationId))
  return (
    <Section flush title="Refused requests" note="in the last 24 hours; never read, only counted">
      {refused.error ? (
        <ErrorNotice banner error={refused.error} what="The counts could not be read" onRetry={refused.refetch} />
      ) : (
        <DataTable
          lineAbove
          label="Refused requests"
          columns={REFUSED}
          rows={refused.data?.items ?? []}
          rowKey={({ surface, reason }) => `${surface} ${reason}`}
          loading={refused.isPending}
          empty={<p className={classes.hint}>None was refused in the last 24 hours.</p>}
        />
      )}
    </Section>
  )
}

const REFUSED: Column<RefusalCount>[] = [
  {
    key: 'reason',
    head: 'Why',
    lead: true,
    card: 'start',
    width: '160px',
    cell: ({ reason }) => refusalMeanings[reason].label,
  },
  { key: 'meaning', head: 'What it means', card: 'plain', cell: ({ reason }) => refusalMeanings[reason].meaning },
  { key: 'surface', head: 'Address', width: '120px', cell: ({ surface }) => surface },
  { key: 'last', head: 'Last', width: '120px', nowrap: true, cell: ({ lastAt }) => <RelativeTime at={lastAt} /> },
  { key: 'count', head: 'Requests', align: 'end', width: '96px', card: 'end', cell: ({ count }) => formatCount(count) },
]
