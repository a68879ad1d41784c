import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query'
import { z } from 'zod'
import { Delivery } from '../../shared/deliveries.ts'
import { pageOf } from '../../shared/paging.ts'
import {
  CaseResults,
  type PreviewRequest,
  Rendered,
  type RollbackTemplate,
  type RunCases,
  type SendTemplate,
  Template,
  type TemplateChange,
  TemplatePreset,
  TemplateSummary,
  TemplateVersion,
} from '../../shared/templates.ts'
import { ApiError, api, withQuery } from '../lib/api.ts'

const Templates = pageOf(TemplateSummary)
const Versions = pageOf(TemplateVersion)
const Presets = z.object({ items: z.array(TemplatePreset) })
const Added = z.object({ added: z.array(z.string()) })
const Deliveries = pageOf(Delivery.pick({ eventId: true, title: true, createdAt: true, type: true }))

export const templatesQuery = infiniteQueryOptions({
  queryKey: ['templates', 'list'],
  queryFn: ({ signal, pageParam }) =>
    api.get(withQuery('/templates', { limit: 200, cursor: pageParam }), Templates, signal),
  initialPageParam: '',
  getNextPageParam: (page) => page.next,
})

export const presetsQuery = queryOptions({
  queryKey: ['templates', 'presets'],
  queryFn: async ({ signal }) => (await api.get('/templates/presets', Presets, signal)).items,
})

export const templateQuery = (name: string) =>
  queryOptions({
    queryKey: ['templates', 'one', name],
    queryFn: ({ signal }) => api.get(pathOf(name), Template, signal),
    // What is being edited does not change under the hands.
    refetchOnWindowFocus: false,
  })

export const versionsQuery = (name: string) =>
  infiniteQueryOptions({
    queryKey: ['templates', 'versions', name],
    queryFn: ({ signal, pageParam }) =>
      api.get(withQuery(`${pathOf(name)}/versions`, { limit: 20, cursor: pageParam }), Versions, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
  })

export const versionQuery = (name: string, number: number) =>
  queryOptions({
    queryKey: ['templates', 'version', name, number],
    queryFn: ({ signal }) => api.get(`${pathOf(name)}/versions/${number}`, TemplateVersion, signal),
    staleTime: Number.POSITIVE_INFINITY,
  })

/** What a source makes of some data; the last answer stays until the next is there. */
export const previewQuery = (request: PreviewRequest | undefined) =>
  queryOptions({
    queryKey: ['templates', 'preview', request],
    queryFn: ({ signal }) => api.post('/templates/preview', request, Rendered, signal),
    enabled: request !== undefined,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  })

/** How cases come out with a source; the last answer stays until the next is there. */
export const casesQuery = (request: RunCases) =>
  queryOptions({
    queryKey: ['templates', 'preview', 'cases', request],
    queryFn: ({ signal }) => api.post('/templates/cases', request, CaseResults, signal),
    enabled: request.source !== '' && request.cases.length > 0,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  })

/** The events of the latest messages, each once. */
export const recentEventsQuery = queryOptions({
  queryKey: ['deliveries', 'recent-events'],
  queryFn: async ({ signal }) => {
    const { items } = await api.get(withQuery('/deliveries', { limit: 100 }), Deliveries, signal)
    const seen = new Map<string, { id: string; title: string; type: string; at: string }>()
    for (const { eventId, title, createdAt, type } of items) {
      if (eventId && !seen.has(eventId)) seen.set(eventId, { id: eventId, title, type: type ?? '', at: createdAt })
    }
    return [...seen.values()]
  },
})

export function useAddPresets() {
  const forget = useForget()
  return useMutation({
    mutationFn: (names: string[]) => api.post('/templates/presets', { names }, Added),
    onSuccess: forget,
  })
}

export function useChangeTemplate(name: string) {
  const keep = useKeep(name)
  return useMutation({
    mutationFn: (change: TemplateChange) => api.put(pathOf(name), change, Template),
    onSuccess: keep,
    onError: useReadAgain(name),
  })
}

export function useRollBack(name: string) {
  const keep = useKeep(name)
  return useMutation({
    mutationFn: (wanted: RollbackTemplate) => api.post(`${pathOf(name)}/rollback`, wanted, Template),
    onSuccess: keep,
    onError: useReadAgain(name),
  })
}

export function useDeleteTemplate(name: string) {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: () => api.delete(pathOf(name)),
    // Not only marked as old: the list must not show it once more.
    onSuccess: () => queryClient.removeQueries({ queryKey: ['templates'], type: 'inactive' }),
  })
}

export function useSendTemplate(name: string) {
  return useMutation({ mutationFn: (wanted: SendTemplate) => api.post(`${pathOf(name)}/send`, wanted, Delivery) })
}

const pathOf = (name: string): string => `/templates/${encodeURIComponent(name)}`

function useKeep(name: string) {
  const queryClient = useQueryClient()
  const forget = useForget()
  return (template: Template) => {
    queryClient.setQueryData(templateQuery(name).queryKey, template)
    return forget()
  }
}

/** Refused because somebody else was first: what they saved is read, to be looked at and built upon. */
function useReadAgain(name: string) {
  const queryClient = useQueryClient()
  const forget = useForget()
  return (error: Error) => {
    if (!(error instanceof ApiError && error.code === 'conflict')) return
    return Promise.all([queryClient.invalidateQueries(templateQuery(name)), forget()])
  }
}

function useForget() {
  const queryClient = useQueryClient()
  return () =>
    queryClient.invalidateQueries({
      predicate: ({ queryKey: [slice, kind] }) => slice === 'templates' && kind !== 'preview' && kind !== 'one',
    })
}
