import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query'
import { Delivery, DeliveryCounts, DeliveryNeighbours, DeliveryPage } from '../../shared/deliveries.ts'
import { Destination } from '../../shared/destinations.ts'
import { pageOf } from '../../shared/paging.ts'
import { ApiError, api, withQuery } from '../lib/api.ts'
import { isMoving } from './delivery-states.ts'
import type { DeliveryFilter } from './filter.ts'

const Destinations = pageOf(Destination)

const MOVING_POLL_MS = 2_000
const HELD_POLL_MS = 15_000
const MOST_NAMES = 200

/** What was sent, newest first, a page at a time. */
export const deliveriesQuery = (filter: DeliveryFilter) =>
  infiniteQueryOptions({
    queryKey: ['deliveries', 'list', filter],
    queryFn: ({ signal, pageParam }) =>
      api.get(withQuery('/deliveries', { ...filter, cursor: pageParam }), DeliveryPage, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  })

/** How many of what the same filter lists, by state. */
export const deliveryCountsQuery = (filter: DeliveryFilter) =>
  queryOptions({
    queryKey: ['deliveries', 'counts', filter],
    queryFn: ({ signal }) => api.get(withQuery('/deliveries/counts', filter), DeliveryCounts, signal),
    placeholderData: keepPreviousData,
  })

/** How many are held, for the navigation. */
export const heldCountQuery = queryOptions({
  ...deliveryCountsQuery({ state: 'held' }),
  refetchInterval: HELD_POLL_MS,
})

/** One delivery with its story; asked again by itself while something may still happen to it. */
export const deliveryQuery = (id: string) =>
  queryOptions({
    queryKey: ['deliveries', 'one', id],
    queryFn: ({ signal }) => api.get(`/deliveries/${encodeURIComponent(id)}`, Delivery, signal),
    refetchInterval: ({ state }) => (state.data && isMoving(state.data) ? MOVING_POLL_MS : false),
  })

/** The ones before and after it in the list that the filter gives. */
export const neighboursQuery = (id: string, filter: DeliveryFilter) =>
  queryOptions({
    queryKey: ['deliveries', 'neighbours', id, filter],
    queryFn: ({ signal }) =>
      api.get(withQuery(`/deliveries/${encodeURIComponent(id)}/neighbours`, filter), DeliveryNeighbours, signal),
  })

/** Where messages go, by name, for the filter. A server with more than this many shows the others by id. */
export const destinationNamesQuery = queryOptions({
  queryKey: ['destinations', 'names'],
  queryFn: ({ signal }) => api.get(withQuery('/destinations', { limit: MOST_NAMES }), Destinations, signal),
  staleTime: 60_000,
})

/** Sends again what did not arrive, as a new delivery. */
export function useReplayDelivery() {
  const forget = useForget()
  return useMutation({
    mutationFn: ({ id, markDelayed }: { id: string; markDelayed: boolean }) =>
      api.post(`/deliveries/${id}/replay`, { markDelayed }, Delivery),
    onSettled: forget,
  })
}

/** Sends the same message to another destination, as a new delivery. */
export function useSendElsewhere() {
  const forget = useForget()
  return useMutation({
    mutationFn: ({ id, destinationId }: { id: string; destinationId: string }) =>
      api.post(`/deliveries/${id}/send-elsewhere`, { destinationId }, Delivery),
    onSettled: forget,
  })
}

/** Takes back what still waits. */
export function useCancelDelivery() {
  const queryClient = useQueryClient()
  const forget = useForget()
  return useMutation({
    mutationFn: (id: string) => api.post(`/deliveries/${id}/cancel`, {}, Delivery),
    onSuccess: (delivery) => queryClient.setQueryData(deliveryQuery(delivery.id).queryKey, delivery),
    onSettled: forget,
  })
}

/** Takes back each of several. What Slack got meanwhile is no longer to be had: it is counted, the others go on. */
export function useCancelDeliveries() {
  const forget = useForget()
  return useMutation({
    mutationFn: async (ids: readonly string[]) => {
      const told = { cancelled: 0, refused: 0 }
      for (const id of ids) {
        try {
          await api.post(`/deliveries/${id}/cancel`, {}, Delivery)
          told.cancelled += 1
        } catch (error) {
          if (!(error instanceof ApiError && REFUSED_ALONE.includes(error.status))) throw error
          told.refused += 1
        }
      }
      return told
    },
    onSettled: forget,
  })
}

const REFUSED_ALONE: readonly number[] = [404, 409, 422]

function useForget() {
  const queryClient = useQueryClient()
  return () =>
    Promise.all([
      queryClient.invalidateQueries({ queryKey: ['deliveries'] }),
      queryClient.invalidateQueries({ queryKey: ['metrics'] }),
    ])
}
