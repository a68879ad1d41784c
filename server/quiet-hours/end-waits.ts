import { setImmediate } from 'node:timers/promises'
import { z } from 'zod'
import type { AppContext } from '../context.ts'
import type { Db } from '../db/schema.ts'
import { lockLanes } from '../deliveries/lanes/stops-store.ts'
import { forgetQueue } from '../deliveries/queue.ts'
import { endQuiet, type Waited } from '../deliveries/quiet/end-quiet.ts'
import { holdOn, lockHeld, restoreDue } from '../deliveries/quiet/held-store.ts'
import type { Quiet } from '../deliveries/quiet/quiet.ts'
import {
  endWaits,
  extendWaits,
  listDueDestinations,
  lockDueWaits,
  type SavedWait,
} from '../deliveries/quiet/waits-store.ts'
import { listDestinationsByIds } from '../destinations/store.ts'
import { kinder, quietAt } from './quiet-at.ts'
import { readQuietRules } from './read-rules.ts'
import { hiddenRecipientsOf, type RecipientsOf, readersOf } from './readers.ts'
import { endOldMutes } from './store.ts'

/**
 * Ends what has waited long enough, one transaction for each destination: wherever it is cut off, the rest is as it was
 * and whoever looks next goes on. Says whether there may be more.
 */
export async function endDueWaits(ctx: AppContext, recipientsOf: RecipientsOf = namingNobody): Promise<boolean> {
  await endOldMutes(ctx.db, ctx.now())
  const destinationIds = await listDueDestinations(ctx.db, ctx.now(), MOST_DESTINATIONS)
  let isMore = destinationIds.length === MOST_DESTINATIONS
  for (const destinationId of destinationIds) {
    const count = await ctx.db.transaction().execute((trx) => endOf(ctx, trx, destinationId, recipientsOf))
    isMore ||= count === MOST_AT_ONCE
    // SQLite answers in the same turn of the loop: without this no other request would be served until the end.
    await setImmediate()
  }
  if (destinationIds.length > 0) {
    forgetQueue(ctx)
    ctx.nudge('deliveries')
  }
  return isMore
}

const namingNobody: RecipientsOf = async () => new Map()

const MOST_DESTINATIONS = 100
/** As many as one transaction should move, and one digest list. */
const MOST_AT_ONCE = 1_000

async function endOf(ctx: AppContext, trx: Db, destinationId: string, recipientsOf: RecipientsOf): Promise<number> {
  const now = ctx.now()
  // Before the lane, as whoever accepts a message does: see awaitOldRules, which would else wait in a circle with both.
  const rules = await readQuietRules(trx)
  await lockLanes(trx, { destinationId })
  const waits = await lockDueWaits(trx, destinationId, now, MOST_AT_ONCE)
  const held = await lockHeld(
    trx,
    waits.map(({ deliveryId }) => deliveryId),
  )
  const deliveries = new Map(held.map((delivery) => [delivery.id, delivery]))
  const places = await listDestinationsByIds(trx, [destinationId])
  const readers = (await readersOf(trx, rules, places.values())).get(destinationId)
  const hidden = await hiddenRecipientsOf(trx, rules, held, recipientsOf)
  const over: SavedWait[] = []
  const waitOn: { wait: SavedWait; quiet: Quiet }[] = []
  const waited: Waited[] = []
  for (const wait of waits) {
    const delivery = deliveries.get(wait.deliveryId)
    if (!delivery) {
      over.push(wait)
      continue
    }
    const recipient = delivery.recipient ?? hidden.get(delivery.eventId ?? '')
    const subject = { ...delivery, recipient, ...(delivery.origin === 'message' && { readers }) }
    const quiet = quietAt(rules, subject, Math.max(now, wait.meantAt), new Set(holdersOf(wait)))
    if (quiet) waitOn.push({ wait, quiet })
    else waited.push({ wait, delivery })
  }
  await leave(trx, over, now)
  await goOn(trx, waitOn)
  const outcome = await endQuiet(ctx, trx, destinationId, waited, now)
  if (waits.length > 0) ctx.log.info('quiet.ended', { destinationId, ...outcome, waitOn: waitOn.length })
  return waits.length
}

/** What has held it, to its end: each of them holds a delivery once, so that every wait has an end. */
const holdersOf = ({ heldBefore, heldBy }: SavedWait): string[] => [
  ...z.array(z.string()).parse(JSON.parse(heldBefore)),
  ...(heldBy === '' ? [] : [heldBy]),
]

/** Somebody has taken them back, or they wait for their type as well. */
async function leave(trx: Db, over: readonly SavedWait[], now: number): Promise<void> {
  await restoreDue(
    trx,
    over.map(({ deliveryId, meantAt }) => ({ id: deliveryId, dueAt: meantAt })),
  )
  await endWaits(
    trx,
    over.map(({ deliveryId }) => deliveryId),
    'over',
    now,
  )
}

async function goOn(trx: Db, waitOn: readonly { wait: SavedWait; quiet: Quiet }[]): Promise<void> {
  await holdOn(
    trx,
    waitOn.map(({ wait, quiet }) => ({ id: wait.deliveryId, code: quiet.code, dueAt: quiet.until })),
  )
  await extendWaits(
    trx,
    waitOn.map(({ wait, quiet: { code, by, reason, atEnd, until } }) => ({
      deliveryId: wait.deliveryId,
      heldBy: by,
      heldBefore: JSON.stringify(holdersOf(wait)),
      untilAt: until,
      // What held it to its end has its say still; what was called off or changed has none.
      atEnd: wait.heldBy === '' ? atEnd : kinder(wait.atEnd, atEnd),
      ...{ code, reason },
    })),
  )
}
