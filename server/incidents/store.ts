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

/** Closes the open incident of a destination or integration, if there is one. */
export async function closeIncident(db: Db, subjectId: string, { at, by }: { at: number; by: string }): Promise<void> {
  await db
    .updateTable('incidents')
    .set({ closedAt: at, closedBy: by })
    .where('subjectId', '=', subjectId)
    .where('closedAt', 'is', null)
    .execute()
}
