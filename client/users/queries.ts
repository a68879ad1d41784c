import { infiniteQueryOptions, queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { z } from 'zod'
import { pageOf } from '../../shared/paging.ts'
import {
  type NewUser,
  type ProfileChange,
  type Role,
  roles,
  Session,
  type SetupBody,
  SetupState,
  User,
  type UserChange,
} from '../../shared/users.ts'
import { api, withQuery } from '../lib/api.ts'

const Anything = z.unknown()

const SESSION = ['session']
type Known = (NonNullable<Session> & { hasEnded?: true }) | null

/**
 * Who is signed in; null when nobody is. A session that ends on its own is still known, as ended: what its person had
 * half filled in stays until they sign in again.
 */
export const sessionQuery = queryOptions({
  queryKey: SESSION,
  queryFn: async ({ signal, client }): Promise<Known> => {
    const session = await api.get('/auth/get-session', Session, signal)
    const before = client.getQueryData<Known>(SESSION)
    return session ?? (before ? { ...before, hasEnded: true } : null)
  },
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
    mutationFn: async (body: { email: string; password: string }) => {
      await api.post('/auth/sign-in/email', body, Anything)
      return api.get('/auth/get-session', Session)
    },
    // The same person goes on where they were; for another one nothing of it may be left.
    onSuccess: (session) => {
      if (session?.user.id !== queryClient.getQueryData(sessionQuery.queryKey)?.user.id)
        return queryClient.resetQueries()
      queryClient.setQueryData(sessionQuery.queryKey, session)
      return queryClient.invalidateQueries()
    },
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

/**
 * Makes the first admin, then signs in as them. The account stands though the sign-in fails, and where somebody else was
 * first the setup is over: the page shows either.
 */
export function useSetUp() {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: async (body: SetupBody) => {
      await api.post('/setup', body, Anything)
      const isSignedIn = await api
        .post('/auth/sign-in/email', { email: body.email, password: body.password }, Anything)
        .then(
          () => true,
          () => false,
        )
      return { isSignedIn }
    },
    onSuccess: () => queryClient.resetQueries(),
    onError: () => queryClient.invalidateQueries(setupQuery),
  })
}

const Users = pageOf(User)

/** Everyone with an account, oldest first. */
export const usersQuery = infiniteQueryOptions({
  queryKey: ['users'],
  queryFn: ({ signal, pageParam }) => api.get(withQuery('/users', { limit: 100, cursor: pageParam }), Users, signal),
  initialPageParam: '',
  getNextPageParam: (page) => page.next,
})

/** One's own account. */
export const profileQuery = queryOptions({
  queryKey: ['profile'],
  queryFn: ({ signal }) => api.get('/profile', User, signal),
})

export function useAddPerson() {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: (body: z.infer<typeof NewUser>) => api.post('/users', body, User),
    onSuccess: () => queryClient.invalidateQueries(usersQuery),
  })
}

/** An admin may change their own name and role here too, so who is signed in is asked again. */
export function useChangePerson(id: string) {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: (change: z.infer<typeof UserChange>) => api.patch(`/users/${id}`, change, User),
    onSuccess: () =>
      Promise.all([queryClient.invalidateQueries(usersQuery), queryClient.invalidateQueries(sessionQuery)]),
  })
}

export function useChangeProfile() {
  const queryClient = useQueryClient()
  return useMutation({
    mutationFn: (change: ProfileChange) => api.patch('/profile', change, User),
    onSuccess: (changed) => {
      queryClient.setQueryData(profileQuery.queryKey, changed)
      return queryClient.invalidateQueries(sessionQuery)
    },
  })
}
