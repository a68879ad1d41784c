import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { z } from 'zod'
import { Attention, Overview, Window } from '../../shared/metrics.ts'
import { api, withQuery } from '../lib/api.ts'

const AttentionList = z.object({ items: z.array(Attention) })

/** The search parameter that holds the window, the same on every page that has one. */
export const WINDOW_PARAM = 'window'
export const windowChoices: readonly Window[] = Window.options
/** What a page shows when its address says nothing. */
export const FIRST_WINDOW: Window = '24h'

export type OverviewWish = { window: Window; integrationId: string | undefined }

/** Every figure of the Overview, for all integrations or one. While another window loads, the one before stays. */
export const overviewQuery = ({ window, integrationId }: OverviewWish) =>
  queryOptions({
    queryKey: ['metrics', 'overview', window, integrationId ?? 'all'],
    queryFn: ({ signal }) => api.get(withQuery('/metrics/overview', { window, integrationId }), Overview, signal),
    placeholderData: keepPreviousData,
  })

/** What asks for a person, worst first. */
export const attentionQuery = queryOptions({
  queryKey: ['metrics', 'attention'],
  queryFn: ({ signal }) => api.get('/metrics/attention', AttentionList, signal),
})
