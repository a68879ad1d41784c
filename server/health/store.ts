import { sql } from 'kysely'
import { migrations } from '../db/migrations/migrations.ts'
import type { Db, ProbesTable } from '../db/schema.ts'

export type SavedProbe = ProbesTable

/** Asks the store something small: whether its tables are as new as this program. Throws when it does not answer. */
export async function isMigrated(db: Db): Promise<boolean> {
  const newest = Object.keys(migrations).at(-1) ?? ''
  const { rows } = await sql<{ name: string }>`select max(name) as name from kysely_migration`.execute(db)
  return (rows[0]?.name ?? '') >= newest
}

/** The last minute that was taken on of each integration. */
export async function listProbeClaims(db: Db): Promise<Map<string, number>> {
  const rows = await db.selectFrom('probeClaims').selectAll().execute()
  return new Map(rows.map((row) => [row.integrationId, row.minuteAt]))
}

/** Takes a minute on. False: another replica was faster. A claim far ahead was made before the clock was set back. */
export async function claimProbe(db: Db, integrationId: string, minuteAt: number): Promise<boolean> {
  const claimed = await db
    .insertInto('probeClaims')
    .values({ integrationId, minuteAt })
    .onConflict((conflict) =>
      conflict
        .column('integrationId')
        .doUpdateSet({ minuteAt })
        .where(({ or, eb }) =>
          or([eb('probeClaims.minuteAt', '<', minuteAt), eb('probeClaims.minuteAt', '>', minuteAt + FAR_AHEAD_MS)]),
        ),
    )
    .returning('integrationId')
    .execute()
  return claimed.length === 1
}

/** Whether a claim leaves this minute to be taken on. */
export const isUnclaimed = (claimedMinuteAt: number | undefined, minuteAt: number): boolean =>
  claimedMinuteAt === undefined || claimedMinuteAt < minuteAt || claimedMinuteAt > minuteAt + FAR_AHEAD_MS

export async function insertProbe(db: Db, probe: SavedProbe): Promise<void> {
  await db.insertInto('probes').values(probe).execute()
}

/** Whether a probe since then failed with this code. */
export async function hasProbeWithCode(db: Db, integrationId: string, code: string, since: number): Promise<boolean> {
  const probe = await db
    .selectFrom('probes')
    .select('id')
    .where('integrationId', '=', integrationId)
    .where('at', '>=', since)
    .where('code', '=', code)
    .limit(1)
    .executeTakeFirst()
  return probe !== undefined
}

export async function deleteProbesBefore(db: Db, at: number): Promise<void> {
  await db.deleteFrom('probes').where('at', '<', at).execute()
}

/** Clocks of replicas differ by less. */
const FAR_AHEAD_MS = 300_000
