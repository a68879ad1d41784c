import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query'
import { Delivery, DeliveryCounts, type Message } from '../../shared/deliveries.ts'
import {
  ChannelList,
  Destination,
  type DestinationChange,
  type NewDestination,
  Person,
} from '../../shared/destinations.ts'
import { pageOf } from '../../shared/paging.ts'
import { api, withQuery } from '../lib/api.ts'

const Destinations = pageOf(Destination)
const REFRESH_POLL_MS = 2_000
const HELD_POLL_MS = 15_000
const MOST_TO_PICK = 5_000

/** Where the messages of one integration may go, newest first. */
export const destinationsQuery = (integrationId: string) =>
  infiniteQueryOptions({
    queryKey: ['destinations', 'list', integrationId],
    queryFn: ({ signal, pageParam }) =>
      api.get(withQuery('/destinations', { integrationId, cursor: pageParam }), Destinations, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
  })

/** Every destination of the server, for a picker; only the newest where there are more than one looks through. */
export const allDestinationsQuery = queryOptions({
  queryKey: ['destinations', 'list', 'all'],
  queryFn: async ({ signal }) => {
    const all: Destination[] = []
    let cursor: string | undefined
    do {
      const page = await api.get(withQuery('/destinations', { limit: 200, cursor }), Destinations, signal)
      all.push(...page.items)
      cursor = page.next
    } while (cursor && all.length < MOST_TO_PICK)
    return all
  },
  staleTime: 30_000,
})

/** How many deliveries wait for a destination or an integration until somebody lets them go. */
export const heldForQuery = (whom: { destinationId: string } | { integrationId: string }) =>
  queryOptions({
    queryKey: ['deliveries', 'counts', { state: 'held', ...whom }],
    queryFn: ({ signal }) =>
      api.get(withQuery('/deliveries/counts', { state: 'held', ...whom }), DeliveryCounts, signal),
    refetchInterval: HELD_POLL_MS,
  })

/** The best matches among the channels that are known, and how complete that knowledge is. */
export const channelsQuery = (integrationId: string, query: string, archived: boolean) =>
  queryOptions({
    queryKey: ['destinations', 'channels', integrationId, query, archived],
    queryFn: ({ signal }) =>
      api.get(withQuery(`/integrations/${integrationId}/channels`, { query, archived }), ChannelList, signal),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.refresh.state === 'running' ? REFRESH_POLL_MS : false),
  })

/** Asks Slack who has the address; the answer may be that nobody has. */
export const personQuery = (integrationId: string, email: string) =>
  queryOptions({
    queryKey: ['destinations', 'person', integrationId, email],
    queryFn: ({ signal }) => api.get(withQuery(`/integrations/${integrationId}/people`, { email }), Person, signal),
    retry: false,
  })

/** Reads the channels of the workspace again. */
export function useRefreshChannels(integrationId: string) {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: () => api.post(`/integrations/${integrationId}/channels/refresh`, {}, ChannelList.shape.refresh),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['destinations', 'channels', integrationId] }),
  })
}

export function useCreateDestination() {
  const forget = useForget()
  return useMutation({
    mutationFn: (body: NewDestination) => api.post('/destinations', body, Destination),
    onSuccess: forget,
  })
}

export function useChangeDestination() {
  const forget = useForget()
  return useMutation({
    mutationFn: ({ id, change }: { id: string; change: DestinationChange }) =>
      api.patch(`/destinations/${id}`, change, Destination),
    onSuccess: forget,
  })
}

/** Holds what goes to a destination, or lets it go; the reason is kept in the audit trail. */
export function usePauseDestination(id: string) {
  const forget = useForget()
  return useMutation({
    mutationFn: ({ act, note }: { act: 'pause' | 'resume'; note?: string | undefined }) =>
      api.post(`/destinations/${id}/${act}`, { note }, Destination),
    onSuccess: forget,
  })
}

export function useDeleteDestination() {
  const forget = useForget()
  return useMutation({ mutationFn: (id: string) => api.delete(`/destinations/${id}`), onSuccess: forget })
}

/** A delivery like any other; a message that Slack refused is an answer too. */
export function useTestSend(destinationId: string) {
  const forget = useForget()
  return useMutation({
    mutationFn: (message: Message) => api.post(`/destinations/${destinationId}/test`, { message }, Delivery),
    onSettled: forget,
  })
}

/** What a change of destinations makes stale: lists, counts on integrations, and the log. */
function useForget() {
  const queryClient = useQueryClient()
  return () =>
    Promise.all([
      queryClient.invalidateQueries({ queryKey: ['destinations', 'list'] }),
      queryClient.invalidateQueries({ queryKey: ['integrations'] }),
      queryClient.invalidateQueries({ queryKey: ['deliveries'] }),
      queryClient.invalidateQueries({ queryKey: ['metrics'] }),
    ])
}
