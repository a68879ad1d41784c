import { z } from 'zod'
import { QuietScope } from '../../shared/quiet-hours.ts'
import type { Db } from '../db/schema.ts'
import type { MuteRule, QuietHoursRule, QuietRules } from './rules.ts'
import { listQuietRows, type SavedMute, type SavedQuietHours } from './store.ts'

/** What decides at this moment. */
export async function readQuietRules(db: Db): Promise<QuietRules> {
  const { hours, mutes } = await listQuietRows(db)
  return { hours: hours.map(toRule), mutes: mutes.map(toMute) }
}

/** The same, asked again and again: while nothing has changed it is the same object, so what it worked out is kept. */
export function quietRulesReader(): (db: Db) => Promise<QuietRules> {
  let known: { text: string; rules: QuietRules } = { text: '', rules: { hours: [], mutes: [] } }
  return async (db) => {
    const { hours, mutes } = await listQuietRows(db)
    const text = JSON.stringify([hours, mutes])
    if (text !== known.text) known = { text, rules: { hours: hours.map(toRule), mutes: mutes.map(toMute) } }
    return known.rules
  }
}

/** The scope in a column. */
export const scopeIn = (column: string): QuietScope => QuietScope.parse(JSON.parse(column))
/** The days in a column. */
const daysIn = (column: string): number[] => z.array(z.number()).parse(JSON.parse(column))

export const toRule = (row: SavedQuietHours): QuietHoursRule => ({
  id: row.id,
  scope: scopeIn(row.scope),
  days: daysIn(row.days),
  from: row.begins,
  to: row.ends,
  timeZone: row.timeZone,
  urgentBreaksThrough: row.urgentBreaksThrough === 1,
  atEnd: row.atEnd,
})

const toMute = (row: SavedMute): MuteRule => ({
  id: row.id,
  scope: scopeIn(row.scope),
  from: row.fromAt,
  until: row.untilAt,
  reason: row.reason,
  by: row.createdBy,
  urgentBreaksThrough: row.urgentBreaksThrough === 1,
  atEnd: row.atEnd,
})
