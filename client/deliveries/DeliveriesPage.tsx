import { Button } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useSearchParams } from 'react-router'
import { Window, windows } from '../../shared/metrics.ts'
import { integrationsQuery } from '../integrations/queries.ts'
import { formatCount } from '../lib/format.ts'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { LiveToggle, useLiveInterval } from '../ui/LiveToggle.tsx'
import { PageFrame } from '../ui/PageFrame.tsx'
import { ParamSelect } from '../ui/ParamSelect.tsx'
import { useNow } from '../ui/RelativeTime.tsx'
import { Section } from '../ui/Section.tsx'
import { useParamChoice } from '../ui/Tabs.tsx'
import { DeliveriesTable } from './DeliveriesTable.tsx'
import { DeliveryFilterBar } from './DeliveryFilterBar.tsx'
import classes from './deliveries.module.css'
import { type DeliveryFilter, filterParams, type Names, readFilter } from './filter.ts'
import { NoDeliveries } from './NoDeliveries.tsx'
import { deliveriesQuery, deliveryCountsQuery, destinationNamesQuery } from './queries.ts'

const WINDOW_OPTIONS = [
  { value: '' as const, label: 'Any time' },
  ...Window.options.map((value) => ({
    value,
    label: windows[value].label,
    short: value.replace(/(?=[hd])/, ' '),
  })),
]
const MINUTE_MS = 60_000

/** The log of everything sent, waiting and held: found by filters that stand in the address, followed live. */
export function DeliveriesPage() {
  const [params, setParams] = useSearchParams()
  const filter = readFilter(params)
  const asked = useWindowed(filter)
  const refetchInterval = useLiveInterval()
  const list = useInfiniteQuery({ ...deliveriesQuery(asked), refetchInterval })
  const counts = useQuery({ ...deliveryCountsQuery(asked), refetchInterval })
  const names = useNames()
  const rows = list.data?.pages.flatMap((page) => page.items) ?? []
  const isNew = useArrivals(JSON.stringify(filter), rows[0]?.id)
  const total = counts.data?.total
  const change = (next: DeliveryFilter) =>
    setParams((before) => withFilter(before, next), { replace: true, preventScrollReset: true })
  const isTimed = Boolean(filter.from || filter.to)
  return (
    <PageFrame
      title="Deliveries"
      actions={
        <>
          {!isTimed && <ParamSelect label="Accepted within" param="window" options={WINDOW_OPTIONS} />}
          <LiveToggle />
        </>
      }
    >
      <Section label="Filters" flush>
        <DeliveryFilterBar
          filter={filter}
          names={names}
          counts={counts.data}
          rows={list.hasNextPage ? [] : rows}
          onChange={change}
        />
      </Section>
      {list.error && (
        <ErrorNotice
          banner
          error={list.error}
          what={list.data ? 'This list is no longer current' : 'The deliveries could not be read'}
          onRetry={list.refetch}
        />
      )}
      {(list.data || list.isPending) && (
        <DeliveriesTable
          rows={rows}
          loading={list.isPending}
          filter={filter}
          showsIntegration={names.integrations.length > 1}
          isNew={isNew}
          empty={
            <NoDeliveries
              isFiltered={Object.keys(filter).length > 0 || params.has('window')}
              onClear={() => setParams((before) => withFilter(before, {}, true))}
            />
          }
        />
      )}
      {rows.length > 0 && (
        <div className={classes.more}>
          <span>
            {formatCount(rows.length)} of {total === undefined ? '…' : formatCount(Math.max(total, rows.length))} shown
          </span>
          {list.hasNextPage && (
            <Button variant="default" loading={list.isFetchingNextPage} onClick={() => list.fetchNextPage()}>
              Show more
            </Button>
          )}
        </div>
      )}
    </PageFrame>
  )
}

/** The filter as it is asked: a window that ends now begins at a whole minute, so that a minute asks the same. */
function useWindowed(filter: DeliveryFilter): DeliveryFilter {
  const [window] = useParamChoice(
    'window',
    WINDOW_OPTIONS.map((option) => option.value),
  )
  const now = useNow()
  if (!window || filter.from || filter.to) return filter
  const from = Math.floor(now / MINUTE_MS) * MINUTE_MS - windows[window].ms
  return { ...filter, from: new Date(from).toISOString() }
}

function useNames(): Names {
  const { data: integrations = [] } = useQuery(integrationsQuery)
  const { data: destinations } = useQuery(destinationNamesQuery)
  return { integrations, destinations: destinations?.items ?? [] }
}

/** Tells the rows that came since this filter was first answered. Ids are in order of time. */
function useArrivals(filterKey: string, newestId: string | undefined): (row: { id: string }) => boolean {
  const [start, setStart] = useState<{ filterKey: string; newestId: string } | undefined>()
  if (newestId !== undefined && start?.filterKey !== filterKey) setStart({ filterKey, newestId })
  return ({ id }) => start?.filterKey === filterKey && id > start.newestId
}

function withFilter(before: URLSearchParams, filter: DeliveryFilter, anyTime = false): URLSearchParams {
  const after = new URLSearchParams(before)
  for (const name of filterParams) {
    const value = filter[name]
    if (value) after.set(name, value)
    else after.delete(name)
  }
  if (anyTime) after.delete('window')
  return after
}
