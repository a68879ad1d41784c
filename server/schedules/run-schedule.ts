import { AcceptedEvents } from '../../shared/events.ts'
import { ScheduleSource } from '../../shared/schedules.ts'
import type { AppContext } from '../context.ts'
import { Refusal } from '../errors.ts'
import type { eventTaker } from '../events/accept-events.ts'
import { readEvents } from '../events/read-events.ts'
import type { Actor } from '../users/actor.ts'
import { askPlatform, type Told } from './ask-platform.ts'
import type { Claimed } from './claim-run.ts'
import { closeTrouble, openTrouble } from './mark-trouble.ts'
import { type RunResult, type RunStep, runStep, SWITCHED_OFF } from './run-step.ts'
import { pruneRuns, settleRun } from './runs-store.ts'
import { lockScheduleIfThere } from './store.ts'
import { sumUp } from './sum-up.ts'

export type TakeEvents = ReturnType<typeof eventTaker>

/** The source of all events of schedules: their idempotency keys count together, whatever a schedule is called. */
const SCHEDULES: Actor = { kind: 'server', name: 'Schedules' }
const MOST_KEPT = 200

/** Carries out a claimed run, to its end or to its next attempt. A lost claim changes nothing. */
export async function runSchedule(ctx: AppContext, take: TakeEvents, claimed: Claimed): Promise<void> {
  const { schedule, run } = claimed
  const result = await resultOf(ctx, take, claimed)
  const { step, settled } = await ctx.db.transaction().execute(async (trx) => {
    const present = await lockScheduleIfThere(trx, schedule.id)
    const isOff = run.askedBy === null && present?.disabledAt != null
    const step = runStep(result, { tries: run.tries, isOff }, ctx.random)
    const dueAt = step.state === 'waiting' ? (await ctx.storeNow(trx)) + step.waitMs : Number(run.dueAt)
    const endedAt = step.state === 'waiting' ? null : ctx.now()
    const isOurs = await settleRun(trx, run, { ...rowOf(result, step), state: step.state, dueAt, endedAt })
    if (isOurs) await pruneRuns(trx, schedule.id, MOST_KEPT)
    if (isOurs && result.kind === 'done') await closeTrouble(ctx, trx, schedule.id)
    if (isOurs && result.kind === 'failed' && step.state === 'failed') await openTrouble(ctx, trx, schedule, result)
    return { step, settled: isOurs }
  })
  const code = result.kind === 'failed' ? result.code : null
  ctx.log.info('schedule.ran', {
    scheduleId: schedule.id,
    runId: run.id,
    tries: run.tries,
    next: step.state,
    code,
    settled,
  })
  if (result.kind === 'done' && result.ids.length > 0) ctx.nudge('deliveries')
}

async function resultOf(ctx: AppContext, take: TakeEvents, claimed: Claimed): Promise<RunResult> {
  if (claimed.run.tries > MOST_CLAIMS) return { kind: 'failed', code: 'given_up' }
  try {
    const told = await toldBy(ctx, claimed)
    return told.kind === 'failed' ? told : await accept(take, claimed, told.events)
  } catch (error) {
    if (error instanceof Refusal) return refused(error)
    ctx.log.error('schedule.broke', { scheduleId: claimed.schedule.id, runId: claimed.run.id, error })
    return { kind: 'failed', code: 'broke' }
  }
}

/** More than a run is tried, since its worker was lost now and then. */
const MOST_CLAIMS = 10

function toldBy(ctx: AppContext, claimed: Claimed): Promise<Told> {
  const source = ScheduleSource.parse(JSON.parse(claimed.schedule.source))
  return source.kind === 'platform' ? askPlatform(ctx, claimed, source.integrationId) : sumUp(ctx, claimed, source)
}

/** Under the key of the run's time, so that one that is repeated doubles nothing, whatever it is told the second time. */
async function accept(take: TakeEvents, { schedule, run }: Claimed, events: unknown[]): Promise<RunResult> {
  if (events.length === 0) return { kind: 'done', ids: [] }
  const idempotencyKey = `${schedule.id}:${run.plannedAt}`
  const read = readEvents(events, JSON.stringify(events))
  const { answer } = await take({ actor: SCHEDULES, ...read, idempotencyKey, body: Buffer.from(idempotencyKey) })
  const accepted = AcceptedEvents.parse(JSON.parse(answer))
  return { kind: 'done', ids: ('items' in accepted ? accepted.items : [accepted]).map(({ id }) => id) }
}

function refused({ code, message, fix }: Refusal): RunResult {
  const passes = code === 'too_many' || code === 'unavailable'
  return { kind: 'failed', code: passes ? code : 'events_refused', detail: [message, fix].filter(Boolean).join(' ') }
}

function rowOf(result: RunResult, step: RunStep) {
  if (step.state === 'skipped') return { code: SWITCHED_OFF, detail: null }
  if (result.kind === 'failed') return { code: result.code, detail: result.detail ?? null }
  return { code: null, detail: null, events: result.ids.length, eventIds: JSON.stringify(result.ids.slice(0, 10)) }
}
