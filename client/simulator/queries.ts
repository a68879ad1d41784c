import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { z } from 'zod'
import { Answered, App, Call, Channel, control, Fault, Message, Person, Settings } from './control.ts'

/** A big workspace has 20,000 channels: the list shows this many and finds the rest by name. */
export const CHANNELS_SHOWN = 200
export const CALLS_SHOWN = 100

export const settingsQuery = queryOptions({
  queryKey: ['settings'],
  queryFn: () => control('GET', '/settings', Settings),
})

export const channelsQuery = (search: string) =>
  queryOptions({
    queryKey: ['channels', search],
    queryFn: () =>
      control('GET', `/channels?limit=${CHANNELS_SHOWN}&q=${encodeURIComponent(search)}`, z.array(Channel)),
    placeholderData: (before: Channel[] | undefined) => before,
  })

export const channelQuery = (id: string) =>
  queryOptions({ queryKey: ['channel', id], queryFn: () => control('GET', `/channels/${id}`, Channel) })

export const messagesQuery = (channelId: string) =>
  queryOptions({
    queryKey: ['messages', channelId],
    queryFn: () => control('GET', `/channels/${channelId}/messages?limit=200`, z.array(Message)),
  })

export const peopleQuery = queryOptions({
  queryKey: ['people'],
  queryFn: () => control('GET', '/users', z.array(Person)),
})

export const appsQuery = queryOptions({ queryKey: ['apps'], queryFn: () => control('GET', '/apps', z.array(App)) })

export const faultsQuery = queryOptions({
  queryKey: ['faults'],
  queryFn: () => control('GET', '/faults', z.array(Fault)),
})

export const callsQuery = queryOptions({
  queryKey: ['calls'],
  queryFn: () => control('GET', `/calls?limit=${CALLS_SHOWN}`, z.array(Call)),
})

type Change = { method: 'POST' | 'PATCH' | 'DELETE'; path: string; body?: unknown }

/** Any change to the sandbox. Whatever is shown may depend on it, so everything is asked for again. */
export function useChange() {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: ({ method, path, body }: Change) => control(method, path, z.unknown(), body),
    onSettled: () => queryClient.invalidateQueries(),
  })
}

/** A command typed or a button clicked: what the app answered, and how fast. */
export function useAct(path: '/commands' | '/clicks') {
  return useMutation({ mutationFn: (body: Record<string, unknown>) => control('POST', path, Answered, body) })
}
