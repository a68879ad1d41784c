import { setImmediate } from 'node:timers/promises'
import { cutToAllowed, readAllowed } from '../../shared/allowed-fields.ts'
import { evaluate } from '../../shared/conditions/compile.ts'
import { NewEvent } from '../../shared/events.ts'
import type { ScheduleSource } from '../../shared/schedules.ts'
import type { AppContext } from '../context.ts'
import { escaped } from '../deliveries/standard-message.ts'
import { listEventsBetween, type SavedEvent } from '../events/store.ts'
import { toInstant } from '../lib/paging.ts'
import { compileIfSound } from '../routing/conditions.ts'
import { findTypeSettings } from '../routing/store.ts'
import { wordsIn } from '../routing/targets.ts'
import type { Told } from './ask-platform.ts'
import type { Claimed } from './claim-run.ts'

type Stored = Extract<ScheduleSource, { kind: 'stored_events' }>
type Item = Pick<NewEvent, 'type' | 'severity' | 'title' | 'url'>
type Sum = {
  count: number
  byType: Map<string, number>
  bySeverity: Map<string, number>
  items: Item[]
  isCut: boolean
}

const PAGE = 500
const MOST_READ = 200_000
const MOST_ITEMS = 20
const MOST_GROUPS = 50

/**
 * One event that sums up those accepted since the last run, less its own kind; none when there were none. Of each event
 * it tells only what the type of that event lets out.
 */
export async function sumUp(ctx: AppContext, { schedule, run }: Claimed, source: Stored): Promise<Told> {
  const condition = source.condition === undefined ? undefined : compileIfSound(source.condition)
  if (source.condition !== undefined && !condition) return { kind: 'failed', code: 'no_condition' }
  const span = { from: run.since, to: Number(run.plannedAt), types: source.types?.length ? source.types : undefined }
  const sum: Sum = { count: 0, byType: new Map(), bySeverity: new Map(), items: [], isCut: false }
  let after: string | undefined
  let read = 0
  for (;;) {
    const rows = await listEventsBetween(ctx.db, span, { after, limit: PAGE })
    const events = rows.filter(({ type }) => type !== schedule.type).map(eventIn)
    const wanted = condition ? events.filter((event) => evaluate(condition, { event })) : events
    await addAll(ctx, sum, wanted)
    read += rows.length
    after = rows.at(-1)?.id
    if (rows.length < PAGE) break
    if (read >= MOST_READ) {
      sum.isCut = true
      break
    }
    await setImmediate()
  }
  if (sum.count === 0) return { kind: 'events', events: [] }
  return { kind: 'events', events: [eventOf(schedule, span, sum)] }
}

async function addAll(ctx: AppContext, sum: Sum, events: NewEvent[]): Promise<void> {
  const settings = await findTypeSettings(ctx.db, [...new Set(events.map(({ type }) => type))])
  for (const event of events) {
    const fields = settings.get(event.type)?.allowedFields ?? null
    const { type, severity, title, url } = cutToAllowed(event, readAllowed(fields === null ? null : wordsIn(fields)))
    sum.count += 1
    addTo(sum.byType, type)
    addTo(sum.bySeverity, severity ?? 'none')
    sum.items.push({ type, ...(severity && { severity }), ...(title && { title }), ...(url && { url }) })
  }
  // The latest.
  sum.items = sum.items.slice(-MOST_ITEMS)
}

function addTo(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}

/** Written by us, after it had passed the schema. */
const eventIn = ({ body }: SavedEvent): NewEvent => NewEvent.parse(JSON.parse(body))

function eventOf(
  { name, type }: Claimed['schedule'],
  { from, to }: { from: number; to: number },
  sum: Sum,
): Record<string, unknown> {
  const byType = largest(sum.byType)
  const events = sum.count === 1 ? '1 event' : `${sum.isCut ? 'more than ' : ''}${sum.count} events`
  return {
    type,
    title: `${name}: ${events}`,
    text: [...byType.map(([each, count]) => `• ${count} × ${escaped(each)}`), '', ...sum.items.slice(-5).map(lineOf)]
      .join('\n')
      .trim(),
    data: {
      count: sum.count,
      byType: Object.fromEntries(byType),
      bySeverity: Object.fromEntries(largest(sum.bySeverity)),
      items: sum.items.toReversed(),
      from: toInstant(from),
      to: toInstant(to),
      ...(sum.isCut && { isCut: true }),
    },
  }
}

const largest = (counts: Map<string, number>): [string, number][] =>
  [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, MOST_GROUPS)

function lineOf({ type, title, url }: Item): string {
  const words = escaped(title ?? type)
  return url === undefined ? words : `<${url.replace(/[<>|\s]/g, encodeURIComponent)}|${words.replaceAll('|', '¦')}>`
}
