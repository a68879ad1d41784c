import type { DeliveryFilter, DeliveryStreamEvent } from '../../shared/deliveries.ts'
import type { AppContext } from '../context.ts'
import { Refusal } from '../errors.ts'
import { type Repeating, repeat } from '../lib/repeat.ts'
import { fittingIds, listChanged } from './log/changes-store.ts'
import { soughtBy } from './log/filter-store.ts'
import type { ListedDelivery } from './log/walk-store.ts'
import { toSummary } from './to-answer.ts'

/** Streams that one process serves at a time. */
export const MOST_FOLLOWERS = 100
/** Of them those of one person or API key: as many tabs as anybody has open, and nobody takes all places. */
export const MOST_OF_ONE = 12
const LOOK_EVERY_MS = 1_000
/** Commits come a little after the instants they write, and replicas' clocks differ a little. */
const OVERLAP_MS = 3_000
/** Changes told one by one, of each kind, at one look. */
const MOST_CHANGES = 300
/** Whoever was away longer reads the list again. */
const LONGEST_ABSENCE_MS = 15 * 60_000

type Tell = (event: DeliveryStreamEvent, at: number) => void
type Follower = {
  who: string
  key: string
  filter: DeliveryFilter
  tell: Tell
  /** What it was told when it came, which the next look may find again. */
  knows: Set<string>
}

/** The live view of the log: one look a second at the database for all who follow, and none while nobody does. */
export type Tail = {
  /** Tells what is new or changed from now on, or since an instant told before, until the answer is called. */
  follow: (who: string, filter: DeliveryFilter, since: number | undefined, tell: Tell) => Promise<() => void>
  stop: () => Promise<void>
}

export function makeTail(ctx: AppContext): Tail {
  const followers = new Set<Follower>()
  let looking: Repeating | undefined
  let lookedAt = ctx.now()
  let told = new Set<string>()

  const look = async (): Promise<undefined> => {
    const now = ctx.now()
    const { rows, isAll } = await listChanged(ctx.db, Math.min(lookedAt, now) - OVERLAP_MS, MOST_CHANGES)
    const fresh = rows.filter((row) => !told.has(standingOf(row)))
    told = new Set(rows.map(standingOf))
    lookedAt = now
    await tellAll(ctx, [...followers], { rows: fresh, isAll, at: now })
  }

  const begin = () => {
    lookedAt = ctx.now()
    told = new Set()
    looking = repeat(look, LOOK_EVERY_MS, (error) => ctx.log.error('delivery_stream.broke', { error }))
  }
  const pause = () => {
    const ended = looking?.stop()
    looking = undefined
    return ended
  }

  return {
    follow: async (who, filter, since, tell) => {
      refuseOneTooMany(followers, who)
      const follower: Follower = { who, key: JSON.stringify(filter), filter, tell, knows: new Set() }
      const leave = () => {
        followers.delete(follower)
        if (followers.size === 0) pause()
      }
      followers.add(follower)
      try {
        await catchUp(ctx, follower, since)
      } catch (error) {
        leave()
        throw error
      }
      if (!looking && followers.size > 0) begin()
      return leave
    },
    stop: async () => {
      followers.clear()
      await pause()
    },
  }
}

function refuseOneTooMany(followers: ReadonlySet<Follower>, who: string): void {
  const own = [...followers].filter((each) => each.who === who).length
  if (own >= MOST_OF_ONE) {
    throw new Refusal('too_many', `You have ${MOST_OF_ONE} live views open already.`, {
      fix: 'Close some of them.',
      retryAfterSeconds: 30,
    })
  }
  if (followers.size < MOST_FOLLOWERS) return
  throw new Refusal('unavailable', `This server shows ${MOST_FOLLOWERS} live views already, which is all it can.`, {
    fix: 'Try again in a while; the list itself can be read as ever.',
    retryAfterSeconds: 30,
  })
}

/** What happened while nobody told this one. */
async function catchUp(ctx: AppContext, follower: Follower, since: number | undefined): Promise<void> {
  const now = ctx.now()
  if (since !== undefined && now - since > LONGEST_ABSENCE_MS) return follower.tell({ kind: 'behind' }, now)
  const changed = await listChanged(ctx.db, Math.min(since ?? now, now) - OVERLAP_MS, MOST_CHANGES)
  await tellAll(ctx, [follower], { ...changed, isAll: changed.isAll || since === undefined, at: now })
  for (const row of changed.rows) follower.knows.add(standingOf(row))
}

type Changes = { rows: ListedDelivery[]; isAll: boolean; at: number }

/** The filters are asked of the database, so that they mean here what they mean in the list; each is asked once. */
async function tellAll(ctx: AppContext, followers: Follower[], { rows, isAll, at }: Changes): Promise<void> {
  const ids = rows.map(({ id }) => id)
  const inOrder = [...rows].sort((a, b) => Number(a.stateAt) - Number(b.stateAt) || (a.id < b.id ? -1 : 1))
  const fitting = new Map<string, Set<string>>()
  for (const { key, filter, tell, knows } of followers) {
    const fits = fitting.get(key) ?? (ids.length > 0 ? await fittingIds(ctx.db, soughtBy(filter), ids) : new Set())
    fitting.set(key, fits)
    for (const row of inOrder) {
      if (fits.has(row.id) && !knows.has(standingOf(row))) tell({ kind: 'delivery', delivery: toSummary(row) }, at)
    }
    if (!isAll) tell({ kind: 'behind' }, at)
  }
}

/** What a follower sees of a delivery. */
const standingOf = ({ id, state, stateAt, tries, code }: ListedDelivery) => `${id} ${state} ${stateAt} ${tries} ${code}`
