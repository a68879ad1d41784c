import { infiniteQueryOptions, useMutation } from '@tanstack/react-query'
import { AuditCheck, AuditEntry } from '../../shared/audit.ts'
import { pageOf } from '../../shared/paging.ts'
import { api, withQuery } from '../lib/api.ts'

const Entries = pageOf(AuditEntry)

export type AuditFilter = { action?: string | undefined; subject?: string | undefined; actor?: string | undefined }

/** Who changed what, newest first. */
export const auditQuery = (filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ['audit', filter],
    queryFn: ({ signal, pageParam }) =>
      api.get(withQuery('/audit', { ...filter, limit: 50, cursor: pageParam }), Entries, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
  })

/** Reads the whole trail on the server, so it is done when somebody asks for it. */
export function useCheckTrail() {
  return useMutation({ mutationFn: () => api.get('/audit/check', AuditCheck) })
}
