import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { DeliveryCounts } from '../../shared/deliveries.ts'
import { NotificationType, type NotificationTypeChange } from '../../shared/notification-types.ts'
import { pageOf } from '../../shared/paging.ts'
import { api, withQuery } from '../lib/api.ts'

const NotificationTypes = pageOf(NotificationType)
const HELD_POLL_MS = 15_000

/** Every type of event that was seen or set up, by name. */
export const notificationTypesQuery = infiniteQueryOptions({
  queryKey: ['notification-types', 'list'],
  queryFn: ({ signal, pageParam }) =>
    api.get(withQuery('/notification-types', { limit: 200, cursor: pageParam }), NotificationTypes, signal),
  initialPageParam: '',
  getNextPageParam: (page) => page.next,
})

/** One type; what was never set up has the defaults. */
export const notificationTypeQuery = (type: string) =>
  queryOptions({
    queryKey: ['notification-types', 'one', type],
    queryFn: ({ signal }) => api.get(pathOf(type), NotificationType, signal),
  })

/** How many deliveries of a type are held. */
export const heldOfTypeQuery = (type: string) =>
  queryOptions({
    queryKey: ['deliveries', 'counts', { state: 'held', type }],
    queryFn: ({ signal }) => api.get(withQuery('/deliveries/counts', { state: 'held', type }), DeliveryCounts, signal),
    refetchInterval: HELD_POLL_MS,
  })

export function useChangeNotificationType(type: string) {
  const forget = useForget()
  return useMutation({
    mutationFn: (change: NotificationTypeChange) => api.patch(pathOf(type), change, NotificationType),
    onSuccess: forget,
  })
}

/** Holds what comes of a type, or lets it go. */
export function usePauseType(type: string) {
  const forget = useForget()
  return useMutation({
    mutationFn: (act: 'pause' | 'resume') => api.post(`${pathOf(type)}/${act}`, {}, NotificationType),
    onSuccess: forget,
  })
}

function pathOf(type: string): string {
  return `/notification-types/${encodeURIComponent(type)}`
}

function useForget() {
  const queryClient = useQueryClient()
  return () =>
    Promise.all([
      queryClient.invalidateQueries({ queryKey: ['notification-types'] }),
      queryClient.invalidateQueries({ queryKey: ['deliveries'] }),
    ])
}
