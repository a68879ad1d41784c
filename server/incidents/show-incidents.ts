import { deliveryCode } from '../../shared/delivery-codes.ts'
import type { Incident } from '../../shared/incidents.ts'
import { platformCode } from '../../shared/platform-codes.ts'
import { scheduleCode } from '../../shared/schedule-codes.ts'
import { slackLink, slackPageLabel } from '../../shared/slack-links.ts'
import type { AppContext } from '../context.ts'
import { found, optional, toInstant, toPage } from '../lib/paging.ts'
import type { Dependants } from './dependants.ts'
import { findIncident, listIncidentRows, type SavedIncident } from './store.ts'

/** One incident, with the way out of it. Refuses when there is none. */
export async function showIncident(ctx: AppContext, id: string, dependants: Dependants): Promise<Incident> {
  const row = found(await findIncident(ctx.db, id), 'incident', id)
  const [shown] = await show(ctx, [row], dependants)
  return found(shown, 'incident', id)
}

/** One page, newest first. */
export async function listIncidents(
  ctx: AppContext,
  query: Parameters<typeof listIncidentRows>[1],
  dependants: Dependants,
): Promise<{ items: Incident[]; next?: string }> {
  const { items, next } = toPage(await listIncidentRows(ctx.db, query), query.limit, (row) => row)
  return { items: await show(ctx, items, dependants), ...optional('next', next) }
}

async function show(ctx: AppContext, rows: SavedIncident[], dependants: Dependants): Promise<Incident[]> {
  const held = await dependants.countHeld(
    ctx,
    rows.filter(({ closedAt }) => closedAt === null),
  )
  const appIds = await dependants.listAppIds(ctx.db, [...new Set(rows.map(({ integrationId }) => integrationId))])
  return rows.map((row) => toAnswer(row, held.get(row.id) ?? 0, appIds.get(row.integrationId)))
}

function toAnswer(row: SavedIncident, held: number, appId: string | undefined): Incident {
  const { meaning, fix, page } = wordsOf(row)
  return {
    id: row.id,
    subject: { kind: row.subjectKind, id: row.subjectId, name: row.subjectName },
    integrationId: row.integrationId,
    code: row.code,
    ...optional('detail', row.detail),
    meaning,
    fix,
    ...(page && { link: { label: slackPageLabel(page), url: slackLink(page, appId) } }),
    ...optional('deliveryId', row.deliveryId),
    openedAt: toInstant(row.openedAt),
    ...optional('closedAt', row.closedAt === null ? null : toInstant(row.closedAt)),
    ...optional('closedBy', row.closedBy),
    held,
  }
}

function wordsOf({ subjectKind, code }: SavedIncident): ReturnType<typeof deliveryCode> {
  if (subjectKind === 'schedule') return scheduleCode(code)
  return subjectKind === 'platform_endpoint' ? platformCode(code) : deliveryCode(code)
}
