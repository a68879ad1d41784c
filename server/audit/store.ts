import { sql } from 'kysely'
import { z } from 'zod'
import type { AuditEntry } from '../../shared/audit.ts'
import type { AuditEntriesTable, Db } from '../db/schema.ts'
import { optional, toInstant } from '../lib/paging.ts'

export async function findLastEntry(db: Db): Promise<{ number: number; hash: string } | undefined> {
  return db.selectFrom('auditEntries').select(['number', 'hash']).orderBy('number', 'desc').limit(1).executeTakeFirst()
}

export async function insertEntry(db: Db, entry: AuditEntriesTable): Promise<void> {
  await db.insertInto('auditEntries').values(entry).execute()
}

/** Entries after a number, in the order in which they were written. */
export async function listEntriesAfter(db: Db, number: number, limit: number): Promise<AuditEntriesTable[]> {
  return db.selectFrom('auditEntries').selectAll().where('number', '>', number).orderBy('number').limit(limit).execute()
}

export type AuditQuery = {
  cursor?: string | undefined
  limit: number
  action?: string | undefined
  subject?: string | undefined
  actor?: string | undefined
  from?: string | undefined
  to?: string | undefined
}

/** Newest first. The cursor is the number of the last entry given out. */
export async function listEntries(db: Db, query: AuditQuery): Promise<{ items: AuditEntry[]; next?: string }> {
  let select = db
    .selectFrom('auditEntries')
    .selectAll()
    .orderBy('number', 'desc')
    .limit(query.limit + 1)
  if (query.cursor !== undefined) select = select.where('number', '<', Number(query.cursor))
  if (query.action) {
    const { action } = query
    // "integration" finds integration.made and integration.changed; the whole word finds itself.
    select = select.where((where) =>
      where.or([where('action', '=', action), sql<boolean>`action like ${`${escapedForLike(action)}.%`} escape '\\'`]),
    )
  }
  if (query.subject) select = select.where('subjectId', '=', query.subject)
  if (query.actor) select = select.where('actorId', '=', query.actor)
  if (query.from) select = select.where('at', '>=', Date.parse(query.from))
  if (query.to) select = select.where('at', '<', Date.parse(query.to))
  const rows = await select.execute()
  const given = rows.slice(0, query.limit)
  const last = given.at(-1)
  const items = given.map(toEntry)
  return rows.length > query.limit && last ? { items, next: String(last.number) } : { items }
}

const escapedForLike = (text: string) => text.replace(/[\\%_]/g, '\\$&')

const Detail = z.record(z.string(), z.unknown())
const ActorKind = z.enum(['user', 'api_key', 'server', 'slack'])

function toEntry(row: AuditEntriesTable): AuditEntry {
  return {
    id: row.id,
    at: toInstant(Number(row.at)),
    actor: { kind: ActorKind.parse(row.actorKind), ...optional('id', row.actorId), name: row.actorName },
    action: row.action,
    subject: { kind: row.subjectKind, id: row.subjectId, name: row.subjectName },
    detail: Detail.parse(JSON.parse(row.detail)),
  }
}
