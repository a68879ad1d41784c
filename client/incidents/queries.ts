import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { Incident } from '../../shared/incidents.ts'
import { pageOf } from '../../shared/paging.ts'
import { api, withQuery } from '../lib/api.ts'

const Incidents = pageOf(Incident)
const POLL_MS = 15_000
const MOST_COUNTED = 200

/** The problems that stand open now, newest first. */
export const openIncidentsQuery = queryOptions({
  queryKey: ['incidents', 'open'],
  queryFn: ({ signal }) => api.get(withQuery('/incidents', { open: 'true', limit: MOST_COUNTED }), Incidents, signal),
  refetchInterval: POLL_MS,
})

/** All of them, open and closed, newest first. */
export const incidentsQuery = infiniteQueryOptions({
  queryKey: ['incidents', 'list'],
  queryFn: ({ signal, pageParam }) => api.get(withQuery('/incidents', { cursor: pageParam }), Incidents, signal),
  initialPageParam: '',
  getNextPageParam: (page) => page.next,
  refetchInterval: POLL_MS,
})

/** Where the thing that an incident is about is shown and put right. */
export function subjectPath({ subject, integrationId }: Pick<Incident, 'subject' | 'integrationId'>): string {
  if (subject.kind === 'schedule') return `/notifications/schedules/${subject.id}`
  return `/integrations/${integrationId}/${TAB[subject.kind]}`
}

const TAB = { destination: 'destinations', integration: 'connection', platform_endpoint: 'platform' }
