import type { Db } from '../db/schema.ts'
import type { Failures } from './attempt-limits.ts'

export async function findFailures(db: Db, subjects: string[]): Promise<Map<string, Failures>> {
  const rows = await db.selectFrom('signInFailures').selectAll().where('subject', 'in', subjects).execute()
  return new Map(
    rows.map(({ subject, failures, firstAt, lastAt }) => [
      subject,
      { failures: Number(failures), firstAt: Number(firstAt), lastAt: Number(lastAt) },
    ]),
  )
}

export async function putFailures(db: Db, subject: string, failed: Failures): Promise<void> {
  await db
    .insertInto('signInFailures')
    .values({ subject, ...failed })
    .onConflict((conflict) => conflict.column('subject').doUpdateSet(failed))
    .execute()
}

export async function deleteFailures(db: Db, subjects: string[]): Promise<void> {
  await db.deleteFrom('signInFailures').where('subject', 'in', subjects).execute()
}

/** Takes one failure back, for a try that turned out right. */
export async function takeBackFailure(db: Db, subject: string): Promise<void> {
  await db
    .updateTable('signInFailures')
    .set((row) => ({ failures: row('failures', '-', 1) }))
    .where('subject', '=', subject)
    .where('failures', '>', 0)
    .execute()
}

/** What no limit remembers any more. */
export async function deleteFailuresBefore(db: Db, lastAt: number): Promise<void> {
  await db.deleteFrom('signInFailures').where('lastAt', '<', lastAt).execute()
}
