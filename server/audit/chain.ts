import { createHash } from 'node:crypto'
import type { AuditEntriesTable } from '../db/schema.ts'

/** What stands before the first entry. */
export const CHAIN_START = '0'.repeat(64)

/** The hash that ties an entry to the one before: change, remove or reorder one, and no later hash fits. */
export function chainHash(previousHash: string, entry: Omit<AuditEntriesTable, 'hash'>): string {
  const { id, number, at, actorKind, actorId, actorName, action, subjectKind, subjectId, subjectName, detail } = entry
  const canonical = JSON.stringify([
    id,
    Number(number),
    Number(at),
    actorKind,
    actorId,
    actorName,
    action,
    subjectKind,
    subjectId,
    subjectName,
    detail,
  ])
  return createHash('sha256').update(previousHash).update('\n').update(canonical).digest('hex')
}

/** The first thing that is wrong with a run of entries that follow `before`, in a sentence; undefined when all fit. */
export function brokenLink(
  before: { number: number; hash: string },
  entries: AuditEntriesTable[],
): { number: number; problem: string } | undefined {
  let last = before
  for (const entry of entries) {
    const number = Number(entry.number)
    const expected = last.number + 1
    if (number !== expected) return { number: expected, problem: `Entry ${expected} is missing.` }
    if (entry.hash !== chainHash(last.hash, entry)) {
      return { number, problem: `Entry ${number} is not what was written, or the one before it was replaced.` }
    }
    last = { number, hash: entry.hash }
  }
  return undefined
}
