import type { AppContext } from '../context.ts'
import { Refusal } from '../errors.ts'
import type { Target } from '../providers/provider.ts'
import { CannotOpen } from '../vault/vault.ts'
import { listWebhooks, type SavedDestination } from './store.ts'
import { openAddress } from './unasked-person.ts'
import { placeOfUrl } from './webhook.ts'

/** Where a message to this destination goes, with a webhook's address opened: keep it no longer than one request. */
export async function openTarget(ctx: AppContext, destination: SavedDestination): Promise<Target> {
  const { kind, target, conversationId, sealedUrl } = destination
  switch (kind) {
    case 'channel':
      return { kind, conversationId: conversationId ?? target }
    case 'person':
      if (conversationId !== null) return { kind, person: target, conversationId }
      return { kind, person: sealedUrl === null ? target : await openAddress(ctx, destination, sealedUrl) }
    case 'webhook':
      return { kind, url: await ctx.vault.open(ctx.db, placeOfUrl(destination), sealedUrl ?? '') }
  }
}

/** The webhooks of an integration with their addresses opened, for the connection test, which posts to each. */
export async function openWebhooks(ctx: AppContext, integrationId: string): Promise<{ label: string; url: string }[]> {
  const opened: { label: string; url: string }[] = []
  for (const destination of await listWebhooks(ctx.db, integrationId, MOST_TESTED)) {
    const target = await openTarget(ctx, destination).catch((error: unknown) => {
      throw error instanceof CannotOpen ? unopened(destination, error) : error
    })
    if (target.kind === 'webhook') opened.push({ label: destination.name, url: target.url })
  }
  return opened
}

const unopened = ({ name }: SavedDestination, { message }: CannotOpen) =>
  new Refusal('conflict', `The saved address of "${name}" can't be opened: ${message}`, {
    field: 'webhooks',
    fix: 'Enter its address again under Destinations, or delete it, then test again.',
  })

/** As many as a connection test takes. */
const MOST_TESTED = 20
