import { Message } from '../../shared/deliveries.ts'
import type { AppContext } from '../context.ts'
import type { Db } from '../db/schema.ts'
import type { SavedDestination } from '../destinations/store.ts'
import { foldInto, isFoldable, listFoldable } from './folding-store.ts'
import { touchLanes } from './lanes/places-store.ts'
import { escaped } from './standard-message.ts'
import { insertDeliveries, type SavedDelivery } from './store.ts'
import { deliveryOf } from './to-row.ts'

/**
 * More low ones of a type wait for this destination than the type allows: they become one summary, with what they say
 * on pages in its thread. Each keeps its record, points to its page and shares the page's outcome. False: no flood.
 */
export async function foldFlood(
  ctx: AppContext,
  trx: Db,
  head: SavedDelivery,
  destination: SavedDestination,
  now: number,
): Promise<boolean> {
  // Asked of it alone first: a long line of what stands for itself is not walked for each.
  if (!(await isFoldable(trx, head.id))) return false
  const limit = head.foldAfter ?? Number.POSITIVE_INFINITY
  const flood = await listFoldable(trx, head, Math.min(limit + 1, MOST_FOLDED))
  // One that stands for itself goes first, in its place; they are looked at again behind it.
  if (flood.length <= limit || flood[0]?.id !== head.id) return false
  const rest = await listFoldable(trx, head, MOST_FOLDED)
  const make = (message: Message, title: string, threadKey: string): SavedDelivery => ({
    ...deliveryOf(ctx, {
      destination,
      integrationName: head.integrationName ?? '',
      message,
      title,
      origin: 'summary',
      priority: 'low',
      createdBy: 'Switchboard',
      threadKey,
      ...(head.type !== null && { type: head.type }),
      ...(head.policy !== null && { policy: head.policy }),
    }),
    // In the place of the first of them.
    queueAt: head.queueAt,
  })
  const headline = headlineOf(rest, head.type ?? 'message', destination.kind)
  const summary = make({ text: headline }, `${rest.length} messages in one`, '')
  summary.threadKey = `summary ${summary.id}`
  const pages = pagesOf(rest).map(({ folded, text }, index, all) => ({
    folded,
    row: make({ text }, `Page ${index + 1} of ${all.length} of a summary`, `summary ${summary.id}`),
  }))
  const made = [summary, ...pages.map(({ row }) => row)]
  await touchLanes(trx, made)
  await insertDeliveries(trx, made)
  for (const { folded, row } of pages) await foldInto(trx, folded, row.id, now)
  ctx.log.info('delivery.folded', { destinationId: destination.id, type: head.type, count: rest.length })
  return true
}

/** As many as one transaction should move; what is left makes the next summary. */
const MOST_FOLDED = 1_000
/** A message of Slack's is best kept under 4,000 characters. */
const LONGEST_PAGE = 3_500
const MOST_ON_A_PAGE = 50

function headlineOf(folded: readonly SavedDelivery[], type: string, kind: SavedDestination['kind']): string {
  const [first, last] = [folded[0], folded.at(-1)]
  const between =
    first && last ? ` accepted between ${slackDate(first.createdAt)} and ${slackDate(last.createdAt)}` : ''
  return `*${folded.length} messages of low priority (${escaped(type)})*${between} came faster than this channel takes them. ${kind === 'webhook' ? 'They follow.' : 'They stand in the thread.'}`
}

function slackDate(epochMs: number): string {
  return `<!date^${Math.floor(epochMs / 1000)}^{date_short_pretty} {time_secs}|${new Date(epochMs).toISOString()}>`
}

/** In order, as many on a page as fit; one that alone is longer has a page to itself. */
function pagesOf(rows: readonly SavedDelivery[]): { folded: string[]; text: string }[] {
  const pages: { folded: string[]; text: string }[] = []
  for (const row of rows) {
    const text = textOf(row)
    const page = pages.at(-1)
    const fits = page && page.folded.length < MOST_ON_A_PAGE && page.text.length + text.length + 2 <= LONGEST_PAGE
    if (page && fits) {
      page.folded.push(row.id)
      page.text += `\n\n${text}`
    } else pages.push({ folded: [row.id], text })
  }
  return pages
}

/** `text` is what a message says without its layout. */
function textOf({ message }: SavedDelivery): string {
  return Message.parse(JSON.parse(message)).text
}
