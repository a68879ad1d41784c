import type { DeliveryState, Priority } from '../../shared/deliveries.ts'
import { deliveryCode } from '../../shared/delivery-codes.ts'
import type { Lane, Queue } from '../../shared/queue.ts'
import type { AppContext } from '../context.ts'
import { listDestinationsByIds, type SavedDestination } from '../destinations/store.ts'
import type { SavedIncident } from '../incidents/store.ts'
import { getIntegration, listIntegrationsByIds } from '../integrations/store.ts'
import { toInstant } from '../lib/paging.ts'
import { providers } from '../providers/registry.ts'
import { type Budget, drainedAtOf, intervalMs, type Load, type SharedPace, sharedPaceOf } from './drain.ts'
import { listClosedBuckets } from './lanes/buckets-store.ts'
import { listLanes } from './lanes/lanes-store.ts'
import { conversationKey, methodKey } from './needs.ts'
import {
  countAhead,
  countBeside,
  countInLine,
  type Line,
  listHeldByType,
  listLines,
  listMoving,
  type Moving,
} from './queue-store.ts'
import { listQuietLines, type QuietLine } from './quiet/waits-store.ts'
import type { SavedDelivery } from './store.ts'
import { keepsBack } from './sweeps/keeps-back.ts'
import { listMarks, listUnderWay } from './sweeps/sweeps-store.ts'

/** How many stand in a state. What a paused type or quiet hours hold stands in no line, so its priority is not told. */
export type Standing = { state: DeliveryState; priority: Priority | 'any'; count: number }

/** What waits, at one moment. */
export type QueueFigures = {
  standing: Standing[]
  lanes: LaneFigures[]
  /** What waits for the end of quiet hours or a mute: it stands in no lane. */
  quiet: (QuietLine & { name: string })[]
  /** What paused types hold, which stands in no lane either. */
  pausedTypes: Queue['pausedTypes']
  /** By the integration. */
  paces: ReadonlyMap<string, SharedPace>
  readAt: number
}
export type LaneFigures = {
  destination: SavedDestination | undefined
  lines: [Line, ...Line[]]
  count: number
  oldestAt: number
  /** Absent while it is stopped. */
  nextAt?: number
  drainedAt?: number
}

/** What waits altogether, by state and by lane, and when it will have gone out. */
export async function readQueue(ctx: AppContext): Promise<Queue> {
  const { standing, lanes, quiet, pausedTypes, readAt } = await queueFigures(ctx)
  const oldestAt = Math.min(...lanes.map((lane) => lane.oldestAt))
  const drainedAt = Math.max(...lanes.flatMap((lane) => lane.drainedAt ?? []))
  const byState: Queue['byState'] = {}
  for (const { state, count } of standing) byState[state] = (byState[state] ?? 0) + count
  return {
    byState,
    waiting: standing.reduce((sum, { count }) => sum + count, 0),
    ...(Number.isFinite(oldestAt) && { oldestAt: toInstant(oldestAt) }),
    ...(Number.isFinite(drainedAt) && { drainedAt: toInstant(drainedAt) }),
    lanes: lanes.slice(0, MOST_LANES).map(toLane),
    laneCount: lanes.length,
    quiet: quiet.map(({ destinationId, name, code, count, untilAt, reason }) => ({
      ...{ destinationId, destinationName: name, code, reason, waiting: count },
      until: toInstant(untilAt),
    })),
    pausedTypes,
    underWay: await listUnderWay(ctx.db),
    readAt: toInstant(readAt),
  }
}

/**
 * Read at most once in five seconds by each process, however many ask: counting a million takes a tenth of a second,
 * and on SQLite nothing else is done meanwhile.
 */
export function queueFigures(ctx: AppContext): Promise<QueueFigures> {
  const now = ctx.now()
  const known = kept.get(ctx)
  if (known && Math.abs(now - known.at) < KEPT_MS) return known.figures
  const figures = readFigures(ctx, now)
  kept.set(ctx, { at: now, figures })
  figures.catch(() => kept.delete(ctx))
  return figures
}

