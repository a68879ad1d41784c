import { infiniteQueryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import {
  Applied,
  type ApplyRequest,
  ChangeSet,
  ConfigurationPlan,
  type ConfigurationRequest,
  ExportedConfiguration,
} from '../../shared/configuration.ts'
import { pageOf } from '../../shared/paging.ts'
import { api, withQuery } from '../lib/api.ts'

const ChangeSets = pageOf(ChangeSet)

/** What was applied, newest first. */
export const changeSetsQuery = infiniteQueryOptions({
  queryKey: ['configuration', 'changes'],
  queryFn: ({ signal, pageParam }) =>
    api.get(withQuery('/configuration/changes', { cursor: pageParam, limit: 20 }), ChangeSets, signal),
  initialPageParam: '',
  getNextPageParam: (page) => page.next,
})

/** Asks what a file would change. Slack may be asked for its channels, so it is asked only when told to. */
export function usePlan() {
  return useMutation({
    mutationFn: (request: ConfigurationRequest) => api.post('/configuration/plan', request, ConfigurationPlan),
  })
}

/** Applies what was planned. Nearly everything that is shown elsewhere may be another one then. */
export function useApply() {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: (request: ApplyRequest) => api.post('/configuration/apply', request, Applied),
    onSuccess: () => queryClient.invalidateQueries(),
  })
}

/** Everything as a file. */
export function useExport() {
  return useMutation({
    mutationFn: (format: 'yaml' | 'json') =>
      api.get(withQuery('/configuration/export', { format }), ExportedConfiguration),
  })
}
