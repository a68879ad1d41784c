import type { Db, IncidentsTable } from '../db/schema.ts'

export type SavedIncident = IncidentsTable

/** Opens an incident, unless one is open for the same subject already. False then. */
export async function openIncident(db: Db, incident: SavedIncident): Promise<boolean> {
  const inserted = await db
    .insertInto('incidents')
    .values(incident)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return inserted.numInsertedOrUpdatedRows === 1n
}

/** Closes the open incident of a destination, integration, endpoint or schedule, and gives it, if there is one. */
export async function closeIncident(
  db: Db,
  subjectId: string,
  { at, by, unlessCode }: { at: number; by: string; unlessCode?: string | undefined },
): Promise<SavedIncident | undefined> {
  return db
    .updateTable('incidents')
    .set({ closedAt: at, closedBy: by })
    .where('subjectId', '=', subjectId)
    .where('closedAt', 'is', null)
    .$if(unlessCode !== undefined, (rows) => rows.where('code', '!=', unlessCode ?? ''))
    .returningAll()
    .executeTakeFirst()
}

/** Closes all that are open of an integration and its destinations, which are no more. */
export async function closeIncidentsOf(
  db: Db,
  integrationId: string,
  { at, by }: { at: number; by: string },
): Promise<void> {
  await db
    .updateTable('incidents')
    .set({ closedAt: at, closedBy: by })
    .where('integrationId', '=', integrationId)
    .where('closedAt', 'is', null)
    .execute()
}

export async function findIncident(db: Db, id: string): Promise<SavedIncident | undefined> {
  return db.selectFrom('incidents').selectAll().where('id', '=', id).executeTakeFirst()
}

/** One page, newest first, and one row more when there is a next page. */
export async function listIncidentRows(
  db: Db,
  query: {
    open?: boolean | undefined
    integrationId?: string | undefined
    cursor?: string | undefined
    limit: number
  },
): Promise<SavedIncident[]> {
  const { open, integrationId, cursor, limit } = query
  return db
    .selectFrom('incidents')
    .selectAll()
    .$if(open !== undefined, (rows) => rows.where('closedAt', open ? 'is' : 'is not', null))
    .$if(integrationId !== undefined, (rows) => rows.where('integrationId', '=', integrationId ?? ''))
    .$if(Boolean(cursor), (rows) => rows.where('id', '<', cursor ?? ''))
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
}
