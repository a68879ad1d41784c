import type { AppContext } from '../context.ts'
import { durableWrites } from '../db/durable-writes.ts'
import { parametersOf } from './commands/declare-command.ts'
import type { SavedCommand } from './commands/declared-store.ts'
import { parseParameters } from './commands/parse-parameters.ts'
import { sealAsked } from './commands/waiting.ts'
import { insertAsked } from './commands/waiting-store.ts'
import type { VerifiedCall } from './door.ts'
import { type NewUse, rowOf } from './invocation-row.ts'

/** Slack takes an answer for so long after the use. */
const RESPONSE_URL_LIFE_MS = 30 * 60_000
const MOST_PER_COMMIT = 100

/** Keeps uses that the platform answers, so that they are answered whatever becomes of this process. False: a replay. */
export function declaredKeeper(
  ctx: AppContext,
): (call: VerifiedCall, use: NewUse, to: SavedCommand) => Promise<boolean> {
  const keep = durableWrites(ctx.db, insertAsked, MOST_PER_COMMIT)

  return async (call, use, declared) => {
    const id = ctx.newId('inv')
    const { integrationId } = call
    const { text, response_url: responseUrl } = use.command
    const names = parametersOf(declared).map(({ name }) => name)
    const asked = { text, responseUrl, handler: declared.handler, parameters: parseParameters(text, names) }
    const sealed = await sealAsked(ctx, id, integrationId, asked)
    const now = await ctx.storeNow(ctx.db)
    const waiting = {
      invocationId: id,
      integrationId,
      asked: sealed,
      answer: null,
      tries: 0,
      dueAt: now,
      claimedBy: null,
      expiresAt: now + RESPONSE_URL_LIFE_MS,
    }
    const isNew = await keep({ invocation: rowOf(id, call, use, { outcome: 'waiting', code: null }), waiting })
    if (isNew) ctx.nudge('commands')
    return isNew
  }
}
