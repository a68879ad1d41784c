import { useQuery } from '@tanstack/react-query'
import type { CommandUsage } from '../../shared/commands.ts'
import type { Quantiles } from '../../shared/metrics.ts'
import { withQuery } from '../lib/api.ts'
import { formatCount, formatDuration, formatPercent, plural } from '../lib/format.ts'
import { type Column, DataTable } from '../ui/DataTable.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { FactStrip } from '../ui/KeyValues.tsx'
import { RelativeTime } from '../ui/RelativeTime.tsx'
import { Section } from '../ui/Section.tsx'
import { RowsSkeleton } from '../ui/Skeletons.tsx'
import classes from './commands.module.css'
import { commandsQuery } from './queries.ts'

type Props = { ack: Quantiles | undefined; refetchInterval: number | false }

/** Every command with what it is for and what was made of it, and how fast Slack was answered. */
export function CommandsSection({ ack, refetchInterval }: Props) {
  const { data, error, isPending, refetch } = useQuery({ ...commandsQuery, refetchInterval })
  return (
    <Section title="All commands" note="last 30 days" flush>
      {isPending ? (
        <div className={classes.padded}>
          <RowsSkeleton rows={3} />
        </div>
      ) : !data ? (
        <div className={classes.padded}>
          <ErrorNotice error={error} what="The commands could not be read" onRetry={refetch} />
        </div>
      ) : (
        <DataTable
          label="All commands"
          columns={columns}
          rows={data.items}
          rowKey={({ command }) => command}
          to={({ command }) => withQuery('/commands', { command })}
          lineAbove
        />
      )}
      {ack && ack.count > 0 && (
        <div className={classes.padded}>
          <FactStrip
            facts={(['p50', 'p95', 'p99'] as const).map((name) => ({
              name: `Answered within, ${name}`,
              value: ack[name] === null ? '–' : formatDuration(ack[name]),
            }))}
          />
          <p className={classes.meta}>In the time range of the chart. Slack shows an error after 3 seconds.</p>
        </div>
      )}
    </Section>
  )
}

const columns: Column<CommandUsage>[] = [
  {
    key: 'command',
    head: 'Command',
    lead: true,
    cell: ({ command, usageHint, description }) => (
      <>
        <code>{command}</code> {usageHint && <code className={classes.hint}>{usageHint}</code>}
        <span className={classes.description}>{description}</span>
      </>
    ),
  },
  {
    key: 'total',
    head: 'Uses',
    align: 'end',
    nowrap: true,
    cell: ({ total, people }) => <span title={`by ${plural(people, 'person', 'people')}`}>{formatCount(total)}</span>,
  },
  {
    key: 'success',
    head: 'Success',
    align: 'end',
    nowrap: true,
    cell: ({ total, failed }) => (total === 0 ? '–' : formatPercent((total - failed) / total)),
  },
  {
    key: 'last',
    head: 'Last used',
    align: 'end',
    nowrap: true,
    cell: ({ lastUsedAt }) => (lastUsedAt ? <RelativeTime at={lastUsedAt} /> : 'never'),
  },
]
