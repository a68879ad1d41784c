import { AuditCheck, AuditEntry, ListAudit } from '../../shared/audit.ts'
import { pageOf } from '../../shared/paging.ts'
import type { AppContext } from '../context.ts'
import { answer, createRoute, newRoutes } from '../lib/routes.ts'
import { listEntries } from './store.ts'
import { verifyChain } from './verify-chain.ts'

/** /api/audit: who changed what, and whether the trail is whole. Nothing here changes it. */
export function auditHttp(ctx: AppContext) {
  return newRoutes()
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/audit',
        tags: ['Audit'],
        summary: 'Who changed what',
        request: { query: ListAudit },
        responses: { 200: answer(pageOf(AuditEntry), 'Entries, newest first.') },
      }),
      async (c) => c.json(await listEntries(ctx.db, c.req.valid('query')), 200),
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/audit/check',
        tags: ['Audit'],
        summary: 'Whether the trail is as it was written',
        description:
          'Each entry’s hash covers the one before, so an entry that was changed, taken out or moved shows. Keep the head elsewhere to notice a trail that was cut short.',
        responses: { 200: answer(AuditCheck, 'What the check found.') },
      }),
      async (c) => c.json(await verifyChain(ctx.db), 200),
    )
}
