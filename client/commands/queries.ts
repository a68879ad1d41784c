import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import { z } from 'zod'
import { CommandUsage, Invocation, RefusalCount } from '../../shared/commands.ts'
import { pageOf } from '../../shared/paging.ts'
import { api, withQuery } from '../lib/api.ts'
import type { InvocationFilter } from './filter.ts'

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
      api.get(withQuery('/invocations', { ...filter, cursor: pageParam }), Invocations, signal),
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
