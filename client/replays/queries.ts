import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query'
import type { z } from 'zod'
import { pageOf } from '../../shared/paging.ts'
import { Replay, type ReplayOptions, ReplayPreview, type ReplayWhich } from '../../shared/replays.ts'
import { api, withQuery } from '../lib/api.ts'

/** The deliveries by id, or a filter as the address and the API write it. */
export type WhichDeliveries = z.input<typeof ReplayWhich>

const Replays = pageOf(Replay)
const RUNNING_POLL_MS = 2_000

/** What a replay would send, before anything is sent. */
export const replayPreviewQuery = (which: WhichDeliveries, options: ReplayOptions) =>
  queryOptions({
    queryKey: ['replays', 'preview', which, options],
    queryFn: ({ signal }) => api.post('/replays/preview', { which, options }, ReplayPreview, signal),
    placeholderData: keepPreviousData,
    // What is sent must be what was shown: each time the dialog opens it is counted anew.
    staleTime: 0,
    gcTime: 0,
  })

/** Every replay, newest first. */
export const replaysQuery = infiniteQueryOptions({
  queryKey: ['replays', 'list'],
  queryFn: ({ signal, pageParam }) => api.get(withQuery('/replays', { cursor: pageParam }), Replays, signal),
  initialPageParam: '',
  getNextPageParam: (page) => page.next,
  refetchInterval: ({ state }) =>
    state.data?.pages.some(({ items }) => items.some(isMoving)) ? RUNNING_POLL_MS : false,
})

/** One replay; asked again by itself until the last of its deliveries has ended. */
export const replayQuery = (id: string) =>
  queryOptions({
    queryKey: ['replays', 'one', id],
    queryFn: ({ signal }) => api.get(`/replays/${encodeURIComponent(id)}`, Replay, signal),
    refetchInterval: ({ state }) => (state.data && isMoving(state.data) ? RUNNING_POLL_MS : false),
  })

/** Begins a replay. Refused when more or fewer would be sent than were `expected`. */
export function useStartReplay() {
  const queryClient = useQueryClient()
  const forget = useForget()
  return useMutation({
    mutationFn: (body: { which: WhichDeliveries; options: ReplayOptions; expected: number }) =>
      api.post('/replays', body, Replay),
    onSuccess: (made) => queryClient.setQueryData(replayQuery(made.id).queryKey, made),
    onSettled: forget,
  })
}

export type ReplayAct = { act: 'pause' } | { act: 'resume' } | { act: 'cancel'; cancelWaiting: boolean }

/** Stops a replay for a while, lets it go on, or ends it. */
export function useReplayAct(id: string) {
  const queryClient = useQueryClient()
  const forget = useForget()
  return useMutation({
    mutationFn: ({ act, ...body }: ReplayAct) => api.post(`/replays/${id}/${act}`, body, Replay),
    onSuccess: (changed) => queryClient.setQueryData(replayQuery(id).queryKey, changed),
    onSettled: forget,
  })
}

/** Deliveries are still being made, or those that were made have not all ended. */
function isMoving({ state, outcomes }: Replay): boolean {
  return state === 'running' || outcomes.waiting > 0
}

function useForget() {
  const queryClient = useQueryClient()
  return () =>
    Promise.all([
      queryClient.invalidateQueries({ queryKey: ['replays', 'list'] }),
      queryClient.invalidateQueries({ queryKey: ['deliveries'] }),
      queryClient.invalidateQueries({ queryKey: ['metrics'] }),
    ])
}
