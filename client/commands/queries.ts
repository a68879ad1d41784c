import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query'
import { z } from 'zod'
import {
  CommandDeclaration,
  CommandUsage,
  type DeclaredCommand,
  Invocation,
  RefusalCount,
} from '../../shared/commands.ts'
import { pageOf } from '../../shared/paging.ts'
import { api, withQuery } from '../lib/api.ts'
import type { InvocationFilter } from './filter.ts'

/** A page of the log of uses: on a phone each is a card, and other parts of the page stand above. */
const USES_AT_ONCE = 20

const Commands = z.object({ items: z.array(CommandUsage) })
const Invocations = pageOf(Invocation)
const Refused = z.object({ items: z.array(RefusalCount) })

/** The commands there are, and what was made of each in the last 30 days. */
export const commandsQuery = queryOptions({
  queryKey: ['commands', 'list'],
  queryFn: ({ signal }) => api.get('/commands', Commands, signal),
})

/** Uses of commands, newest first, a page at a time. */
export const invocationsQuery = (filter: InvocationFilter) =>
  infiniteQueryOptions({
    queryKey: ['commands', 'invocations', filter],
    queryFn: ({ signal, pageParam }) =>
      api.get(withQuery('/invocations', { ...filter, limit: USES_AT_ONCE, cursor: pageParam }), Invocations, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  })

/** Requests of the last 24 hours that were refused unread, counted by why. */
export const refusedRequestsQuery = (integrationId?: string) =>
  queryOptions({
    queryKey: ['commands', 'refused', integrationId ?? 'all'],
    queryFn: ({ signal }) => api.get(withQuery('/refused-requests', { integrationId }), Refused, signal),
  })

/** Declares a command for the platform, or changes one. */
export function useDeclareCommand() {
  const forget = useForget()
  return useMutation({
    mutationFn: ({ command, declared }: { command: string; declared: DeclaredCommand }) =>
      api.put(`/commands/${encodeURIComponent(command.slice(1))}`, declared, CommandDeclaration),
    onSuccess: forget,
  })
}

export function useDropCommand() {
  const forget = useForget()
  return useMutation({
    mutationFn: (command: string) => api.delete(`/commands/${encodeURIComponent(command.slice(1))}`),
    onSuccess: forget,
  })
}

/** What a change makes stale: the list, and the manifests that name its commands. */
function useForget() {
  const queryClient = useQueryClient()
  return () =>
    Promise.all(
      [commandsQuery.queryKey, ['integrations', 'manifest']].map((queryKey) =>
        queryClient.invalidateQueries({ queryKey }),
      ),
    )
}
