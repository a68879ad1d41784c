import type { AppContext } from '../context.ts'
import { notifyLoop } from '../db/engine.ts'
import type { Db } from '../db/schema.ts'
import type { PlatformQuestion } from './call-platform.ts'
import { insertCall } from './calls-store.ts'
import { bodyOf } from './exchange.ts'
import { findEndpoint } from './store.ts'

const MOST_NOTICE_BYTES = 256 * 1024

/**
 * Keeps a notice for the platform, in the transaction of what it tells of; it is then sent until it is taken. Gives its
 * id, or undefined where there is nobody to tell: no endpoint, or one that is switched off. After the commit nudge
 * `platform_notices`.
 */
export async function notifyPlatform(
  ctx: AppContext,
  trx: Db,
  integrationId: string,
  { kind, body }: PlatformQuestion,
): Promise<string | undefined> {
  const endpoint = await findEndpoint(trx, integrationId)
  if (!endpoint || endpoint.disabledAt !== null) return undefined
  const id = ctx.newId('pcl')
  const request = bodyOf(kind, ctx.now(), body)
  if (Buffer.byteLength(request) > MOST_NOTICE_BYTES)
    throw new Error(`The notice ${kind} is longer than a notice may be.`)
  const dueAt = await ctx.storeNow(trx)
  await insertCall(trx, {
    id,
    integrationId,
    kind,
    state: 'pending',
    request,
    tries: 0,
    dueAt,
    claimedBy: null,
    leaseEndsAt: null,
    createdAt: ctx.now(),
    endedAt: null,
    code: null,
    detail: null,
  })
  await notifyLoop(trx, 'platform_notices')
  return id
}
