import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import { DeliveryCounts } from '../../shared/deliveries.ts'
import { EventTypes } from '../../shared/event-types.ts'
import { AcceptedEvent, type NewEvent } from '../../shared/events.ts'
import { CalledNames, type DirectoryLists, MentionableList, ResolvedMentions } from '../../shared/mentions.ts'
import { NotificationType, type NotificationTypeChange } from '../../shared/notification-types.ts'
import { pageOf } from '../../shared/paging.ts'
import type { RouteTarget } from '../../shared/route-targets.ts'
import { TemplateSummary } from '../../shared/templates.ts'
import { api, withQuery } from '../lib/api.ts'

const NotificationTypes = pageOf(NotificationType)
const Templates = pageOf(TemplateSummary)
const HELD_POLL_MS = 15_000
const READING_POLL_MS = 2_000
const UNDER_WAY_POLL_MS = 2_000

/** Every type of event that was seen or set up, by name. */
export const notificationTypesQuery = infiniteQueryOptions({
  queryKey: ['notification-types', 'list'],
  queryFn: ({ signal, pageParam }) =>
    api.get(withQuery('/notification-types', { limit: 200, cursor: pageParam }), NotificationTypes, signal),
  initialPageParam: '',
  getNextPageParam: (page) => page.next,
  refetchInterval: ({ state }) =>
    state.data?.pages.some(({ items }) => items.some(({ underWay }) => underWay)) ? UNDER_WAY_POLL_MS : false,
})

/** One type; what was never set up has the defaults. */
export const notificationTypeQuery = (type: string) =>
  queryOptions({
    queryKey: ['notification-types', 'one', type],
    queryFn: ({ signal }) => api.get(pathOf(type), NotificationType, signal),
    refetchInterval: ({ state }) => (state.data?.underWay ? UNDER_WAY_POLL_MS : false),
  })

/** How many deliveries of a type are held; counted anew once all of a large backlog is. */
export const heldOfTypeQuery = (type: string, isUnderWay: boolean) =>
  queryOptions({
    queryKey: ['deliveries', 'counts', { state: 'held', type }, isUnderWay],
    queryFn: ({ signal }) => api.get(withQuery('/deliveries/counts', { state: 'held', type }), DeliveryCounts, signal),
    refetchInterval: isUnderWay ? UNDER_WAY_POLL_MS : HELD_POLL_MS,
  })

/** The types that events came with, set up or not, and when each came last. */
export const eventTypesQuery = queryOptions({
  queryKey: ['notification-types', 'seen'],
  queryFn: ({ signal }) => api.get('/event-types', EventTypes, signal),
})

/** Every template, for a type to choose from. */
export const templateNamesQuery = queryOptions({
  queryKey: ['templates', 'all'],
  queryFn: ({ signal }) =>
    everyPage((cursor) => api.get(withQuery('/templates', { limit: 200, cursor }), Templates, signal)),
})

/** The name of every type that was set up, for a template to be shown as. */
export const typeNamesQuery = queryOptions({
  queryKey: ['notification-types', 'names'],
  queryFn: async ({ signal }) => {
    const types = await everyPage((cursor) =>
      api.get(withQuery('/notification-types', { limit: 200, cursor }), NotificationTypes, signal),
    )
    return types.map(({ type }) => type)
  },
})

async function everyPage<Item>(
  read: (cursor: string | undefined) => Promise<{ items: Item[]; next?: string | undefined }>,
): Promise<Item[]> {
  const all: Item[] = []
  let cursor: string | undefined
  do {
    const page = await read(cursor)
    all.push(...page.items)
    cursor = page.next
  } while (cursor)
  return all
}

/** People and groups of a workspace by a part of their name. */
export const mentionablesQuery = (integrationId: string, q: string) =>
  queryOptions({
    queryKey: ['mentions', 'list', integrationId, q],
    queryFn: ({ signal }) => api.get(withQuery('/mentions', { integrationId, q, limit: 10 }), MentionableList, signal),
    placeholderData: keepPreviousData,
  })

/** Whom words call in a workspace; asked again while its people are still being read. */
export const resolveMentionsQuery = (integrationId: string, words: string[]) =>
  queryOptions({
    queryKey: ['mentions', 'resolved', integrationId, words],
    queryFn: ({ signal }) => api.post('/mentions/resolve', { integrationId, words }, ResolvedMentions, signal),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (isReading(state.data) ? READING_POLL_MS : false),
  })

/** The names of these people and groups; asked again while the workspace is still being read. */
const calledNamesQuery = (integrationId: string, ids: string[]) =>
  queryOptions({
    queryKey: ['mentions', 'names', integrationId, ids],
    queryFn: ({ signal }) =>
      api.get(withQuery('/mentions/names', { integrationId, ids: ids.join(',') }), CalledNames, signal),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (isReading(state.data) ? READING_POLL_MS : false),
  })

const CALL = /<(?:@|!subteam\^)([A-Z0-9]{2,32})>/g

/** The names of whom a message calls; Slack's own text holds ids alone. */
export function useCalled(integrationId: string | undefined, message: object): { id: string; name: string }[] {
  const ids = [...new Set([...JSON.stringify(message).matchAll(CALL)].map(([, id = '']) => id))].slice(0, 50)
  const isAsked = integrationId !== undefined && ids.length > 0
  const { data } = useQuery({ ...calledNamesQuery(integrationId ?? '', ids), enabled: isAsked })
  return isAsked ? (data?.items ?? []) : NOBODY
}

const NOBODY: { id: string; name: string }[] = []

/** Hands the server an event, as the platform does. */
export function useSendEvent() {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: (event: NewEvent) => api.post('/events', event, AcceptedEvent),
    onSuccess: () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: ['deliveries', 'list'] }),
        queryClient.invalidateQueries({ queryKey: ['notification-types', 'seen'] }),
      ]),
  })
}

/** Sends a type to one more place; what is set of it already stays. */
export function useAddNotificationType() {
  const forget = useForget()
  return useMutation({
    mutationFn: async ({ type, target }: { type: string; target: RouteTarget }) => {
      const before = await api.get(pathOf(type), NotificationType)
      const kept = before.destinations.map(({ id, integrationId }): RouteTarget => {
        return id ?? { integrationId, recipient: true }
      })
      return api.patch(pathOf(type), { destinations: [...kept, target], enabled: true }, NotificationType)
    },
    onSuccess: forget,
  })
}

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

/** A list that was begun and never came to its end. */
function isReading(answer: { lists: DirectoryLists } | undefined): boolean {
  const lists = answer ? Object.values(answer.lists) : []
  return lists.some(({ state, at }) => at === undefined && (state === 'running' || state === 'never'))
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
