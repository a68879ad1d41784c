import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { pageOf } from '../../shared/paging.ts'
import {
  PlatformCall,
  PlatformEndpoint,
  type PlatformEndpointChange,
  PlatformEndpointMade,
  PlatformTest,
} from '../../shared/platform.ts'
import { ApiError, api, withQuery } from '../lib/api.ts'

const Calls = pageOf(PlatformCall)
const PAGE = 20
const POLL_MS = 5_000

const pathOf = (integrationId: string) => `/integrations/${integrationId}/platform`
const keyOf = (integrationId: string) => ['platform', integrationId]

/** Where the platform of an integration is; null when that was not said yet. */
export const platformQuery = (integrationId: string) =>
  queryOptions({
    queryKey: [...keyOf(integrationId), 'endpoint'],
    queryFn: async ({ signal }) => {
      try {
        return await api.get(pathOf(integrationId), PlatformEndpoint, signal)
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return null
        throw error
      }
    },
  })

/** What it was asked and told, newest first. */
export const platformCallsQuery = (integrationId: string) =>
  infiniteQueryOptions({
    queryKey: [...keyOf(integrationId), 'calls'],
    queryFn: ({ signal, pageParam }) =>
      api.get(withQuery(`${pathOf(integrationId)}/calls`, { cursor: pageParam, limit: PAGE }), Calls, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    refetchInterval: POLL_MS,
  })

/** One call, which may be older than those that are listed. */
export const platformCallQuery = (integrationId: string, id: string) =>
  queryOptions({
    queryKey: [...keyOf(integrationId), 'call', id],
    queryFn: ({ signal }) => api.get(`${pathOf(integrationId)}/calls/${encodeURIComponent(id)}`, PlatformCall, signal),
  })

/** Sets the address, or switches it on or off. Made for the first time, the answer carries its secret. */
export function usePutPlatform(integrationId: string) {
  return usePlatformChange(integrationId, (change: PlatformEndpointChange) =>
    api.put(pathOf(integrationId), change, PlatformEndpointMade),
  )
}

/** Makes a new secret; the answer carries it this once. */
export function useRollSecret(integrationId: string) {
  return usePlatformChange(integrationId, (overlapHours: number) =>
    api.post(`${pathOf(integrationId)}/roll-secret`, { overlapHours }, PlatformEndpointMade),
  )
}

export function useDeletePlatform(integrationId: string) {
  return usePlatformChange(integrationId, () => api.delete(pathOf(integrationId)))
}

/** Sends a signed ping. */
export function useTestPlatform(integrationId: string) {
  return usePlatformChange(integrationId, () => api.post(`${pathOf(integrationId)}/test`, {}, PlatformTest))
}

function usePlatformChange<Wish, Made>(integrationId: string, mutationFn: (wish: Wish) => Promise<Made>) {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn,
    // Not waited for: what is read anew may take away the form, whose own next step, showing the secret, would be lost.
    onSettled: () => void queryClient.invalidateQueries({ queryKey: keyOf(integrationId) }),
  })
}
