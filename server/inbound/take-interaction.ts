import { TEST_ACTION_ID } from '../../shared/connection-tests.ts'
import type { AppContext } from '../context.ts'
import { durableWrites } from '../db/durable-writes.ts'
import { redactText } from '../lib/redact.ts'
import { confirmTestMessage } from './confirm-test.ts'
import type { Door, Reply, VerifiedCall } from './door.ts'
import { Interaction, readForm, readPayload } from './payloads.ts'
import { insertInteractions, type SavedInteraction } from './store.ts'

/** Takes verified clicks and modals: each is kept for good, then Slack is answered, then what it asks for is done. */
export function interactionTaker(ctx: AppContext, door: Door): (call: VerifiedCall) => Promise<Reply> {
  const keep = durableWrites(ctx.db, insertInteractions, MOST_PER_COMMIT)

  return async (call) => {
    const receivedAt = ctx.now()
    const parsed = Interaction.safeParse(readPayload(readForm(call.body)))
    if (!parsed.success) return door.refuse(call, 'malformed')
    const interaction = parsed.data
    const isNew = await keep(toRow(ctx.newId('itr'), call, interaction, receivedAt))
    if (!isNew) return door.refuse(call, 'replayed')
    const testId = interaction.actions?.find((action) => action.action_id === TEST_ACTION_ID)?.value
    door.proven(call, testId)
    if (testId !== undefined && interaction.response_url) {
      door.afterwards('confirm_test', confirmTestMessage(ctx, interaction.response_url, interaction.user.id))
    }
    return { status: 200 }
  }
}

function toRow(
  id: string,
  { integrationId, signature, startedMs }: VerifiedCall,
  interaction: Interaction,
  receivedAt: number,
): SavedInteraction {
  const { user, channel, container, message, view, callback_id: callbackId } = interaction
  const [action] = interaction.actions ?? []
  return {
    id,
    integrationId,
    kind: interaction.type,
    actionId: action?.action_id || callbackId || (view?.callback_id ?? ''),
    value: redactText(action?.value || (action?.selected_option?.value ?? '')),
    userId: user.id,
    userName: user.username || user.name,
    channelId: channel?.id ?? '',
    messageTs: message?.ts || (container?.message_ts ?? ''),
    signature,
    receivedAt,
    ackMs: performance.now() - startedMs,
  }
}

const MOST_PER_COMMIT = 200
