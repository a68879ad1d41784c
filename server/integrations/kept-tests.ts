import type { ConnectionTest } from '../../shared/connection-tests.ts'
import type { AppContext } from '../context.ts'
import { found, optional, toInstant, toPage } from '../lib/paging.ts'
import { settleAwaiting, signingSecretProvenAt } from './signing-secret.ts'
import { getIntegration } from './store.ts'
import { findTest, type KeptTest, listTestRows } from './tests-store.ts'

/** One kept run. A wait that a signed request ended elsewhere, in another replica, ends here too. */
export async function getTest(ctx: AppContext, integrationId: string, id: string): Promise<ConnectionTest> {
  const test = found(await findTest(ctx.db, integrationId, id), 'connection test', id)
  if (test.awaitsCallSince === null) return toAnswer(test)
  const provenAt = await signingSecretProvenAt(ctx.db, integrationId)
  if (provenAt === undefined || provenAt < test.awaitsCallSince) return toAnswer(test)
  await settleAwaiting(ctx, integrationId, provenAt)
  return toAnswer(found(await findTest(ctx.db, integrationId, id), 'connection test', id))
}

/** Every run of an integration, newest first. */
export async function listTests(
  ctx: AppContext,
  integrationId: string,
  page: { cursor?: string | undefined; limit: number },
): Promise<{ items: ConnectionTest[]; next?: string }> {
  await getIntegration(ctx.db, integrationId)
  return toPage(await listTestRows(ctx.db, integrationId, page), page.limit, toAnswer)
}

export const toAnswer = (test: KeptTest): ConnectionTest => ({
  id: test.id,
  number: test.number,
  state: test.state,
  startedAt: toInstant(test.startedAt),
  ...optional('endedAt', test.endedAt === null ? null : toInstant(test.endedAt)),
  by: test.byName,
  steps: test.steps,
  changes: test.changes,
})
