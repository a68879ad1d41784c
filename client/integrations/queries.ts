import { infiniteQueryOptions, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { z } from 'zod'
import { Invocation, RefusalCount } from '../../shared/commands.ts'
import { ConnectionTest } from '../../shared/connection-tests.ts'
import {
  CatalogueEntry,
  Integration,
  IntegrationBelongings,
  type IntegrationChange,
  ManifestAnswer,
  type NewIntegration,
} from '../../shared/integrations.ts'
import { IntegrationHealth } from '../../shared/metrics.ts'
import { pageOf } from '../../shared/paging.ts'
import { api, withQuery } from '../lib/api.ts'

const Integrations = pageOf(Integration)
const Tests = pageOf(ConnectionTest)
const Catalogue = z.object({ items: z.array(CatalogueEntry) })
const Refusals = z.object({ items: z.array(RefusalCount) })
const Invocations = pageOf(Invocation)
const Health = z.object({ items: z.array(IntegrationHealth) })

const WAITING_POLL_MS = 1_500
const HEALTH_REFRESH_MS = 30_000

/** Every integration, in the order they were made. */
export const integrationsQuery = queryOptions({
  queryKey: ['integrations', 'list'],
  queryFn: async ({ signal }) => {
    const all: Integration[] = []
    let cursor: string | undefined
    do {
      const page = await api.get(withQuery('/integrations', { limit: 200, cursor }), Integrations, signal)
      all.push(...page.items)
      cursor = page.next
    } while (cursor)
    return all
  },
})

export const integrationQuery = (id: string) =>
  queryOptions({
    queryKey: ['integrations', 'one', id],
    queryFn: ({ signal }) => api.get(`/integrations/${id}`, Integration, signal),
  })

/** What can be connected, and what cannot yet. */
export const catalogueQuery = queryOptions({
  queryKey: ['integrations', 'catalogue'],
  queryFn: ({ signal }) => api.get('/integrations/catalogue', Catalogue, signal),
  staleTime: Number.POSITIVE_INFINITY,
})

/** How each integration did over the last 24 hours. */
export const integrationHealthQuery = queryOptions({
  queryKey: ['metrics', 'health'],
  queryFn: ({ signal }) => api.get('/metrics/health', Health, signal),
  refetchInterval: HEALTH_REFRESH_MS,
})

/** The latest uses of commands and buttons that reached one integration. */
export const integrationInvocationsQuery = (integrationId: string) =>
  queryOptions({
    queryKey: ['invocations', 'of', integrationId],
    queryFn: ({ signal }) => api.get(withQuery('/invocations', { integrationId, limit: 20 }), Invocations, signal),
    refetchInterval: HEALTH_REFRESH_MS,
  })

/** Requests to the addresses of one integration that were refused unread in the last 24 hours, counted by why. */
export const refusedRequestsQuery = (integrationId: string) =>
  queryOptions({
    queryKey: ['refused-requests', integrationId],
    queryFn: ({ signal }) => api.get(withQuery('/refused-requests', { integrationId }), Refusals, signal),
    refetchInterval: HEALTH_REFRESH_MS,
  })

export type ManifestWish = { name: string; features: readonly string[]; integrationId: string | undefined }

/** The manifest of a Slack app; without an id the server makes one, which is then kept. */
export const manifestQuery = ({ name, features, integrationId }: ManifestWish) =>
  queryOptions({
    queryKey: ['integrations', 'manifest', name, features.join(), integrationId ?? 'new'],
    queryFn: ({ signal }) => {
      const query = { name: name.trim().slice(0, 80), integrationId }
      // Without any feature the list must still be sent: left out, it would mean the defaults.
      return api.get(
        `${withQuery('/integrations/manifest', query)}&features=${features.join()}`,
        ManifestAnswer,
        signal,
      )
    },
    staleTime: Number.POSITIVE_INFINITY,
  })

/** The runs of the connection test, newest first. */
export const testsQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['integrations', 'tests', id],
    queryFn: ({ signal, pageParam }) =>
      api.get(withQuery(`/integrations/${id}/tests`, { limit: pageParam ? 50 : 5, cursor: pageParam }), Tests, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
  })

/** One run. While it waits for a signed request it is asked for again, so that its last step turns green by itself. */
export const testQuery = (id: string, testId: string) =>
  queryOptions({
    queryKey: ['integrations', 'tests', id, testId],
    queryFn: ({ signal }) => api.get(`/integrations/${id}/tests/${testId}`, ConnectionTest, signal),
    refetchInterval: ({ state }) =>
      state.data?.state === 'waiting' || state.data?.state === 'running' ? WAITING_POLL_MS : false,
  })

/** What a deletion would take along, counted now. */
export const belongingsQuery = (id: string) =>
  queryOptions({
    queryKey: ['integrations', 'belongings', id],
    queryFn: ({ signal }) => api.get(`/integrations/${id}/belongings`, IntegrationBelongings, signal),
    staleTime: 0,
  })

export function useCreateIntegration() {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: (body: NewIntegration) => api.post('/integrations', body, Integration),
    onSuccess: (made) => {
      queryClient.setQueryData(integrationQuery(made.id).queryKey, made)
      return queryClient.invalidateQueries(integrationsQuery)
    },
  })
}

export function useChangeIntegration(id: string) {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: (change: IntegrationChange) => api.patch(`/integrations/${id}`, change, Integration),
    onSuccess: (changed) => {
      queryClient.setQueryData(integrationQuery(id).queryKey, changed)
      return queryClient.invalidateQueries(integrationsQuery)
    },
  })
}

/** Holds what an integration sends, or lets it go; the reason is kept in the audit trail. */
export function usePauseIntegration(id: string) {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: ({ act, note }: { act: 'pause' | 'resume'; note?: string | undefined }) =>
      api.post(`/integrations/${id}/${act}`, { note }, Integration),
    onSuccess: (changed) => {
      queryClient.setQueryData(integrationQuery(id).queryKey, changed)
      return Promise.all([
        queryClient.invalidateQueries(integrationsQuery),
        queryClient.invalidateQueries({ queryKey: ['deliveries'] }),
      ])
    },
  })
}

export function useDeleteIntegration(id: string) {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: (name: string) => api.delete(withQuery(`/integrations/${id}`, { name })),
    onSuccess: () => {
      queryClient.removeQueries(integrationQuery(id))
      return Promise.all([
        queryClient.invalidateQueries(integrationsQuery),
        queryClient.invalidateQueries({ queryKey: ['destinations'] }),
        queryClient.invalidateQueries({ queryKey: ['deliveries'] }),
      ])
    },
  })
}
