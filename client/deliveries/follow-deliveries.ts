import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useState } from 'react'
import { DeliveryStreamEvent, type DeliverySummary } from '../../shared/deliveries.ts'
import { ApiError, api, withQuery } from '../lib/api.ts'
import type { DeliveryFilter } from './filter.ts'
import { deliveriesQuery } from './queries.ts'
import { splitNew, withTold } from './told-rows.ts'

const GATHER_MS = 200
const COME_BACK_MS = 2_000
/** Kept aside at most: whoever looks away for an hour reads the list again. */
const MOST_ASIDE = 1_000

type Following = {
  filter: DeliveryFilter
  /** The filter as the list was asked with it. */
  asked: DeliveryFilter
  isOn: boolean
  isPaused: boolean
  /** The first rows are out of sight. */
  isAway: boolean
}

/**
 * Brings what comes and changes into the list as the server tells it. While paused all of it is kept aside, and what is
 * new also while one reads further down.
 */
export function useFollowing({ filter, asked, isOn, isPaused, isAway }: Following) {
  const queryClient = useQueryClient()
  const [aside, setAside] = useState<DeliverySummary[]>([])
  const [isConnected, setConnected] = useState(false)
  const [refusal, setRefusal] = useState<string>()
  const { queryKey } = deliveriesQuery(asked)
  const bring = (told: readonly DeliverySummary[]) =>
    queryClient.setQueryData(queryKey, (log) => log && withTold(log, told, asked))
  const onTold = useEffectEvent((told: DeliverySummary[]) => {
    const rows = queryClient.getQueryData(queryKey)?.pages.flatMap(({ items }) => items) ?? []
    const { held, fresh } = isPaused
      ? { held: [], fresh: told }
      : isAway
        ? splitNew(rows, told)
        : { held: told, fresh: [] }
    bring(held)
    if (fresh.length > 0) setAside((before) => [...before, ...fresh].slice(-MOST_ASIDE))
  })
  const onBehind = useEffectEvent(() => queryClient.invalidateQueries({ queryKey }))
  const path = withQuery('/deliveries/stream', filter)
  useEffect(() => {
    if (!isOn) return
    const leaving = new AbortController()
    void follow(path, leaving.signal, { onTold, onBehind, onConnected: setConnected, onRefused: setRefusal })
    return () => {
      leaving.abort()
      setConnected(false)
      setRefusal(undefined)
      setAside([])
    }
  }, [path, isOn])
  const showAside = () => {
    bring(aside)
    setAside([])
  }
  const onBack = useEffectEvent(showAside)
  useEffect(() => {
    if (!isAway && !isPaused) onBack()
  }, [isAway, isPaused])
  return { aside, isConnected, refusal, showAside }
}

type Listener = {
  onTold: (told: DeliverySummary[]) => void
  /** The list has to be read again; resolves when it was. */
  onBehind: () => Promise<void>
  onConnected: (isConnected: boolean) => void
  /** Why not now, in the server's words; undefined once it does. */
  onRefused: (why: string | undefined) => void
}

/**
 * Comes back whenever the stream ends, and tells from where it was; ends when the server refuses the filter itself. Lets
 * go of it while the tab is out of sight: a browser has six connections to a server, and tabs that hold all of them
 * leave none to ask anything with.
 */
async function follow(
  path: string,
  signal: AbortSignal,
  { onTold, onBehind, onConnected, onRefused }: Listener,
): Promise<void> {
  let lastEventId: string | undefined
  /** Counts up whenever the stream opens or ends. */
  let stretch = 0
  let gathered: DeliverySummary[] = []
  const hand = () => {
    if (!signal.aborted && gathered.length > 0) onTold(gathered)
    gathered = []
  }
  const onEvent = (event: DeliveryStreamEvent, id: string | undefined) => {
    lastEventId = id ?? lastEventId
    if (event.kind === 'behind') return void onBehind()
    if (gathered.length === 0) setTimeout(hand, GATHER_MS)
    gathered.push(event.delivery)
  }
  const onOpen = () => {
    const mine = ++stretch
    onRefused(undefined)
    const isLive = () => mine === stretch && !signal.aborted && onConnected(true)
    // Nobody tells what came after the list was read and before the stream was there.
    if (lastEventId === undefined) void onBehind().finally(isLive)
    else isLive()
  }
  let inSight = new AbortController()
  document.addEventListener('visibilitychange', () => document.hidden && inSight.abort(), { signal })
  while (!signal.aborted) {
    await untilInSight(signal)
    inSight = new AbortController()
    const connected = AbortSignal.any([signal, inSight.signal])
    let comeBackMs = COME_BACK_MS
    try {
      await api.follow(path, DeliveryStreamEvent, { signal: connected, lastEventId, onOpen, onEvent })
    } catch (error) {
      const refused = error instanceof ApiError && error.status >= 400 && error.status < 500 ? error : undefined
      if (refused && refused.status !== 429) return
      if (!signal.aborted) onRefused(refused?.message)
      comeBackMs = Math.max(COME_BACK_MS, (refused?.retryAfterSeconds ?? 0) * 1_000)
    }
    stretch += 1
    if (signal.aborted) return
    onConnected(false)
    if (!document.hidden) await new Promise((resolve) => setTimeout(resolve, comeBackMs))
  }
}

/** Resolves when the tab is in sight, at once if it is, or when `signal` ends the waiting. */
function untilInSight(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (!document.hidden || signal.aborted) return resolve()
    const seen = new AbortController()
    const look = () => {
      if (document.hidden && !signal.aborted) return
      seen.abort()
      resolve()
    }
    document.addEventListener('visibilitychange', look, { signal: seen.signal })
    signal.addEventListener('abort', look, { signal: seen.signal })
  })
}
