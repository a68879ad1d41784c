import type { Db } from '../db/schema.ts'
import { readQuietRules } from '../quiet-hours/read-rules.ts'
import { listCurrentTemplates } from '../templates/store.ts'
import { listAllRules } from './rules-store.ts'
import { bodyOf, openSnapshot, type Snapshot, SnapshotBody } from './snapshot.ts'
import { findSnapshot, insertSnapshot, listAllTypes, readRoutingState } from './store.ts'
import { readyTemplates } from './used-templates.ts'

/** What this process has read last; it may be older than what holds by now. */
const known = new WeakMap<Db, Snapshot>()
const reading = new WeakMap<Db, Promise<Snapshot>>()

/** What decides now. Read anew only when something has changed since; those who ask meanwhile share one reading. */
export function currentSnapshot(db: Db): Promise<Snapshot> {
  const pending = reading.get(db) ?? readCurrent(db).finally(() => reading.delete(db))
  reading.set(db, pending)
  return pending
}

/** What decided when this process looked last: whoever acts by it checks its revision in the same transaction. */
export async function lastSnapshot(db: Db): Promise<Snapshot> {
  return known.get(db) ?? currentSnapshot(db)
}

async function readCurrent(db: Db): Promise<Snapshot> {
  for (;;) {
    const { revision, fallback } = await readRoutingState(db)
    const last = known.get(db)
    if (last?.revision === revision) return last
    const body = bodyOf({
      types: await listAllTypes(db),
      rules: await listAllRules(db),
      fallback,
      quiet: await readQuietRules(db),
    })
    const sources = await listCurrentTemplates(db)
    // Several statements: a change in between would have given a bit of both.
    if ((await readRoutingState(db)).revision !== revision) continue
    const used = new Set(body.types.flatMap(({ template }) => template ?? []))
    const snapshot = openSnapshot(revision, body, readyTemplates(sources, used, last?.templates ?? new Map()))
    known.set(db, snapshot)
    return snapshot
  }
}

/** Keeps what decided, for the explanation of what it decided, in the transaction of the first such events. */
export async function keepSnapshot(trx: Db, db: Db, { revision, body }: Snapshot, now: number): Promise<void> {
  if (kept.get(db) !== revision) await insertSnapshot(trx, { revision, body: JSON.stringify(body), at: now })
}

/** That transaction is through: this snapshot need not be kept again. */
export function whenKept(db: Db, { revision }: Snapshot): void {
  kept.set(db, revision)
}

/** The revision that was kept last. */
const kept = new WeakMap<Db, number>()

/** What decided at a revision; undefined when no event was decided by it. A state is never changed, so it is opened once. */
export async function findKeptSnapshot(db: Db, revision: number): Promise<Snapshot | undefined> {
  const last = known.get(db)
  if (last?.revision === revision) return last
  const opened = reopened.get(db) ?? new Map<number, Snapshot>()
  reopened.set(db, opened)
  const again = opened.get(revision)
  if (again) return again
  const row = await findSnapshot(db, revision)
  if (!row) return undefined
  const snapshot = openSnapshot(revision, SnapshotBody.parse(JSON.parse(row.body)))
  opened.set(revision, snapshot)
  const [oldest] = opened.keys()
  if (opened.size > MOST_REOPENED && oldest !== undefined) opened.delete(oldest)
  return snapshot
}

/** Earlier states that somebody asked about: with thousands of rules each takes a while to open, and memory to keep. */
const reopened = new WeakMap<Db, Map<number, Snapshot>>()
const MOST_REOPENED = 4
