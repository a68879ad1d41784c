import type { AppContext } from '../context.ts'
import { durableWrites } from '../db/durable-writes.ts'
import { redactText } from '../lib/redact.ts'
import type { Door, Reply, VerifiedCall } from './door.ts'
import { readForm, SlashCommand } from './payloads.ts'
import { type CommandResult, runCommand } from './run-command.ts'
import { insertInvocations, type SavedInvocation } from './store.ts'

/**
 * Takes verified slash commands: the answer is worked out, the use is kept for good, and only then is Slack answered.
 * Uses that come at the same time share one commit.
 */
export function commandTaker(ctx: AppContext, door: Door): (call: VerifiedCall) => Promise<Reply> {
  const keep = durableWrites(ctx.db, insertInvocations, MOST_PER_COMMIT)

  return async (call) => {
    const receivedAt = ctx.now()
    const parsed = SlashCommand.safeParse(readForm(call.body))
    if (!parsed.success) return door.refuse(call, 'malformed')
    const { integrationId } = call
    const result = await runCommand(ctx, { ...parsed.data, integrationId })
    let isNew: boolean
    try {
      isNew = await keep(toRow(ctx.newId('inv'), call, parsed.data, result, receivedAt))
    } catch (error) {
      ctx.log.error('command.not_kept', { integrationId, command: parsed.data.command, error })
      return toPerson(NOT_KEPT)
    }
    if (!isNew) return door.refuse(call, 'replayed')
    door.proven(call)
    return toPerson(result.answer.text)
  }
}

const toPerson = (text: string): Reply => ({ status: 200, body: { response_type: 'ephemeral', text } })

/** `ackMs` ends where the row is written: the commit itself can't be in it. */
function toRow(
  id: string,
  { integrationId, signature, startedMs }: VerifiedCall,
  command: SlashCommand,
  { outcome, code }: CommandResult,
  receivedAt: number,
): SavedInvocation {
  return {
    id,
    integrationId,
    command: command.command,
    text: redactText(command.text),
    userId: command.user_id,
    userName: command.user_name,
    channelId: command.channel_id,
    channelName: command.channel_name,
    teamId: command.team_id,
    signature,
    receivedAt,
    ackMs: performance.now() - startedMs,
    outcome,
    code,
  }
}

/** Keeps a statement far below the number of values that either engine takes. */
const MOST_PER_COMMIT = 200
const NOT_KEPT = 'Sorry, Switchboard could not keep this command, so it did nothing. Please try again in a minute.'
