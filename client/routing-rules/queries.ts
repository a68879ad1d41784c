import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query'
import { pageOf } from '../../shared/paging.ts'
import {
  type NewRoutingRule,
  RoutingFallback,
  type RoutingFallbackChange,
  RoutingRule,
  type RoutingRuleChange,
} from '../../shared/routing-rules.ts'
import { TriedEvent, type TryEvent, type WhatIf, WhatIfAnswer } from '../../shared/routing-trials.ts'
import { api, withQuery } from '../lib/api.ts'

const RoutingRules = pageOf(RoutingRule)

/** Every rule, in the order in which they are tried. */
export const rulesQuery = infiniteQueryOptions({
  queryKey: ['routing-rules', 'list'],
  queryFn: ({ signal, pageParam }) =>
    api.get(withQuery('/routing-rules', { limit: 200, cursor: pageParam }), RoutingRules, signal),
  initialPageParam: '',
  getNextPageParam: (page) => page.next,
})

export const ruleQuery = (id: string) =>
  queryOptions({
    queryKey: ['routing-rules', 'one', id],
    queryFn: ({ signal }) => api.get(`/routing-rules/${id}`, RoutingRule, signal),
  })

/** Where events go that nothing else sends anywhere. */
export const fallbackQuery = queryOptions({
  queryKey: ['routing-rules', 'fallback'],
  queryFn: ({ signal }) => api.get('/routing-fallback', RoutingFallback, signal),
})

/** The engine of patterns, for conditions that use one: fetched when the first of them is written. */
export const patternsQuery = queryOptions({
  queryKey: ['routing-rules', 'patterns'],
  queryFn: async () => {
    const [{ RE2JS }, { boundedPatterns }] = await Promise.all([
      import('re2js'),
      import('../../shared/conditions/patterns.ts'),
    ])
    return boundedPatterns(RE2JS)
  },
  staleTime: Number.POSITIVE_INFINITY,
})

export function useCreateRule() {
  const forget = useForget()
  return useMutation({
    mutationFn: (rule: NewRoutingRule) => api.post('/routing-rules', rule, RoutingRule),
    onSuccess: forget,
  })
}

/** Changes a rule, switches it, or moves it to another place of the list. */
export function useChangeRule() {
  const forget = useForget()
  return useMutation({
    mutationFn: ({ id, change }: { id: string; change: RoutingRuleChange }) =>
      api.patch(`/routing-rules/${id}`, change, RoutingRule),
    onSuccess: forget,
  })
}

export function useDeleteRule() {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: (id: string) => api.delete(`/routing-rules/${id}`),
    // The page of the rule is still there, and must not ask for it once more.
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['routing-rules', 'list'] }),
  })
}

export function useChangeFallback() {
  const forget = useForget()
  return useMutation({
    mutationFn: (change: RoutingFallbackChange) => api.put('/routing-fallback', change, RoutingFallback),
    onSuccess: forget,
  })
}

/** Decides the latest events once more with a rule as it might be. */
export const whatIfQuery = (question: WhatIf) =>
  queryOptions({
    queryKey: ['routing-rules', 'what-if', question],
    queryFn: ({ signal }) => api.post('/routing/what-if', question, WhatIfAnswer, signal),
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  })

/** What would become of an event, without sending anything. */
export function useTryEvent() {
  return useMutation({ mutationFn: (event: TryEvent) => api.post('/routing/try', event, TriedEvent) })
}

function useForget() {
  const queryClient = useQueryClient()
  return () => queryClient.invalidateQueries({ queryKey: ['routing-rules'] })
}
