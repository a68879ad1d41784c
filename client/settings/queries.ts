import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import { pageOf } from '../../shared/paging.ts'
import { ApiKey, MadeApiKey, type NewApiKey } from '../../shared/users.ts'
import { api, readiness, withQuery } from '../lib/api.ts'

const Keys = pageOf(ApiKey)

/** Keys that platforms and scripts use, newest first. */
export const apiKeysQuery = infiniteQueryOptions({
  queryKey: ['api-keys'],
  queryFn: ({ signal, pageParam }) => api.get(withQuery('/api-keys', { limit: 50, cursor: pageParam }), Keys, signal),
  initialPageParam: '',
  getNextPageParam: (page) => page.next,
})

/** What the server says of itself. */
export const readinessQuery = queryOptions({
  queryKey: ['readiness'],
  queryFn: ({ signal }) => readiness(signal),
})

export function useMakeKey() {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: (body: z.infer<typeof NewApiKey>) => api.post('/api-keys', body, MadeApiKey),
    onSuccess: () => queryClient.invalidateQueries(apiKeysQuery),
    // The key itself is in the answer: it is forgotten as soon as the dialog is closed.
    gcTime: 0,
  })
}

export function useRevokeKey() {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => api.delete(`/api-keys/${id}`),
    onSuccess: () => queryClient.invalidateQueries(apiKeysQuery),
  })
}
