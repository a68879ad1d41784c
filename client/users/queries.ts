import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { z } from 'zod'
import { type Role, roles, Session, type SetupBody, SetupState } from '../../shared/users.ts'
import { api } from '../lib/api.ts'

const Anything = z.unknown()

/** Who is signed in; null when nobody is. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => api.get('/auth/get-session', Session, signal),
  staleTime: 60_000,
  retry: false,
})

/** Whether the first admin has still to be made. */
export const setupQuery = queryOptions({
  queryKey: ['setup'],
  queryFn: ({ signal }) => api.get('/setup', SetupState, signal),
  retry: false,
})

/** Whether the person signed in has this role or one above it: what they may not do is not shown to them. */
export function useCan(needed: Role): boolean {
  const { data } = useQuery(sessionQuery)
  return data ? roles.indexOf(data.user.role) >= roles.indexOf(needed) : false
}

export function useSignIn() {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: (body: { email: string; password: string }) => api.post('/auth/sign-in/email', body, Anything),
    onSuccess: () => queryClient.resetQueries(),
  })
}

export function useSignOut() {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: () => api.post('/auth/sign-out', {}, Anything),
    onSettled: () => {
      queryClient.clear()
      queryClient.setQueryData(sessionQuery.queryKey, null)
    },
  })
}

/** Makes the first admin, then signs in as them. */
export function useSetUp() {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: async (body: SetupBody) => {
      await api.post('/setup', body, Anything)
      await api.post('/auth/sign-in/email', { email: body.email, password: body.password }, Anything)
    },
    onSuccess: () => queryClient.resetQueries(),
  })
}
