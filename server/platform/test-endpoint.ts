import { Webhook } from 'standardwebhooks'
import type { PlatformTest } from '../../shared/platform.ts'
import { platformCode } from '../../shared/platform-codes.ts'
import { recordAudit } from '../audit/record.ts'
import type { AppContext } from '../context.ts'
import { optional } from '../lib/paging.ts'
import type { Actor } from '../users/actor.ts'
import { askEndpoint } from './call-platform.ts'
import { beginningOf, bodyOf } from './exchange.ts'
import { headersOf } from './secrets.ts'
import { getEndpoint, type SavedEndpoint } from './store.ts'

const TEST_DEADLINE_MS = 10_000

/** Sends a signed ping, and when that is taken one with a wrong signature, which has to be refused. */
export async function testEndpoint(ctx: AppContext, actor: Actor, integrationId: string): Promise<PlatformTest> {
  const endpoint = await getEndpoint(ctx.db, integrationId)
  const result = await askEndpoint(ctx, endpoint, { kind: 'ping', body: { integrationId } }, TEST_DEADLINE_MS)
  const isOk = result.kind === 'answered' || result.code === 'not_json' || result.code === 'not_taken'
  const test: PlatformTest = {
    ok: isOk,
    tookMs: result.tookMs,
    ...(result.kind === 'answered'
      ? { httpStatus: result.status, ...optional('answer', answerOf(result.body)) }
      : failureWords(result)),
    ...(isOk && { checksSignatures: await refusesForgery(ctx, endpoint) }),
  }
  await ctx.db.transaction().execute((trx) =>
    recordAudit(ctx, trx, actor, {
      action: 'platform_endpoint.tested',
      subject: { kind: 'platform_endpoint', id: endpoint.id, name: new URL(endpoint.url).host },
      detail: { integrationId, ok: test.ok, ...optional('code', test.code) },
    }),
  )
  return test
}

function answerOf(body: unknown): string | undefined {
  return body === undefined ? undefined : beginningOf(JSON.stringify(body))
}

function failureWords({ code, detail, httpStatus }: { code: string; detail?: string; httpStatus?: number }) {
  const { meaning, fix } = platformCode(code)
  return { code, meaning, fix, ...optional('detail', detail), ...optional('httpStatus', httpStatus) }
}

/** A key that nobody has. */
const FORGED = new Webhook(Buffer.alloc(24).toString('base64'))

async function refusesForgery(ctx: AppContext, endpoint: SavedEndpoint): Promise<boolean> {
  const id = ctx.newId('pcl')
  const at = ctx.now()
  const body = bodyOf('ping', at, { integrationId: endpoint.integrationId, forged: true })
  const headers = headersOf(id, at, [FORGED.sign(id, new Date(at), body)])
  const answer = await ctx.platform.ask(endpoint.url, { headers, body, deadlineMs: TEST_DEADLINE_MS })
  return answer.kind === 'answered' && answer.status >= 400 && answer.status < 500
}
