import type { AppContext } from '../context.ts'
import type { Target } from '../providers/provider.ts'
import type { SavedDestination } from './store.ts'
import { placeOfUrl } from './webhook.ts'

/** Where a message to this destination goes, with a webhook's address opened: keep it no longer than one request. */
export async function openTarget(ctx: AppContext, destination: SavedDestination): Promise<Target> {
  const { kind, target, conversationId, sealedUrl } = destination
  switch (kind) {
    case 'channel':
      return { kind, conversationId: conversationId ?? target }
    case 'person':
      return { kind, userId: target, ...(conversationId !== null && { conversationId }) }
    case 'webhook':
      return { kind, url: await ctx.vault.open(ctx.db, placeOfUrl(destination), sealedUrl ?? '') }
  }
}
