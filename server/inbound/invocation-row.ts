import { redactText } from '../lib/redact.ts'
import type { VerifiedCall } from './door.ts'
import type { SlashCommand } from './payloads.ts'
import type { NewInvocation } from './store.ts'

export type NewUse = { command: SlashCommand; receivedAt: number }

/** `ackMs` ends where the row is written: the commit itself can't be in it. */
export function rowOf(
  id: string,
  { integrationId, signature, startedMs }: VerifiedCall,
  { command, receivedAt }: NewUse,
  { outcome, code }: Pick<NewInvocation, 'outcome' | 'code'>,
): NewInvocation {
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
