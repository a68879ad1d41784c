import type { Mute, QuietHours } from '../../shared/quiet-hours.ts'
import type { AppContext } from '../context.ts'
import { countHeldBy } from '../deliveries/quiet/waits-store.ts'
import { optional, toInstant, toPage } from '../lib/paging.ts'
import { scopeIn, toRule } from './read-rules.ts'
import { scopeNamer } from './scopes.ts'
import { spanAt } from './span-at.ts'
import { getMute, getQuietHours, listMutes, listQuietHours, type SavedMute, type SavedQuietHours } from './store.ts'

type Page = { cursor?: string | undefined; limit: number }

/** One page of quiet hours, oldest first. */
export async function showQuietHoursPage(
  ctx: AppContext,
  query: Page,
): Promise<{ items: QuietHours[]; next?: string }> {
  const rows = await listQuietHours(ctx.db, query)
  const shown = await showAll(ctx, rows.slice(0, query.limit))
  const { next } = toPage(rows, query.limit, () => undefined)
  return { items: shown, ...optional('next', next) }
}

/** Refuses when there are none. */
export async function showQuietHours(ctx: AppContext, id: string): Promise<QuietHours> {
  const [shown] = await showAll(ctx, [await getQuietHours(ctx.db, id)])
  if (!shown) throw new Error(`Quiet hours ${id} were not shown.`)
  return shown
}

/** One page of mutes, newest first. */
export async function showMutesPage(
  ctx: AppContext,
  query: Page & { state?: 'active' | 'ended' | undefined },
): Promise<{ items: Mute[]; next?: string }> {
  const rows = await listMutes(ctx.db, { ...query, state: query.state, now: ctx.now() })
  const shown = await showMutes(ctx, rows.slice(0, query.limit))
  const { next } = toPage(rows, query.limit, () => undefined)
  return { items: shown, ...optional('next', next) }
}

/** Refuses when there is none. */
export async function showMute(ctx: AppContext, id: string): Promise<Mute> {
  const [shown] = await showMutes(ctx, [await getMute(ctx.db, id)])
  if (!shown) throw new Error(`Mute ${id} was not shown.`)
  return shown
}

async function showAll(ctx: AppContext, rows: readonly SavedQuietHours[]): Promise<QuietHours[]> {
  const rules = rows.map(toRule)
  const nameOf = await scopeNamer(
    ctx.db,
    rules.map(({ scope }) => scope),
  )
  const held = await countHeldBy(
    ctx.db,
    rows.map(({ id }) => id),
  )
  return rows.map((row) => {
    const { scope, days, from, to, timeZone, urgentBreaksThrough, atEnd } = toRule(row)
    const span = row.disabledAt === null ? spanAt({ days, from, to, timeZone }, ctx.now()) : undefined
    return {
      id: row.id,
      scope,
      scopeName: nameOf(scope),
      ...{ days, from, to, timeZone, urgentBreaksThrough, atEnd },
      enabled: row.disabledAt === null,
      isQuietNow: span?.isQuiet ?? false,
      ...(span && { changesAt: toInstant(span.until) }),
      held: held.get(row.id) ?? 0,
      updatedAt: toInstant(row.updatedAt),
      updatedBy: row.updatedBy,
    }
  })
}

async function showMutes(ctx: AppContext, rows: readonly SavedMute[]): Promise<Mute[]> {
  const nameOf = await scopeNamer(
    ctx.db,
    rows.map(({ scope }) => scopeIn(scope)),
  )
  const held = await countHeldBy(
    ctx.db,
    rows.map(({ id }) => id),
  )
  return rows.map((row) => ({
    id: row.id,
    scope: scopeIn(row.scope),
    scopeName: nameOf(scopeIn(row.scope)),
    from: toInstant(row.fromAt),
    until: toInstant(row.untilAt),
    reason: row.reason,
    by: row.createdBy,
    urgentBreaksThrough: row.urgentBreaksThrough === 1,
    atEnd: row.atEnd,
    ...optional('endedAt', row.endedAt === null ? null : toInstant(row.endedAt)),
    ...optional('endedBy', row.endedBy),
    held: held.get(row.id) ?? 0,
  }))
}
