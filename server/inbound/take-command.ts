import type { AppContext } from '../context.ts'
import { durableWrites } from '../db/durable-writes.ts'
import { findDeclaredCommand, type SavedCommand } from './commands/declared-store.ts'
import { isOurs } from './commands/table.ts'
import { isResponseUrl } from './confirm-test.ts'
import type { Door, Reply, VerifiedCall } from './door.ts'
import { type NewUse, rowOf } from './invocation-row.ts'
import { readForm, SlashCommand } from './payloads.ts'
import { type CommandResult, runCommand } from './run-command.ts'
import { insertInvocations } from './store.ts'
import { declaredKeeper } from './take-declared.ts'

/**
 * Takes verified slash commands. One of ours: the answer is worked out, the use is kept for good, and only then is Slack
 * answered; uses that come at the same time share one commit. One of the platform's: the use is kept, Slack is answered
 * with silence, and the answer follows at the response_url.
 */
export function commandTaker(ctx: AppContext, door: Door): (call: VerifiedCall) => Promise<Reply> {
  const keep = durableWrites(ctx.db, insertInvocations, MOST_PER_COMMIT)
  const keepDeclared = declaredKeeper(ctx)

  const keptOrReply = async (call: VerifiedCall, command: string, keeping: () => Promise<boolean>, reply: Reply) => {
    let isNew: boolean
    try {
      isNew = await keeping()
    } catch (error) {
      ctx.log.error('command.not_kept', { integrationId: call.integrationId, command, error })
      return toPerson(NOT_KEPT)
    }
    if (!isNew) return door.refuse(call, 'replayed')
    door.proven(call)
    return reply
  }
  const takeDeclared = async (call: VerifiedCall, use: NewUse, declared: SavedCommand) => {
    const { command, response_url: responseUrl } = use.command
    if (isResponseUrl(responseUrl, ctx.slack.webhookHosts)) {
      return keptOrReply(call, command, () => keepDeclared(call, use, declared), { status: 200 })
    }
    const failed = { outcome: 'failed' as const, code: 'response_url_refused' }
    const row = rowOf(ctx.newId('inv'), call, use, failed)
    return keptOrReply(call, command, () => keep(row), toPerson(NO_WAY_BACK))
  }
  const takeOurs = async (call: VerifiedCall, use: NewUse) => {
    const { integrationId } = call
    const result: CommandResult = await runCommand(ctx, { ...use.command, integrationId })
    const row = rowOf(ctx.newId('inv'), call, use, result)
    return keptOrReply(call, use.command.command, () => keep(row), toPerson(result.answer.text))
  }

  return async (call) => {
    const receivedAt = ctx.now()
    const parsed = SlashCommand.safeParse(readForm(call.body))
    if (!parsed.success) return door.refuse(call, 'malformed')
    const { command } = parsed.data
    const use = { command: parsed.data, receivedAt }
    const declared = isOurs(command) ? undefined : await findDeclaredCommand(ctx.db, command)
    return declared ? takeDeclared(call, use, declared) : takeOurs(call, use)
  }
}

const toPerson = (text: string): Reply => ({ status: 200, body: { response_type: 'ephemeral', text } })

/** Keeps a statement far below the number of values that either engine takes. */
const MOST_PER_COMMIT = 200
const NOT_KEPT = 'Sorry, Switchboard could not keep this command, so it did nothing. Please try again in a minute.'
const NO_WAY_BACK =
  'Sorry, this command came without an address of Slack that takes the answer, so nobody was asked. Please type it again; if that does not help, tell an admin of Switchboard.'
