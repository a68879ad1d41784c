import type { AcceptedMessage, NewMessage } from '../../shared/messages.ts'
import { DEFAULT_DEDUPE_WINDOW_MS } from '../../shared/notification-types.ts'
import type { AppContext } from '../context.ts'
import { durableWrites } from '../db/durable-writes.ts'
import type { Db } from '../db/schema.ts'
import { giveThreadKey, threadKeyOf } from '../deliveries/accept/accept-store.ts'
import { type GateLimits, openGate } from '../deliveries/accept/gate.ts'
import { type Accepted, type RequestKey, readKey, takeIn, type Written } from '../deliveries/accept/idempotency.ts'
import { type Arrival, insertArrivals, place } from '../deliveries/accept/place.ts'
import { foldedRows } from '../deliveries/folded-rows.ts'
import { findDelivery } from '../deliveries/list-store.ts'
import type { SavedDelivery } from '../deliveries/store.ts'
import { destinationFinder } from '../destinations/find-or-create.ts'
import { listDestinationsByIds, type SavedDestination } from '../destinations/store.ts'
import { Refusal, refusedAt } from '../errors.ts'
import { insertFile, type SavedFile } from '../files/store.ts'
import { listIntegrationsByIds, type SavedIntegration } from '../integrations/store.ts'
import { quietingOf } from '../quiet-hours/quiet-at.ts'
import { quietRulesReader } from '../quiet-hours/read-rules.ts'
import { readersOf } from '../quiet-hours/readers.ts'
import type { QuietRules } from '../quiet-hours/rules.ts'
import { type Actor, sourceOf } from '../users/actor.ts'
import { checkMessage, checkReach, contentOf } from './check-message.ts'

export type MessageRequest = {
  actor: Actor
  message: NewMessage
  idempotencyKey?: string | undefined
  /** What a repeat with the same key has to be the same in. */
  body: (string | Uint8Array)[]
}
/** A message whose destination is known and can take it. */
export type Checked = MessageRequest & { destinationId: string }
type Item = Checked & { file?: SavedFile | undefined; requestKey: RequestKey | undefined }
export type AcceptedRequest = Extract<Accepted, { kind: 'accepted' }>

/** Takes messages in: once the answer is there, the message is on disk. Checking comes first, so that no file is sent in vain. */
export function messageTaker(ctx: AppContext, limits?: GateLimits) {
  const enter = openGate(ctx, limits)
  const findOrCreate = destinationFinder(ctx)
  const readRules = quietRulesReader()
  const write = (db: Db, items: Item[]) =>
    takeIn(ctx, db, items, async (trx, fresh) => writeMessages(ctx, trx, fresh, await readRules(trx)))
  const keep = durableWrites(ctx.db, write, MOST_PER_COMMIT)

  return {
    check: async (request: MessageRequest, hasFile: boolean): Promise<Checked> => {
      const { actor, message } = request
      checkMessage(message, hasFile, ctx.now())
      readKey(request.idempotencyKey, '', [])
      const ref = message.destination
      const destinationId =
        typeof ref === 'string' ? ref : await findOrCreate(actor, ref).catch((error) => refusedAt(error, 'destination'))
      const destination = (await listDestinationsByIds(ctx.db, [destinationId])).get(destinationId)
      if (!destination) throw unknown(destinationId)
      checkReach(destination, message, hasFile)
      // A file is kept while it arrives, and a disk that is nearly full has no room for that either.
      if (hasFile) await enter({ source: sourceOf(actor), count: 0, bytes: 0 }, async () => undefined)
      return { ...request, destinationId }
    },
    take: async (checked: Checked, file?: SavedFile): Promise<AcceptedRequest> => {
      const source = sourceOf(checked.actor)
      const requestKey = readKey(checked.idempotencyKey, source, ['POST /api/messages\n', ...checked.body])
      const bytes = checked.body.reduce((sum, part) => sum + part.length, 0)
      return enter({ source, count: 1, bytes }, async () => {
        const accepted = await keep({ ...checked, file, requestKey })
        if (accepted.kind === 'refused') throw accepted.error
        ctx.nudge('deliveries')
        return accepted
      })
    },
  }
}

const MOST_PER_COMMIT = 500

const unknown = (id: string) =>
  new Refusal('invalid', `There is no destination ${id}.`, {
    field: 'destination',
    fix: 'Use an id from GET /api/destinations, or {"integrationId", "channel"}.',
  })

