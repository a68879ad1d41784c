import type { SavedDestination } from '../destinations/store.ts'
import type { SavedIntegration } from '../integrations/store.ts'
import type { Act, Provider } from '../providers/provider.ts'
import type { Need } from './lanes/pacing.ts'
import type { SavedDelivery } from './store.ts'

type Place = {
  integration: Pick<SavedIntegration, 'id'>
  destination: Pick<SavedDestination, 'id' | 'kind' | 'conversationId' | 'target' | 'urlHash'>
}

/**
 * The bucket of the conversation or webhook. Two apps that post in one channel share it, tested or not, since Slack gives
 * no two conversations one id; and so do two destinations with one webhook.
 */
export function conversationKey({ integration, destination }: Place): string {
  if (destination.kind === 'webhook') return `webhook ${destination.urlHash ?? destination.id}`
  return `conversation ${destination.conversationId ?? `${integration.id} ${destination.target}`}`
}

export const methodKey = (integrationId: string, method: string): string => `method ${integrationId} ${method}`

/** The Web API method that an act comes to; a webhook has none. */
export function methodOf(act: Act | 'look', { fileId, threadTs }: Pick<SavedDelivery, 'fileId' | 'threadTs'>): string {
  if (act === 'look') return threadTs === null ? 'conversations.history' : 'conversations.replies'
  if (act.kind === 'post') return fileId === null ? 'chat.postMessage' : 'files.completeUploadExternal'
  return `chat.${act.kind}`
}

/** The tokens that a request takes: one of its method, and one of the conversation if it posts there. */
export function needsOf(
  { rates }: Pick<Provider, 'rates'>,
  place: Place,
  delivery: Pick<SavedDelivery, 'fileId' | 'threadTs'>,
  act: Act | 'look',
): Need[] {
  const own = conversationKey(place)
  if (place.destination.kind === 'webhook') return act === 'look' ? [] : [{ key: own, rate: rates.webhook }]
  const method = methodOf(act, delivery)
  const rate = rates.methods[method]
  const posts = act !== 'look' && act.kind === 'post'
  return [
    ...(posts ? [{ key: own, rate: rates.conversation }] : []),
    ...(rate ? [{ key: methodKey(place.integration.id, method), rate }] : []),
  ]
}
