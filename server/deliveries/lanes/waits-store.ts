import { sql } from 'kysely'
import { slackCodes } from '../../../shared/slack-codes.ts'
import { goingAlong, larger, lesser, oneOf, rowsOf, skippingLocked } from '../../db/engine.ts'
import type { Db, LanesTable } from '../../db/schema.ts'
import { defaultRetryPolicy } from '../../lib/backoff.ts'

/** A lane that Slack takes messages of again, after it had refused them for long or not. `delayMs`: set for its integration. */
export type Recovered = { destinationId: string; rank: number; delayMs: number | null; wasLong: boolean }

/**
 * What is more urgent in these lanes does not sit out its wait while the others go: the first of each rank, which nothing
 * overtakes. Nor, once Slack is back after long, what is less urgent and drew a long one. A wait that Slack asked for stays,
 * and so does one that somebody set.
 */
export async function endWaitsBeside(db: Db, lanes: readonly Recovered[], now: number): Promise<void> {
  const concerned = lanes.flatMap(({ wasLong, ...lane }) =>
    wasLong || lane.rank > 0 ? [{ ...lane, before: wasLong ? LAST_RANK + 1 : lane.rank }] : [],
  )
  if (concerned.length === 0) return
  const columns = { destinationId: 'text', rank: 'integer', delayMs: 'integer', before: 'integer' } as const
  const readyAt = sql`${larger(db)}(${now}, state_at + coalesce(next_attempt_delay_ms, head.delay_ms, 0))`
  await sql`
    with head as (
      select lane.delay_ms, ${firstOf('lane.destination_id', 'ranks.rank', 'id')} as id
      from ${rowsOf(db, columns, concerned)} as lane
      join (select 0 as rank union all select 1 union all select ${sql.lit(LAST_RANK)}) as ranks
        on ranks.rank < lane.before and ranks.rank <> lane.rank)
    update deliveries set due_at = ${readyAt} from head
    where deliveries.id = head.id and state = 'retrying' and due_at > ${readyAt}
      and code not in (${sql.join(SLOW)})`.execute(db)
}

/**
 * Slack takes messages of these integrations again that it had refused for long: of their lanes that found nothing out yet
 * none waits longer than a minute after its last attempt, some hundreds at a time, the soonest first. More often a place
 * that is down by itself is not asked, whatever goes on beside it. In the transaction of the attempt that found it out.
 */
export async function shortenWaits(
  db: Db,
  integrations: readonly { integrationId: string; delayMs: number | null }[],
  now: number,
): Promise<void> {
  const delays = new Map(integrations.map(({ integrationId, delayMs }) => [integrationId, delayMs]))
  const lanes = delays.size === 0 ? [] : await listLongWaits(db, [...delays.keys()], now)
  if (lanes.length === 0) return
  const columns = { destinationId: 'text', rank: 'integer', delayMs: 'integer' } as const
  const waiting = lanes.map(({ integrationId, ...lane }) => ({ ...lane, delayMs: delays.get(integrationId) ?? null }))
  const leastMs = sql`${larger(db)}(${LONGEST_WAIT_MS}, coalesce(next_attempt_delay_ms, head.delay_ms, 0))`
  const readyAt = sql`${larger(db)}(${now}, state_at + ${leastMs})`
  const { rows } = await sql<{ destinationId: string; dueAt: number }>`
    with head as (select lane.delay_ms, ${firstOf('lane.destination_id', 'lane.rank', 'id')} as id
      from ${rowsOf(db, columns, waiting)} as lane)
    update deliveries set due_at = ${readyAt} from head
    where deliveries.id = head.id and state = 'retrying' and due_at > ${readyAt}
    returning destination_id, due_at`.execute(db)
  await sql`
    update lanes set next_at = ${lesser(db)}(next_at, new.due_at)
    from ${rowsOf(db, { destinationId: 'text', dueAt: 'bigint' }, rows)} as new
    where lanes.destination_id = new.destination_id and claimed_by is null`.execute(db)
}

/** Lanes that nobody holds, whose head waits for its next try. None that is locked: who locks it finds out by itself. */
async function listLongWaits(db: Db, integrationIds: readonly string[], now: number) {
  return db
    .selectFrom(goingAlong<LanesTable, 'lanes'>(db, 'lanes', 'lanes_due'))
    .select(['lanes.destinationId', 'lanes.integrationId', 'lanes.rank'])
    .where('lanes.rank', 'in', [sql.lit(0), sql.lit(1), sql.lit(2)])
    .where('lanes.nextAt', '>', now + LONGEST_WAIT_MS)
    .where('lanes.nextAt', '<=', now + defaultRetryPolicy.capMs)
    .where('lanes.integrationId', 'in', oneOf(db, integrationIds))
    .where('lanes.claimedBy', 'is', null)
    .where(firstOf('lanes.destination_id', 'lanes.rank', `case when state = 'retrying' then code end`), 'not in', SLOW)
    .orderBy('lanes.nextAt')
    .limit(MOST_AT_ONCE)
    .$call(skippingLocked(db))
    .execute()
}

/** Of the first of a rank in a lane's line. */
const firstOf = (destinationId: string, rank: string, what: string) => sql<string>`(
  select ${sql.raw(what)} from deliveries as first
  where first.destination_id = ${sql.raw(destinationId)} and first.rank = ${sql.raw(rank)}
  order by first.queue_at, first.id limit 1)`

const LAST_RANK = 2
/** How long anything waits, at most, once Slack is known to be back. */
export const LONGEST_WAIT_MS = 60_000
const MOST_AT_ONCE = 500

/** Trying sooner after these than was said is of no use. */
const slowCodes = slackCodes.filter(({ retry }) => retry === 'after_wait' || retry === 'hours_later')
const SLOW = slowCodes.map(({ code }) => sql<string>`${sql.lit(code)}`)
export const isSlow = (wanted: string): boolean => slowCodes.some(({ code }) => code === wanted)
