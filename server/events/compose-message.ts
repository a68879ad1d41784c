import { cutToAllowed } from '../../shared/allowed-fields.ts'
import type { Message } from '../../shared/deliveries.ts'
import type { NewEvent } from '../../shared/events.ts'
import { escaped } from '../deliveries/standard-message.ts'
import type { Decision } from '../routing/decide.ts'
import { messageOfEvent, titleOfEvent } from './message-of-event.ts'

/** What a message says, and why its type's template did not say it. */
export type Composed = { message: Message; title: string; templateFailed?: string }

/** The message of an event for the destinations of one integration: nothing in it that its type does not allow to leave. */
export function composeMessage(event: NewEvent, decision: Decision): Composed {
  const seen = cutToAllowed(event, decision.type?.allowed)
  const mentions = decision.mentions.map(escaped)
  return { message: messageOfEvent(seen, { emoji: decision.emoji, mentions }), title: titleOfEvent(seen) }
}
