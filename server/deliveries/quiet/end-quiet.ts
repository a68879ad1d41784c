import { Message } from '../../../shared/deliveries.ts'
import type { AppContext } from '../../context.ts'
import type { Db } from '../../db/schema.ts'
import { findStopped } from '../accept/accept-store.ts'
import { foldInto } from '../folding-store.ts'
import { touchLanes } from '../lanes/places-store.ts'
import { markDelayed } from '../mark-delayed.ts'
import { insertDeliveries, type SavedDelivery } from '../store.ts'
import { deliveryOf, ranks } from '../to-row.ts'
import { digestOf } from './digest.ts'
import { dropHeld, findSplit, releaseHeld } from './held-store.ts'
import { endWaits, type SavedWait } from './waits-store.ts'

/** One that has waited long enough, with the record of that. */
export type Waited = { wait: SavedWait; delivery: SavedDelivery }

/**
 * Ends the waits of one destination, in the caller's transaction, which has locked its lane: as a digest, one by one in
 * their old order, or not at all. What other switches stop stands in line, held by them.
 */
export async function endQuiet(
  ctx: AppContext,
  trx: Db,
  destinationId: string,
  waited: readonly Waited[],
  now: number,
): Promise<{ folded: number; sent: number; dropped: number }> {
  // What was meant for later has not waited for anything yet.
  const isEarly = ({ wait }: Waited) => wait.meantAt > now
  const dropped = waited.filter((each) => each.wait.atEnd === 'drop' && !isEarly(each))
  const split = await findSplit(
    trx,
    waited.map(({ delivery }) => delivery.id),
  )
  const listed = waited.filter((each) => {
    return each.wait.atEnd === 'digest' && !isEarly(each) && isListable(each.delivery, split)
  })
  const folded = listed.length > 1 ? listed : []
  const leaving = new Set([...dropped, ...folded])
  const sent = waited.filter((each) => !leaving.has(each))

  const stoppedCode = (await findStopped(trx, [destinationId])).get(destinationId) ?? null
  await dropHeld(trx, idsOf(dropped), now)
  await release(trx, sent, stoppedCode, now)
  if (folded.length > 0) await foldAll(ctx, trx, folded, stoppedCode, now)
  await endWaits(trx, idsOf(dropped), 'dropped', now)
  await endWaits(trx, idsOf(sent), 'sent', now)
  await endWaits(trx, idsOf(folded), 'digest', now)
  return { folded: folded.length, sent: sent.length, dropped: dropped.length }
}

const idsOf = (waited: readonly Waited[]): string[] => waited.map(({ delivery }) => delivery.id)

/** Files, changes of earlier messages and messages that are longer than one stand for themselves. */
function isListable(delivery: SavedDelivery, split: ReadonlySet<string>): boolean {
  const { action, updateKey, targetId, fileId, partOf, id } = delivery
  const isPlain = [updateKey, targetId, fileId, partOf].every((column) => column === null)
  return action === 'post' && isPlain && !split.has(id)
}

/** How what comes into line stands there. */
const standing = (stoppedCode: string | null) =>
  stoppedCode === null ? ({ state: 'pending', code: null } as const) : ({ state: 'held', code: stoppedCode } as const)

async function release(trx: Db, waited: readonly Waited[], stoppedCode: string | null, now: number): Promise<void> {
  const rows = waited.map(({ wait, delivery }) => ({
    ...delivery,
    ...standing(stoppedCode),
    rank: ranks[delivery.priority],
    dueAt: wait.meantAt,
    message:
      delivery.partOf === null && wait.meantAt <= now ? delayed(delivery.message, wait.meantAt) : delivery.message,
  }))
  await touchLanes(trx, rows)
  await releaseHeld(
    trx,
    rows.map(({ id, message, dueAt, rank, state, code }) => ({ id, message, dueAt, rank, state, code })),
    now,
  )
}

/** What it says, marked with when it was meant to be said. */
export const delayed = (message: string, meantFor: number): string =>
  JSON.stringify(markDelayed(Message.parse(JSON.parse(message)), meantFor))

/** Each keeps its record, points to the page that says what it would have said, and shares the page's outcome. */
async function foldAll(
  ctx: AppContext,
  trx: Db,
  waited: readonly Waited[],
  stoppedCode: string | null,
  now: number,
): Promise<void> {
  const deliveries = waited.map(({ delivery }) => delivery)
  const [first] = deliveries
  if (!first) return
  const reasons = [...new Set(waited.map(({ wait }) => wait.reason))]
  const make = rowMaker(ctx, deliveries, first, stoppedCode)
  const pages = digestOf(deliveries, reasons).map(({ text, folded }, place) => ({ folded, row: make({ text }, place) }))
  const [head] = pages
  for (const { row } of pages) row.threadKey = `digest ${head?.row.id}`
  await touchLanes(
    trx,
    pages.map(({ row }) => row),
  )
  await insertDeliveries(
    trx,
    pages.map(({ row }) => row),
  )
  for (const { folded, row } of pages) await foldInto(trx, folded, row.id, now)
}

/** Makes the rows of a digest: in the place of the first of what it lists, as urgent as the most urgent of it. */
function rowMaker(
  ctx: AppContext,
  deliveries: readonly SavedDelivery[],
  first: SavedDelivery,
  stoppedCode: string | null,
): (message: Message, place: number) => SavedDelivery {
  const { destinationId: id, integrationId, destinationKind, destinationName, type, policy } = first
  const kind = destinationKind === 'webhook' || destinationKind === 'person' ? destinationKind : 'channel'
  const priority = (['urgent', 'normal', 'low'] as const).find((each) =>
    deliveries.some((delivery) => delivery.priority === each),
  )
  const isOneType = deliveries.every((delivery) => delivery.type === type)
  return (message, place) => ({
    ...deliveryOf(ctx, {
      destination: { id, integrationId, kind, name: destinationName ?? id },
      integrationName: first.integrationName ?? integrationId,
      message,
      title: `${deliveries.length} messages that waited${place === 0 ? '' : `, page ${place + 1}`}`,
      origin: 'summary',
      priority: priority ?? 'normal',
      createdBy: 'Switchboard',
      ...(isOneType && type !== null && { type, policy }),
    }),
    ...standing(stoppedCode),
    queueAt: first.queueAt,
  })
}
