import type { AuditCheck } from '../../shared/audit.ts'
import type { Db } from '../db/schema.ts'
import { brokenLink, CHAIN_START } from './chain.ts'
import { listEntriesAfter } from './store.ts'

const READ_AT_ONCE = 1_000

/** Reads the whole trail and recomputes every hash. */
export async function verifyChain(db: Db): Promise<AuditCheck> {
  let last = { number: 0, hash: CHAIN_START }
  for (;;) {
    const entries = await listEntriesAfter(db, last.number, READ_AT_ONCE)
    const broken = brokenLink(last, entries)
    if (broken) {
      const whole = entries.filter((entry) => Number(entry.number) < broken.number).at(-1)
      return {
        state: 'broken',
        entries: broken.number - 1,
        head: whole?.hash ?? last.hash,
        brokenAt: broken.number,
        problem: broken.problem,
      }
    }
    const end = entries.at(-1)
    if (end) last = { number: Number(end.number), hash: end.hash }
    if (entries.length < READ_AT_ONCE) return { state: 'intact', entries: last.number, head: last.hash }
  }
}
