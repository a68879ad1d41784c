import { z } from 'zod'
import { type Allowed, cutToAllowed, readAllowed } from '../../shared/allowed-fields.ts'
import { MOST_EVENTS } from '../../shared/events.ts'
import '../../shared/schema-words.ts'
import type { AppContext } from '../context.ts'
import { toInstant } from '../lib/paging.ts'
import { callPlatform } from '../platform/call-platform.ts'
import { findTypeSettings } from '../routing/store.ts'
import { wordsIn } from '../routing/targets.ts'
import type { Claimed } from './claim-run.ts'

export type Told =
  | { kind: 'events'; events: Record<string, unknown>[] }
  | { kind: 'failed'; code: string; detail?: string }

const DEADLINE_MS = 30_000

/** What a platform answers to schedule.run; each event is looked at as one that is posted is. */
const Answer = z.object({ events: z.array(z.record(z.string(), z.unknown())).max(MOST_EVENTS) })

/** Asks the platform for the events of a run. An event without a type is of the schedule's. */
export async function askPlatform(ctx: AppContext, { schedule, run }: Claimed, integrationId: string): Promise<Told> {
  const body = {
    schedule: schedule.name,
    type: schedule.type,
    plannedAt: toInstant(Number(run.plannedAt)),
    since: toInstant(run.since),
    timeZone: schedule.timeZone,
  }
  const allowed = await allowedOf(ctx, schedule.type)
  const asked = { kind: 'schedule.run', body, ...(allowed && { logged: (answer: string) => seenOf(answer, allowed) }) }
  const result = await callPlatform(ctx, integrationId, asked, { deadlineMs: DEADLINE_MS })
  if (result.kind === 'failed') {
    return { kind: 'failed', code: result.code, ...(result.detail !== undefined && { detail: result.detail }) }
  }
  const parsed = Answer.safeParse(result.body)
  if (!parsed.success) return notUnderstood(wordsOf(parsed.error))
  const events = parsed.data.events.map((event) => ({ ...event, type: event.type ?? schedule.type }))
  const other = events.findIndex(({ type }) => type !== schedule.type)
  if (other >= 0) {
    return notUnderstood(`events.${other}.type: ${JSON.stringify(events[other]?.type)} is not ${schedule.type}.`)
  }
  return { kind: 'events', events }
}

async function allowedOf(ctx: AppContext, type: string): Promise<Allowed> {
  const fields = (await findTypeSettings(ctx.db, [type])).get(type)?.allowedFields ?? null
  return readAllowed(fields === null ? null : wordsIn(fields))
}

/** The events of an answer as far as their type lets them be seen; nothing of one that is no list of events. */
function seenOf(answer: string, allowed: Allowed): string {
  try {
    const { events } = Answer.parse(JSON.parse(answer))
    return JSON.stringify({ events: events.map((event) => cutToAllowed(event, allowed)) })
  } catch {
    return ''
  }
}

const notUnderstood = (detail: string): Told => ({
  kind: 'failed',
  code: 'not_understood',
  detail: detail.slice(0, 300),
})

function wordsOf({ issues: [issue] }: z.ZodError): string {
  return `${issue?.path.join('.') || 'The answer'}: ${issue?.message ?? 'It is not right.'}`
}
