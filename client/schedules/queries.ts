import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query'
import { pageOf } from '../../shared/paging.ts'
import { Schedule, SchedulePreview, ScheduleRun } from '../../shared/schedules.ts'
import { api, withQuery } from '../lib/api.ts'
import { changeOf, draftOf, EMPTY, type ScheduleDraft } from './draft.ts'

const Schedules = pageOf(Schedule)
const Runs = pageOf(ScheduleRun)
const POLL_MS = 15_000
/** While a run is under way. */
const SOON_MS = 1_000
const RUNS = 20

/** Every schedule, oldest first. */
export const schedulesQuery = infiniteQueryOptions({
  queryKey: ['schedules', 'list'],
  queryFn: ({ signal, pageParam }) => api.get(withQuery('/schedules', { cursor: pageParam }), Schedules, signal),
  initialPageParam: '',
  getNextPageParam: (page) => page.next,
  refetchInterval: POLL_MS,
})

export const scheduleQuery = (id: string) =>
  queryOptions({
    queryKey: ['schedules', 'one', id],
    queryFn: ({ signal }) => api.get(`/schedules/${id}`, Schedule, signal),
    refetchInterval: POLL_MS,
  })

/** What a cron text means; an error names what is wrong with it. */
export const schedulePreviewQuery = (cron: string, timeZone: string) =>
  queryOptions({
    queryKey: ['schedules', 'preview', cron, timeZone],
    queryFn: ({ signal }) => api.post('/schedules/preview', { cron, timeZone }, SchedulePreview, signal),
    placeholderData: keepPreviousData,
    retry: false,
  })

/** The runs of a schedule, newest first; looked at often while one is under way. */
export const scheduleRunsQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['schedules', 'runs', id],
    queryFn: ({ signal, pageParam }) =>
      api.get(withQuery(`/schedules/${id}/runs`, { cursor: pageParam, limit: RUNS }), Runs, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    refetchInterval: ({ state }) => {
      const newest = state.data?.pages[0]?.items ?? []
      return newest.some((run) => run.state === 'waiting' || run.state === 'running') ? SOON_MS : POLL_MS
    },
  })

/** Adds a schedule, or changes of the one with this id what is given: the rest stays as somebody else may just have set it. */
export function useSaveSchedule(id: string | undefined) {
  const queryClient = useQueryClient()
  return useScheduleChange(async (changes: Partial<ScheduleDraft>) => {
    if (id === undefined) return api.post('/schedules', changeOf({ ...EMPTY, ...changes }), Schedule)
    const now = draftOf(await api.get(`/schedules/${id}`, Schedule))
    const saved = await api.put(`/schedules/${id}`, changeOf({ ...now, ...changes }), Schedule)
    queryClient.setQueryData(scheduleQuery(id).queryKey, saved)
    return saved
  })
}

export function useRunNow(id: string) {
  return useScheduleChange(() => api.post(`/schedules/${id}/run`, {}, ScheduleRun))
}

export function useDeleteSchedule(id: string) {
  return useScheduleChange(() => api.delete(`/schedules/${id}`))
}

function useScheduleChange<Wish, Made>(mutationFn: (wish: Wish) => Promise<Made>) {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn,
    // Not waited for: who saves a new one goes to its page at once.
    onSuccess: () => void queryClient.invalidateQueries({ queryKey: ['schedules'] }),
  })
}
