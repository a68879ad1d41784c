import { Button } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useSearchParams } from 'react-router'
import { integrationsQuery } from '../integrations/queries.ts'
import { onlyThese, withParams } from '../lib/filters.ts'
import { formatCount } from '../lib/format.ts'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { FilterChips } from '../ui/FilterChips.tsx'
import { IconSlash } from '../ui/icons.ts'
import { ListEnd } from '../ui/ListEnd.tsx'
import { Section } from '../ui/Section.tsx'
import classes from './commands.module.css'
import { filterParams, fromChips, type InvocationFilter, outcomes, readFilter, toChips } from './filter.ts'
import { InvocationsTable } from './InvocationsTable.tsx'
import { commandsQuery, invocationsQuery } from './queries.ts'

/** Every use of a command, newest first, found by filters that stand in the address. */
export function InvocationsSection({ refetchInterval }: { refetchInterval: number | false }) {
  const [params, setParams] = useSearchParams()
  const filter = readFilter(params)
  const { data: integrations = [] } = useQuery(integrationsQuery)
  const { data: commands } = useQuery(commandsQuery)
  const list = useInfiniteQuery({ ...invocationsQuery(filter), refetchInterval })
  const rows = list.data?.pages.flatMap((page) => page.items) ?? []
  const change = (next: InvocationFilter) =>
    setParams((before) => withParams(before, filterParams, next), { replace: true, preventScrollReset: true })
  const fields = [
    { key: 'command', values: (commands?.items ?? []).map(({ command }) => command) },
    { key: 'outcome', values: outcomes, problemOf: onlyThese('outcome', outcomes) },
    { key: 'integration', values: integrations.map(({ name }) => name) },
  ]
  return (
    <Section title="Uses" note="newest first" flush>
      <div className={classes.filters}>
        <FilterChips
          label="Filter uses"
          placeholder="Filter by command, outcome or integration"
          fields={fields}
          value={toChips(filter, integrations)}
          onChange={(next) => change(fromChips(next, filter, integrations))}
        />
      </div>
      {list.error && (
        <div className={classes.padded}>
          <ErrorNotice error={list.error} what="The uses could not be read" onRetry={list.refetch} />
        </div>
      )}
      {(list.data || list.isPending) && (
        <InvocationsTable
          rows={rows}
          loading={list.isPending}
          showsIntegration={integrations.length > 1}
          empty={<NoUses isFiltered={Object.keys(filter).length > 0} onClear={() => change({})} />}
        />
      )}
      {rows.length > 0 && (
        <ListEnd list={list}>
          {formatCount(rows.length)} shown{list.hasNextPage ? ', and there are more' : ', that is all'}
        </ListEnd>
      )}
    </Section>
  )
}

function NoUses({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
  if (isFiltered) {
    return (
      <EmptyState
        title="No use fits these filters"
        actions={
          <Button variant="default" onClick={onClear}>
            Clear all filters
          </Button>
        }
      >
        Take a filter away, or look at another time.
      </EmptyState>
    )
  }
  return (
    <EmptyState icon={<IconSlash />} title="No command was used yet">
      Type <code>/switchboard help</code> in a channel of a connected workspace. Each use is listed here with the
      person, the channel and how fast it was answered.
    </EmptyState>
  )
}