async function writeMessages(ctx: AppContext, trx: Db, items: Item[], rules: QuietRules): Promise<Written> {
  const destinations = await listDestinationsByIds(trx, [...new Set(items.map((item) => item.destinationId))])
  const integrationIds = new Set([...destinations.values()].map(({ integrationId }) => integrationId))
  const integrations = await listIntegrationsByIds(trx, [...integrationIds])
  const readers = await readersOf(trx, rules, destinations.values())
  const made: (Arrival | { error: Refusal })[] = []
  const parents: SavedDelivery[] = []
  const files: SavedFile[] = []
  for (const item of items) {
    const destination = destinations.get(item.destinationId)
    const thread = destination ? await threadOf(trx, item) : unknown(item.destinationId)
    if (!destination || thread instanceof Refusal) made.push({ error: thread as Refusal })
    else {
      const { parent } = thread
      // Whoever settles one that is being sent has its row in hand, and then its lane; whoever claims one, the other way.
      if (parent?.state === 'sending') await giveThreadKey(trx, parent)
      else if (parent) parents.push(parent)
      if (item.file) files.push(item.file)
      const arrival = arrivalOf(ctx, item, thread, destination, integrations.get(destination.integrationId))
      const [row] = arrival.rows
      const { destination: named } = item.message
      const word = typeof named === 'object' && 'person' in named ? [named.person] : []
      const subject = { ...row, readers: [...(readers.get(row.destinationId) ?? []), ...word] }
      made.push({ ...arrival, ...quietingOf(rules, subject, Math.max(row.createdAt, row.dueAt)) })
    }
  }
  const arrivals = made.flatMap((each) => ('error' in each ? [] : [each]))
  await place(trx, arrivals, ctx.now())
  for (const parent of parents) await giveThreadKey(trx, parent)
  for (const file of files) await insertFile(trx, file)
  const results = made.map((each) => ('error' in each ? each : { answer: answerOf(each.rows[0]) }))
  return { results, last: (one) => insertArrivals(one, arrivals) }
}

/** A thread's key, and the message that has to be given it. */
type Thread = { key?: string | undefined; parent?: SavedDelivery }

/** The thread, none for most, or why it can't be a reply to what it names. */
async function threadOf(trx: Db, { message, destinationId }: Item): Promise<Thread | Refusal> {
  const { threadKey, replyTo } = message
  if (replyTo === undefined) return { key: threadKey }
  const named = await findDelivery(trx, replyTo)
  // A reply to a change is one to the message that was changed.
  const parent = named?.targetId ? await findDelivery(trx, named.targetId) : named
  if (!parent) return new Refusal('invalid', `There is no delivery ${replyTo}.`, { field: 'replyTo' })
  if (parent.destinationId !== destinationId) {
    return new Refusal('invalid', `Delivery ${replyTo} went to another destination.`, {
      field: 'replyTo',
      fix: `Send the reply to ${parent.destinationId}.`,
    })
  }
  return { key: threadKeyOf(parent), parent }
}

function arrivalOf(
  ctx: AppContext,
  { actor, message, file }: Item,
  { key, parent }: Thread,
  destination: SavedDestination,
  integration: SavedIntegration | undefined,
): Arrival {
  const dueAt = Math.max(ctx.now(), message.sendAt === undefined ? 0 : Date.parse(message.sendAt), meantAt(parent))
  const folded = foldedRows(ctx, {
    destination,
    integrationName: integration?.name ?? destination.integrationId,
    message: contentOf(message, file?.name),
    origin: 'message',
    priority: message.priority ?? 'normal',
    createdBy: actor.name,
    threadKey: key ?? null,
    broadcast: message.broadcast ? 1 : null,
    updateKey: message.updateKey ?? null,
    dedupeKey: message.dedupeKey ?? null,
    ...(dueAt > ctx.now() && { dueAt }),
    ...(file && { fileId: file.id }),
  })
  return { ...folded, dedupeWindowMs: DEFAULT_DEDUPE_WINDOW_MS, isTypePaused: false }
}

/** When a message that was never tried is meant to be sent: a reply to one that is meant for later is meant for then. */
const meantAt = (parent: SavedDelivery | undefined): number =>
  parent && parent.rank !== null && parent.tries === 0 ? parent.dueAt : 0

export const answerOf = ({ id, destinationId, state }: Pick<SavedDelivery, 'id' | 'destinationId' | 'state'>): string =>
  JSON.stringify({ id, destination: destinationId, state } satisfies AcceptedMessage)
