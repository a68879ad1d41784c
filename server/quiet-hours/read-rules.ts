import { z } from 'zod'
import { QuietScope } from '../../shared/quiet-hours.ts'
import type { Db } from '../db/schema.ts'
import type { QuietRules } from './quiet-at.ts'
import { listQuietRows, type SavedMute, type SavedQuietHours } from './store.ts'

/** All quiet hours that are enabled, and all mutes that run: plain data, to decide by or to keep. */
export async function readQuietRules(db: Db, now: number): Promise<QuietRules> {
  const { hours, mutes } = await listQuietRows(db, now)
  return { hours: hours.map(toRule), mutes: mutes.map(toMute) }
}

/** The same, asked again and again: while nothing has changed it is the same object, so what it worked out is kept. */
export function quietRulesReader(): (db: Db, now: number) => Promise<QuietRules> {
  let known: { text: string; rules: QuietRules } = { text: '', rules: { hours: [], mutes: [] } }
  return async (db, now) => {
    const { hours, mutes } = await listQuietRows(db, now)
    const text = JSON.stringify([hours, mutes])
    if (text !== known.text) known = { text, rules: { hours: hours.map(toRule), mutes: mutes.map(toMute) } }
    return known.rules
  }
}

/** The scope in a column. */
export const scopeIn = (column: string): QuietScope => QuietScope.parse(JSON.parse(column))
/** The days in a column. */
export const daysIn = (column: string): number[] => z.array(z.number()).parse(JSON.parse(column))

export const toRule = (row: SavedQuietHours) => ({
  id: row.id,
  scope: scopeIn(row.scope),
  days: daysIn(row.days),
  from: row.begins,
  to: row.ends,
  timeZone: row.timeZone,
  urgentBreaksThrough: row.urgentBreaksThrough === 1,
  atEnd: row.atEnd,
})

const toMute = (row: SavedMute) => ({
  id: row.id,
  scope: scopeIn(row.scope),
  from: Number(row.fromAt),
  until: Number(row.untilAt),
  reason: row.reason,
  by: row.createdBy,
  urgentBreaksThrough: row.urgentBreaksThrough === 1,
  atEnd: row.atEnd,
})
