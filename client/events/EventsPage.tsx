import { useInfiniteQuery } from '@tanstack/react-query'
import { useSearchParams } from 'react-router'
import { useAcceptedWithin, windowOptions } from '../deliveries/accepted-within.ts'
import { DeliveryStatePill } from '../deliveries/DeliveryStatePill.tsx'
import { logTabs } from '../deliveries/log-tabs.ts'
import { withParams } from '../lib/filters.ts'
import { plural } from '../lib/format.ts'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { ListEnd } from '../ui/ListEnd.tsx'
import { PageFrame } from '../ui/PageFrame.tsx'
import { ParamSelect } from '../ui/ParamSelect.tsx'
import { Section } from '../ui/Section.tsx'
import { PageTabs } from '../ui/Tabs.tsx'
import { EventFilterBar } from './EventFilterBar.tsx'
import { EventsTable } from './EventsTable.tsx'
import { type EventFilter, filterParams, readFilter } from './filter.ts'
import { NoEvents } from './NoEvents.tsx'
import { eventsQuery } from './queries.ts'

/** Every event that was taken in, newest first, and where it landed: also those that became no message at all. */
export function EventsPage() {
  const [params, setParams] = useSearchParams()
  const filter = readFilter(params)
  const list = useInfiniteQuery(eventsQuery(useAcceptedWithin(filter)))
  const rows = list.data?.pages.flatMap(({ items }) => items) ?? []
  const searchedTo = list.data?.pages.at(-1)?.searchedTo
  const isFiltered = Object.keys(filter).length > 0 || params.has('window')
  const change = (next: EventFilter, anyTime = false) =>
    setParams((before) => withParams(before, filterParams, next, anyTime), { replace: true, preventScrollReset: true })
  return (
    <PageFrame
      title="Events"
      actions={
        !(filter.from || filter.to) && <ParamSelect label="Accepted within" param="window" options={windowOptions} />
      }
    >
      <PageTabs label="Deliveries" tabs={logTabs} />
      <Section label="Filters" flush>
        <EventFilterBar filter={filter} suggests={isFiltered || rows.length > 0} onChange={change} />
      </Section>
      {list.error && (
        <ErrorNotice
          banner
          error={list.error}
          what={list.data ? 'This list is no longer current' : 'The events could not be read'}
          onRetry={list.refetch}
        />
      )}
      {(list.data || list.isPending) && (
        <EventsTable
          rows={rows}
          loading={list.isPending}
          pill={(state, count) => <DeliveryStatePill state={state} count={count} />}
          empty={
            <NoEvents
              isFiltered={isFiltered}
              searchedTo={list.hasNextPage ? searchedTo : undefined}
              onClear={() => change({}, true)}
            />
          }
        />
      )}
      {(rows.length > 0 || list.hasNextPage) && (
        <ListEnd list={list} searchedTo={searchedTo}>
          <span role="status">
            {plural(rows.length, 'event')} shown{list.hasNextPage ? '' : ', that is all'}
          </span>
        </ListEnd>
      )}
    </PageFrame>
  )
}
