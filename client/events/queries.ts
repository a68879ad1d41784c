import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { EventDetail, EventPage, EventSummary } from '../../shared/events.ts'
import { pageOf } from '../../shared/paging.ts'
import { Explanation } from '../../shared/routing-rules.ts'
import { api, withQuery } from '../lib/api.ts'
import { fieldsIn } from './fields-in.ts'
import type { EventFilter } from './filter.ts'

const Events = pageOf(EventSummary)
const LOOKED_AT = 50
const MOST_TYPES = 12

const POLL_MS = 15_000

/** Events that fit, newest first; the first page is asked again by itself. */
export const eventsQuery = (filter: EventFilter) =>
  infiniteQueryOptions({
    queryKey: ['events', 'list', filter],
    queryFn: ({ signal, pageParam }) =>
      api.get(withQuery('/events', { ...filter, cursor: pageParam }), EventPage, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data && state.data.pages.length > 1 ? false : POLL_MS),
  })

/** The latest events, for choosing one. */
export const recentEventsQuery = queryOptions({
  queryKey: ['events', 'recent'],
  queryFn: ({ signal }) => api.get(withQuery('/events', { limit: LOOKED_AT }), Events, signal),
  select: ({ items }) => items,
})

export const eventQuery = (id: string) =>
  queryOptions({
    queryKey: ['events', 'one', id],
    queryFn: ({ signal }) => api.get(`/events/${id}`, EventDetail, signal),
  })

/** Why an event went where it went. */
export const explanationQuery = (id: string) =>
  queryOptions({
    queryKey: ['events', 'explanation', id],
    queryFn: ({ signal }) => api.get(`/events/${id}/explanation`, Explanation, signal),
  })

/** Which fields events have lately, from the newest of each type: for offering their names and values. */
export const seenFieldsQuery = queryOptions({
  queryKey: ['events', 'fields'],
  queryFn: async ({ signal }) => {
    const { items } = await api.get(withQuery('/events', { limit: LOOKED_AT }), Events, signal)
    const newest = [...new Map(items.toReversed().map((each) => [each.type, each])).values()].slice(0, MOST_TYPES)
    const details = await Promise.all(newest.map(({ id }) => api.get(`/events/${id}`, EventDetail, signal)))
    return fieldsIn(details.map(({ event }) => event))
  },
  staleTime: 60_000,
})
