import type { AppContext } from '../context.ts'
import { lockForTransaction } from '../db/engine.ts'
import type { Db } from '../db/schema.ts'
import { redactSecrets, redactText } from '../lib/redact.ts'
import type { Actor } from '../users/actor.ts'
import { CHAIN_START, chainHash } from './chain.ts'
import { findLastEntry, insertEntry } from './store.ts'

export type AuditEvent = {
  /** `noun.past_verb`: integration.changed. */
  action: string
  subject: { kind: string; id: string; name: string }
  /** What changed. Secrets that slip in are taken out, yet belong nowhere near this. */
  detail?: Record<string, unknown>
}

/** Writes who did what, in the transaction of the change itself: neither is ever there without the other. */
export async function recordAudit(ctx: AppContext, trx: Db, actor: Actor, event: AuditEvent): Promise<void> {
  // Numbers have no gaps, so replicas take turns until the commit.
  await lockForTransaction(trx, 'audit_entries')
  const last = (await findLastEntry(trx)) ?? { number: 0, hash: CHAIN_START }
  const entry = {
    id: ctx.newId('aud'),
    number: Number(last.number) + 1,
    at: ctx.now(),
    actorKind: actor.kind,
    actorId: 'id' in actor ? actor.id : null,
    actorName: actor.name,
    action: event.action,
    subjectKind: event.subject.kind,
    subjectId: event.subject.id,
    // A message is called by its first line, which may hold what somebody pasted, and no entry is ever deleted.
    subjectName: redactText(event.subject.name),
    detail: JSON.stringify(redactSecrets(event.detail ?? {})),
  }
  await insertEntry(trx, { ...entry, hash: chainHash(last.hash, entry) })
}
