import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { pageOf } from '../../shared/paging.ts'
import { Mute, type NewMute, QuietHours, type QuietHoursChange } from '../../shared/quiet-hours.ts'
import { api, withQuery } from '../lib/api.ts'

const QuietHoursPage = pageOf(QuietHours)
const MutesPage = pageOf(Mute)
const POLL_MS = 15_000
const MOST_ENDED = 20

/** All quiet hours, each with how it stands now. */
export const quietHoursQuery = infiniteQueryOptions({
  queryKey: ['quiet-hours', 'list'],
  queryFn: ({ signal, pageParam }) =>
    api.get(withQuery('/quiet-hours', { limit: 200, cursor: pageParam }), QuietHoursPage, signal),
  initialPageParam: '',
  getNextPageParam: (page) => page.next,
  refetchInterval: POLL_MS,
})

/** The mutes that run; only the newest where there are more than one looks through. */
export const activeMutesQuery = queryOptions({
  queryKey: ['mutes', 'active'],
  queryFn: ({ signal }) => api.get(withQuery('/mutes', { state: 'active', limit: 200 }), MutesPage, signal),
  refetchInterval: POLL_MS,
})

/** The last ones that are over. */
export const endedMutesQuery = queryOptions({
  queryKey: ['mutes', 'ended'],
  queryFn: ({ signal }) => api.get(withQuery('/mutes', { state: 'ended', limit: MOST_ENDED }), MutesPage, signal),
})

/** Sets new quiet hours, or all of those with this id. */
export function useSaveQuietHours(id: string | undefined) {
  const forget = useForget()
  return useMutation({
    mutationFn: (change: QuietHoursChange) =>
      id === undefined
        ? api.post('/quiet-hours', change, QuietHours)
        : api.put(`/quiet-hours/${id}`, change, QuietHours),
    onSuccess: forget,
  })
}

export function useDeleteQuietHours() {
  const forget = useForget()
  return useMutation({ mutationFn: (id: string) => api.delete(`/quiet-hours/${id}`), onSuccess: forget })
}

export function useCreateMute() {
  const forget = useForget()
  return useMutation({ mutationFn: (mute: NewMute) => api.post('/mutes', mute, Mute), onSuccess: forget })
}

export function useEndMute() {
  const forget = useForget()
  return useMutation({ mutationFn: (id: string) => api.post(`/mutes/${id}/end`, {}, Mute), onSuccess: forget })
}

/** What a change makes stale: what holds, and what is held. */
function useForget() {
  const queryClient = useQueryClient()
  return () =>
    Promise.all(
      ['quiet-hours', 'mutes', 'queue', 'deliveries'].map((key) => queryClient.invalidateQueries({ queryKey: [key] })),
    )
}
