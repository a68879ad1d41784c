import { CommandReply } from '../../../shared/commands.ts'
import type { AppContext } from '../../context.ts'
import { wordsOfBlocks } from '../../deliveries/split-message.ts'
import { callPlatform } from '../../platform/call-platform.ts'
import type { SavedInvocation } from '../store.ts'
import { apologyFor } from './apologies.ts'
import type { Answer, Asked } from './waiting.ts'

/** A person waits for it, so it is shorter than what a schedule may take. */
export const DEADLINE_MS = 15_000

/** Asks the platform what a command was typed for. A use that is asked about again carries the same `webhook-id`. */
export async function askPlatform(ctx: AppContext, use: SavedInvocation, asked: Asked): Promise<Answer> {
  const { id, integrationId, command, userId, userName, channelId, channelName, teamId } = use
  const body = {
    command,
    handler: asked.handler,
    text: unpinging(asked.text),
    parameters: Object.fromEntries(Object.entries(asked.parameters).map(([name, said]) => [name, unpinging(said)])),
    user: { id: userId, name: userName },
    channel: { id: channelId, name: channelName },
    teamId,
    invocationId: id,
    integrationId,
  }
  const question = { kind: 'command.invoked', body, key: id }
  const result = await callPlatform(ctx, integrationId, question, { deadlineMs: DEADLINE_MS })
  const call = { platformMs: result.tookMs ?? null, callId: result.callId ?? null }
  if (result.kind === 'failed') return apology(use, result.code, result.detail ?? null, call)
  const parsed = CommandReply.safeParse(result.body)
  if (!parsed.success) return apology(use, 'not_understood', problemIn(parsed.error), call)
  return { message: withWords(parsed.data), ending: { outcome: 'answered', code: null, detail: null, ...call } }
}

/** The answer to a use that came to nothing, seen by the person alone. */
export function apology(
  { id, command }: Pick<SavedInvocation, 'id' | 'command'>,
  code: string,
  detail: string | null,
  call: { platformMs: number | null; callId: string | null },
  said = code,
): Answer {
  return {
    message: { text: apologyFor(said, command, id), responseType: 'ephemeral' },
    ending: { outcome: 'failed', code, detail, ...call },
  }
}

/** What somebody typed may come back in the answer, where it must not call everybody: Slack takes it for plain text. */
const unpinging = (typed: string): string => typed.replaceAll('<!', '&lt;!')

/** Notifications and screen readers need words. */
function withWords({ text, blocks, ...rest }: CommandReply): CommandReply {
  return { ...rest, text: text ?? (wordsOfBlocks(blocks ?? []).slice(0, 3_000) || 'An answer without words'), blocks }
}

function problemIn({ issues: [issue] }: { issues: { path: PropertyKey[]; message: string }[] }): string {
  return `${issue?.path.map(String).join('.') || 'The answer'}: ${issue?.message ?? 'It is not right.'}`.slice(0, 300)
}
