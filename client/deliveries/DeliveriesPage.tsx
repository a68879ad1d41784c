import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useSearchParams } from 'react-router'
import type { DeliveryCounts } from '../../shared/deliveries.ts'
import { integrationsQuery } from '../integrations/queries.ts'
import { withParams } from '../lib/filters.ts'
import { formatCount } from '../lib/format.ts'
import { ReplayDialog } from '../replays/ReplayDialog.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { ListEnd } from '../ui/ListEnd.tsx'
import { PageFrame } from '../ui/PageFrame.tsx'
import { ParamSelect } from '../ui/ParamSelect.tsx'
import { Section } from '../ui/Section.tsx'
import { useParamChoice } from '../ui/Tabs.tsx'
import { useCan } from '../users/queries.ts'
import { useAcceptedWithin, windowOptions } from './accepted-within.ts'
import { ChosenActions } from './ChosenActions.tsx'
import { useChosen } from './chosen.ts'
import { DeliveriesTable } from './DeliveriesTable.tsx'
import { DeliveryFilterBar } from './DeliveryFilterBar.tsx'
import { type DeliveryFilter, filterParams, type Names, readFilter } from './filter.ts'
import { useFollowing } from './follow-deliveries.ts'
import { LiveButton, NewAbove, PauseControls } from './LiveControls.tsx'
import { LogTools } from './LogTools.tsx'
import { NoDeliveries } from './NoDeliveries.tsx'
import { deliveriesQuery, deliveryCountsQuery, destinationNamesQuery } from './queries.ts'
import { useShownColumns } from './shown-columns.ts'
import { countNew } from './told-rows.ts'
import { useScrolledAway } from './use-scrolled-away.ts'

const LIVE_MS = 5_000
const CONNECTED_MS = 15_000
const MOST_PAGES_READ_AGAIN = 3

/** The log of everything sent, waiting and held: found by filters that stand in the address, followed live. */
export function DeliveriesPage() {
  const [params, setParams] = useSearchParams()
  const filter = readFilter(params)
  const asked = useAcceptedWithin(filter)
  const live = useLive(filter, asked)
  const list = useInfiniteQuery({
    ...deliveriesQuery(asked),
    enabled: !live.isPaused,
    refetchInterval: ({ state }) => live.interval(state.data?.pages.length ?? 0),
  })
  const counts = useQuery({ ...deliveryCountsQuery(asked), refetchInterval: live.isOn ? LIVE_MS : false })
  const names = useNames()
  const rows = list.data?.pages.flatMap((page) => page.items) ?? []
  const newCount = countNew(rows, live.aside)
  const isNew = useArrivals(JSON.stringify(filter), rows[0]?.id)
  const chosen = useChosen(filter, rows)
  const [shown, setShown] = useShownColumns()
  const mayAct = useCan('operator')
  const last = list.data?.pages.at(-1)
  const isFiltered = Object.keys(filter).length > 0 || params.has('window')
  const change = (next: DeliveryFilter, anyTime = false) =>
    setParams((before) => withParams(before, filterParams, next, anyTime), { replace: true, preventScrollReset: true })
  return (
    <PageFrame
      title="Deliveries"
      actions={
        <>
          {!(filter.from || filter.to) && (
            <ParamSelect label="Accepted within" param="window" options={windowOptions} />
          )}
          <LiveButton isOn={live.isOn} isConnected={live.isConnected} refusal={live.refusal} onTurn={live.turn} />
        </>
      }
    >
      <LogTools filter={asked} columns={shown} onColumns={setShown} />
      <Section label="Filters" flush>
        <DeliveryFilterBar
          filter={filter}
          names={names}
          counts={counts.data}
          isOld={counts.isPlaceholderData}
          rows={rows}
          isWhole={!list.hasNextPage}
          onChange={change}
          aside={
            live.isOn && (
              <PauseControls
                isPaused={live.isPaused}
                newCount={newCount}
                onPause={live.pause}
                onShow={live.showAside}
              />
            )
          }
        />
      </Section>
      {list.error && (
        <ErrorNotice
          banner
          error={list.error}
          what={list.data ? 'This list is no longer current' : 'The deliveries could not be read'}
          onRetry={list.refetch}
          onClearFilters={() => change({}, true)}
        />
      )}
      {live.isAway && <NewAbove count={newCount} onShow={live.showAside} />}
      {(list.data || list.isPending) && (
        <DeliveriesTable
          rows={rows}
          loading={list.isPending}
          isOld={list.isPlaceholderData}
          filter={filter}
          shown={shown}
          showsIntegration={names.integrations.length > 1}
          selection={mayAct ? chosen : undefined}
          isNew={isNew}
          empty={
            <NoDeliveries
              isFiltered={isFiltered}
              searchedTo={list.hasNextPage ? last?.searchedTo : undefined}
              onClear={() => change({}, true)}
            />
          }
        />
      )}
      {(rows.length > 0 || list.hasNextPage) && (
        <ListEnd list={list} searchedTo={last?.searchedTo}>
          {formatCount(rows.length)} of {totalWords(counts.data, rows.length)} shown
        </ListEnd>
      )}
      {mayAct && (
        <ChosenActions
          chosen={chosen}
          rows={rows}
          asked={asked}
          counts={counts.data}
          replayDialog={(which, onClose) => <ReplayDialog which={which} opened onClose={onClose} />}
        />
      )}
    </PageFrame>
  )
}

/** Follows the log unless the address says not to; paused, the list stays as it is. */
function useLive(filter: DeliveryFilter, asked: DeliveryFilter) {
  const [live, setLive] = useParamChoice('live', ['on', 'off'])
  const [wantsPause, setPaused] = useState(false)
  const isOn = live === 'on'
  const isPaused = isOn && wantsPause
  const isAway = useScrolledAway()
  const following = useFollowing({ filter, asked, isOn, isPaused, isAway })
  const pause = (next: boolean) => {
    if (!next) following.showAside()
    setPaused(next)
  }
  const turn = () => {
    pause(false)
    setLive(isOn ? 'off' : 'on')
  }
  /** The stream does not tell what no longer fits the filter: a list of few pages is read again now and then. */
  const interval = (pages: number) => {
    if (!isOn || isPaused || isAway || pages > MOST_PAGES_READ_AGAIN) return false
    return following.isConnected ? CONNECTED_MS : LIVE_MS
  }
  return { ...following, isOn, isPaused, isAway, pause, turn, interval }
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

function totalWords(counts: DeliveryCounts | undefined, shown: number): string {
  return counts ? `${formatCount(Math.max(counts.total, shown))}${counts.atLeast ? '+' : ''}` : '…'
}