/** Where a delivery stands in its line and when it should go out; undefined when it is not on its way. */
export async function expectedAt(
  ctx: AppContext,
  row: SavedDelivery,
): Promise<{ ahead: number; expectedAt: string } | undefined> {
  if (row.rank === null || (row.state !== 'pending' && row.state !== 'retrying')) return undefined
  // It is on its way out of the line, or what goes before it is on its way into it.
  if (keepsBack(await listMarks(ctx.db), row)) return undefined
  const [lane] = await listLanes(ctx.db, [row.destinationId])
  if (!lane || (lane.stoppedCode !== null && row.rank >= 0)) return undefined
  const now = ctx.now()
  const { provider } = await getIntegration(ctx.db, row.integrationId)
  const { webhook, conversation } = providers[provider].rates
  const ahead = await countAhead(ctx.db, row, { now, most: MOST_COUNTED })
  const startsAt = Math.max(now, lane.claimedBy === null ? Number(lane.nextAt ?? 0) : 0)
  const isWebhook = row.destinationKind === 'webhook'
  const ownAt = startsAt + ahead * intervalMs(isWebhook ? webhook : conversation)
  const { paces } = await queueFigures(ctx)
  const sharedAt = isWebhook ? 0 : (paces.get(row.integrationId)?.(ahead + 1) ?? 0)
  return { ahead, expectedAt: toInstant(Math.max(ownAt, sharedAt, row.dueAt)) }
}

/** How many deliveries wait behind each of these incidents, by its id; counting ends at ten thousand. */
export async function countHeldBehind(
  ctx: AppContext,
  incidents: readonly Pick<SavedIncident, 'id' | 'subjectKind' | 'subjectId'>[],
): Promise<Map<string, number>> {
  const held = new Map<string, number>()
  for (const { id, subjectKind, subjectId } of incidents) {
    if (subjectKind === 'platform_endpoint' || subjectKind === 'schedule') continue
    const which = subjectKind === 'destination' ? { destinationId: subjectId } : { stoppedOf: subjectId }
    held.set(id, await countInLine(ctx.db, which, MOST_HELD))
  }
  return held
}

/** After a change that somebody made, who looks again sees it. */
export function forgetQueue(ctx: AppContext): void {
  kept.delete(ctx)
}

const KEPT_MS = 5_000
const MOST_HELD = 10_000
const MOST_LANES = 50
/** A day's worth of one channel. */
const MOST_COUNTED = 86_400

const kept = new WeakMap<AppContext, { at: number; figures: Promise<QueueFigures> }>()

async function readFigures(ctx: AppContext, now: number): Promise<QueueFigures> {
  const lines = await listLines(ctx.db)
  const standing = standingOf(lines, await listMoving(ctx.db), await countBeside(ctx.db))
  const integrations = await listIntegrationsByIds(ctx.db, [...new Set(lines.map((line) => line.integrationId))])
  const grouped = [...Map.groupBy(lines, (line) => line.destinationId)]
  const quiet = await listQuietLines(ctx.db, MOST_LANES)
  const destinations = await listDestinationsByIds(ctx.db, [
    ...grouped.map(([id]) => id),
    ...quiet.map(({ destinationId }) => destinationId),
  ])
  const closed = await listClosedBuckets(ctx.db, now)
  const budgets = new Map<string, Budget>()
  for (const { id, provider } of integrations.values()) {
    const startsAt = closed.get(methodKey(id, 'chat.postMessage')) ?? now
    budgets.set(id, { rates: providers[provider].rates, startsAt })
  }
  const loads: Load[] = []
  const lanes = grouped.flatMap(([destinationId, ofLane]): LaneFigures[] => {
    const [first, ...others] = ofLane
    if (!first) return []
    const { integrationId, stoppedCode } = first
    const count = ofLane.reduce((sum, line) => sum + line.count, 0)
    const destination = destinations.get(destinationId)
    const integration = integrations.get(integrationId)
    const lane = {
      destination,
      lines: [first, ...others],
      count,
      oldestAt: Math.min(...ofLane.map((each) => each.firstAt)),
    } satisfies LaneFigures
    if (stoppedCode !== null || !destination || !integration) return [lane]
    const reopensAt = closed.get(conversationKey({ integration, destination })) ?? now
    const nextAt = Math.max(now, first.nextAt ?? now, reopensAt)
    const isWebhook = destination.kind === 'webhook'
    const lastAt = Math.max(...ofLane.map((each) => each.lastAt))
    loads.push({ destinationId, integrationId, isWebhook, count, startsAt: nextAt, lastAt })
    return [{ ...lane, nextAt }]
  })
  const paces = sharedPaceOf(loads, budgets)
  const drained = drainedAtOf(loads, budgets, paces)
  const figures = lanes.map((lane): LaneFigures => {
    const drainedAt = drained.get(lane.lines[0].destinationId)
    return { ...lane, ...(drainedAt !== undefined && { drainedAt }) }
  })
  return {
    standing,
    lanes: figures.sort((a, b) => b.count - a.count),
    quiet: quiet.map((line) => ({ ...line, name: destinations.get(line.destinationId)?.name ?? line.destinationId })),
    pausedTypes: await heldByType(ctx),
    paces,
    readAt: now,
  }
}

