import { isWorkflowWebhook, webhookUrlProblem } from '../../shared/webhook-url.ts'
import type { AppContext } from '../context.ts'
import type { Db } from '../db/schema.ts'
import { Refusal } from '../errors.ts'
import type { Place } from '../vault/vault.ts'
import type { SavedDestination } from './store.ts'

/** A webhook's address in the one form it is stored and compared in. Refuses what is no webhook of an allowed host. */
export function checkedWebhookUrl(ctx: AppContext, typed: string): string {
  const problem = webhookUrlProblem(typed, ctx.slack.webhookHosts)
  if (problem) throw new Refusal('invalid', problem, { field: 'url' })
  if (isWorkflowWebhook(typed)) {
    throw new Refusal('invalid', 'This address starts a workflow, which takes other content than messages.', {
      field: 'url',
      fix: 'Use an incoming webhook, whose address has /services/ in it, or add the channel itself.',
    })
  }
  const url = new URL(typed)
  url.hash = ''
  url.search = ''
  // With a slash at its end it is the same hook, and would be paced and deduplicated as another.
  url.pathname = url.pathname.replace(/\/$/, '')
  return url.href
}

/** What may be shown of an address: the workspace and the hook, and of the secret its last four characters. */
export function shownWebhook(url: string): string {
  const parts = new URL(url).pathname.split('/').filter(Boolean).slice(1)
  const secret = parts.at(-1) ?? ''
  // Of a short secret four characters would be too much to show.
  const end = secret.length >= 16 ? secret.slice(-4) : ''
  return [...parts.slice(0, -1), `••••${end}`].join('/')
}

/** The columns of a webhook's address, sealed into the row it belongs to. */
export async function sealedWebhook(
  ctx: AppContext,
  trx: Db,
  destination: { id: string; integrationId: string },
  url: string,
): Promise<Pick<SavedDestination, 'target' | 'sealedUrl' | 'urlHash'>> {
  return {
    target: shownWebhook(url),
    sealedUrl: await ctx.vault.seal(trx, placeOfUrl(destination), url),
    urlHash: webhookHash(ctx, url),
  }
}

/** The same for the same address: finds a hook again without opening any. */
export const webhookHash = (ctx: AppContext, url: string): string => ctx.vault.keyedHash(`webhook ${url}`)

/** Where a webhook's sealed address belongs. */
export function placeOfUrl(destination: { id: string; integrationId: string }): Place {
  return { integrationId: destination.integrationId, table: 'destinations', rowId: destination.id, field: 'url' }
}
