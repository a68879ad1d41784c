import { ScheduleSource } from '../../shared/schedules.ts'
import type { AppContext } from '../context.ts'
import type { Db } from '../db/schema.ts'
import { closeIncident, openIncident } from '../incidents/store.ts'
import type { SavedSchedule } from './store.ts'

type Trouble = { code: string; detail?: string | null | undefined }

/**
 * Opens the incident of a schedule whose last run failed or was missed, in the transaction that says so: one for each
 * cause, since each has its own way out.
 */
export async function openTrouble(ctx: AppContext, trx: Db, schedule: SavedSchedule, trouble: Trouble): Promise<void> {
  const source = ScheduleSource.parse(JSON.parse(schedule.source))
  const incident = {
    id: ctx.newId('inc'),
    subjectKind: 'schedule' as const,
    subjectId: schedule.id,
    subjectName: schedule.name,
    integrationId: source.kind === 'platform' ? source.integrationId : '',
    code: trouble.code,
    detail: trouble.detail ?? null,
    deliveryId: null,
    openedAt: ctx.now(),
    closedAt: null,
    closedBy: null,
  }
  if (!(await openIncident(trx, incident))) {
    await closeTrouble(ctx, trx, schedule.id, { unlessCode: trouble.code })
    if (!(await openIncident(trx, incident))) return
  }
  ctx.log.warn('incident.opened', { subjectKind: 'schedule', subjectId: schedule.id, code: trouble.code })
}

/** A run ended well, or nobody waits for one any more. */
export async function closeTrouble(
  ctx: AppContext,
  trx: Db,
  scheduleId: string,
  { by = 'Switchboard', unlessCode }: { by?: string; unlessCode?: string } = {},
): Promise<void> {
  const closed = await closeIncident(trx, scheduleId, { at: ctx.now(), by, unlessCode })
  if (closed) ctx.log.info('incident.closed', { subjectKind: 'schedule', subjectId: scheduleId })
}