async function heldByType({ db }: AppContext): Promise<Queue['pausedTypes']> {
  const { isAll, held } = await listHeldByType(db, MOST_HELD, MOST_LANES)
  return held.map(({ type, count }) => ({ type, waiting: count, ...(!isAll && { atLeast: true as const }) }))
}

/**
 * The states of what is in line. Only those on the move are read; of the others the lane says whether they wait or are
 * held, which it knows before their rows are marked.
 */
export function standingOf(lines: readonly Line[], moving: readonly Moving[], beside: number): Standing[] {
  const standing = new Map<string, Standing>()
  const add = (state: DeliveryState, priority: Standing['priority'], count: number) => {
    const known = standing.get(`${state} ${priority}`)
    if (known) known.count += count
    else if (count > 0) standing.set(`${state} ${priority}`, { state, priority, count })
  }
  const byLine = Map.groupBy(moving, ({ destinationId, rank }) => `${destinationId} ${rank}`)
  for (const { destinationId, rank, count, stoppedCode } of lines) {
    const isHeld = stoppedCode !== null && rank >= 0
    let rest = count
    for (const some of byLine.get(`${destinationId} ${rank}`) ?? []) {
      const counted = Math.min(some.count, rest)
      add(isHeld && some.state === 'retrying' ? 'held' : some.state, priorityOf(rank), counted)
      rest -= counted
    }
    add(isHeld ? 'held' : 'pending', priorityOf(rank), rest)
  }
  add('held', 'any', beside)
  return [...standing.values()]
}

/** Tests that somebody watches are made urgent, and stand before the others. */
const priorityOf = (rank: number): Priority => (rank <= 0 ? 'urgent' : rank === 1 ? 'normal' : 'low')

function toLane({ destination, lines, count, oldestAt, nextAt, drainedAt }: LaneFigures): Lane {
  const [{ destinationId, integrationId, stoppedCode, stoppedAt }] = lines
  const byPriority = { urgent: 0, normal: 0, low: 0 }
  for (const line of lines) byPriority[priorityOf(line.rank)] += line.count
  return {
    destinationId,
    destinationName: destination?.name ?? destinationId,
    integrationId,
    waiting: count,
    byPriority,
    oldestAt: toInstant(oldestAt),
    ...(nextAt !== undefined && { nextAt: toInstant(nextAt) }),
    ...(drainedAt !== undefined && { drainedAt: toInstant(drainedAt) }),
    ...(stoppedCode !== null && { stopped: stoppedOf(stoppedCode, stoppedAt ?? oldestAt) }),
  }
}

function stoppedOf(code: string, since: number): Lane['stopped'] {
  const { meaning, fix } = deliveryCode(code)
  return { code, meaning, fix, since: toInstant(since) }
}
