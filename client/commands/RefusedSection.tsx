import { useQuery } from '@tanstack/react-query'
import { type RefusalCount, refusalMeanings } from '../../shared/commands.ts'
import { integrationsQuery } from '../integrations/queries.ts'
import { formatCount, plural } from '../lib/format.ts'
import { type Column, DataTable } from '../ui/DataTable.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { RelativeTime } from '../ui/RelativeTime.tsx'
import { Section } from '../ui/Section.tsx'
import { RowsSkeleton } from '../ui/Skeletons.tsx'
import { StatePill } from '../ui/StatePill.tsx'
import classes from './commands.module.css'
import { refusedRequestsQuery } from './queries.ts'

type Props = { integrationId: string | undefined; refetchInterval: number | false }
type Row = RefusalCount & { integrationName: string }

/** Requests that came to our addresses and were turned away unread, each reason with what it means. */
export function RefusedSection({ integrationId, refetchInterval }: Props) {
  const { data, error, isPending, refetch } = useQuery({ ...refusedRequestsQuery(integrationId), refetchInterval })
  const { data: integrations = [] } = useQuery(integrationsQuery)
  const rows = (data?.items ?? []).map((row): Row => {
    const known = integrations.find(({ id }) => id === row.integrationId)
    return { ...row, integrationName: known?.name ?? 'none of this server' }
  })
  const total = rows.reduce((sum, { count }) => sum + count, 0)
  return (
    <Section
      title="Refused requests"
      note={`last 24 hours${total ? `, ${plural(total, 'request')} turned away unread` : ''}`}
      flush
    >
      {isPending ? (
        <div className={classes.padded}>
          <RowsSkeleton rows={2} />
        </div>
      ) : !data ? (
        <div className={classes.padded}>
          <ErrorNotice error={error} what="The refused requests could not be read" onRetry={refetch} />
        </div>
      ) : (
        <DataTable
          label="Refused requests"
          columns={columns}
          rows={rows}
          rowKey={({ integrationId: id, surface, reason }) => `${id} ${surface} ${reason}`}
          lineAbove
          empty={<p className={classes.none}>None. Every request that came was signed by Slack and in time.</p>}
        />
      )}
    </Section>
  )
}

const columns: Column<Row>[] = [
  {
    key: 'reason',
    head: 'Why',
    width: '180px',
    card: 'start',
    cell: ({ reason }) => <StatePill tone="warn">{refusalMeanings[reason].label}</StatePill>,
  },
  { key: 'count', head: 'Requests', align: 'end', width: '88px', card: 'end', cell: ({ count }) => formatCount(count) },
  { key: 'meaning', head: 'What it means', card: 'plain', cell: ({ reason }) => refusalMeanings[reason].meaning },
  { key: 'integration', head: 'Integration', lead: true, cell: ({ integrationName }) => integrationName },
  { key: 'surface', head: 'Address', cell: ({ surface }) => surface },
  { key: 'last', head: 'Last', align: 'end', nowrap: true, cell: ({ lastAt }) => <RelativeTime at={lastAt} /> },
]
