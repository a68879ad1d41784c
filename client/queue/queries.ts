import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { Destination } from '../../shared/destinations.ts'
import { Purged, PurgePreview, Queue } from '../../shared/queue.ts'
import { api, withQuery } from '../lib/api.ts'

const POLL_MS = 5_000

/** What waits, read again while the page is looked at. */
export const queueQuery = queryOptions({
  queryKey: ['queue'],
  queryFn: ({ signal }) => api.get('/queue', Queue, signal),
  refetchInterval: POLL_MS,
})

/** What would be dropped of one line. */
export const purgeQuery = (destinationId: string) =>
  queryOptions({
    queryKey: ['queue', 'purge', destinationId],
    queryFn: ({ signal }) => api.get(withQuery('/queue/purge', { destinationId }), PurgePreview, signal),
    staleTime: 0,
  })

/** Drops what the preview showed, and nothing that came since. */
export function usePurge(destinationId: string) {
  const forget = useForget()
  return useMutation({
    mutationFn: (expected: number) => api.post('/queue/purge', { destinationId, expected }, Purged),
    onSuccess: forget,
  })
}

/** Holds a line, or lets it go. */
export function usePauseLine(destinationId: string) {
  const forget = useForget()
  return useMutation({
    mutationFn: ({ act, note }: { act: 'pause' | 'resume'; note?: string | undefined }) =>
      api.post(`/destinations/${destinationId}/${act}`, { note }, Destination),
    onSuccess: forget,
  })
}

/** What a change of a line makes stale. */
function useForget() {
  const queryClient = useQueryClient()
  return () =>
    Promise.all(
      ['queue', 'incidents', 'destinations', 'deliveries', 'metrics'].map((key) =>
        queryClient.invalidateQueries({ queryKey: [key] }),
      ),
    )
}
