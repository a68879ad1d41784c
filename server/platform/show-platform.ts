import type { PlatformCall, PlatformEndpoint } from '../../shared/platform.ts'
import { platformCode } from '../../shared/platform-codes.ts'
import type { AppContext } from '../context.ts'
import { optional, toInstant, toPage } from '../lib/paging.ts'
import { includesRole } from '../users/access.ts'
import type { Actor } from '../users/actor.ts'
import { findLastEnded, getCall, listAttempts, listCallRows, type SavedAttempt, type SavedCall } from './calls-store.ts'
import { beginningOf } from './exchange.ts'
import { getEndpoint, listSecrets } from './store.ts'

/** The endpoint of an integration, without its secret. Refuses when it has none. */
export async function showEndpoint(ctx: AppContext, integrationId: string): Promise<PlatformEndpoint> {
  const endpoint = await getEndpoint(ctx.db, integrationId)
  const secrets = await listSecrets(ctx.db, endpoint.id, ctx.now())
  const last = await findLastEnded(ctx.db, integrationId)
  const ends = secrets.flatMap(({ endsAt }) => (endsAt === null ? [] : [Number(endsAt)]))
  return {
    id: endpoint.id,
    integrationId,
    url: endpoint.url,
    enabled: endpoint.disabledAt === null,
    secret: `whsec_••••${secrets[0]?.ending ?? ''}`,
    ...(ends.length > 0 && { previousSecretUntil: toInstant(Math.max(...ends)) }),
    ...(last?.endedAt != null && { lastCall: { at: toInstant(Number(last.endedAt)), ok: last.state === 'delivered' } }),
    updatedAt: toInstant(Number(endpoint.updatedAt)),
    updatedBy: endpoint.updatedBy,
  }
}

/** The same for whoever asks. A query may hold a token, which is for those alone who may set it. */
export async function readEndpoint(ctx: AppContext, actor: Actor, integrationId: string): Promise<PlatformEndpoint> {
  const endpoint = await showEndpoint(ctx, integrationId)
  const mayChange =
    (actor.kind === 'user' && includesRole(actor.role, 'admin')) ||
    (actor.kind === 'api_key' && actor.scopes.includes('config:write'))
  return mayChange ? endpoint : { ...endpoint, url: shownUrl(endpoint.url) }
}

/** An address without its query. */
export function shownUrl(url: string): string {
  const { origin, pathname, search } = new URL(url)
  return `${origin}${pathname}${search && '?…'}`
}

/** One page of what was asked and told, newest first. */
export async function listCalls(
  ctx: AppContext,
  integrationId: string,
  page: { cursor?: string | undefined; limit: number },
) {
  const rows = await listCallRows(ctx.db, integrationId, page)
  const attempts = Map.groupBy(
    await listAttempts(
      ctx.db,
      rows.map(({ id }) => id),
    ),
    ({ callId }) => callId,
  )
  return toPage(rows, page.limit, (row) => toCall(row, attempts.get(row.id) ?? []))
}

/** One of them. */
export async function showCall(ctx: AppContext, integrationId: string, id: string): Promise<PlatformCall> {
  const row = await getCall(ctx.db, integrationId, id)
  return toCall(row, await listAttempts(ctx.db, [id]))
}

function toCall(row: SavedCall, attempts: SavedAttempt[]): PlatformCall {
  const isWaiting = row.state === 'pending' || row.state === 'retrying'
  return {
    id: row.id,
    integrationId: row.integrationId,
    kind: row.kind,
    state: row.state,
    createdAt: toInstant(Number(row.createdAt)),
    ...(row.endedAt !== null && { endedAt: toInstant(Number(row.endedAt)) }),
    ...(isWaiting && { nextAttemptAt: toInstant(Number(row.dueAt)) }),
    request: beginningOf(row.request),
    attempts: attempts.map(({ number, startedAt, tookMs, httpStatus, code, answer }) => ({
      number,
      startedAt: toInstant(Number(startedAt)),
      tookMs,
      ...optional('httpStatus', httpStatus),
      ...optional('code', code),
      ...optional('answer', answer || null),
    })),
    ...optional('code', row.code),
    ...optional('detail', row.detail),
    ...(row.code !== null && wordsOf(row.code)),
  }
}

function wordsOf(code: string): { meaning: string; fix: string } {
  const { meaning, fix } = platformCode(code)
  return { meaning, fix }
}
