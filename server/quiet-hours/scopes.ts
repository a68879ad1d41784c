import type { QuietScope } from '../../shared/quiet-hours.ts'
import type { Db } from '../db/schema.ts'
import { listDestinationsByIds } from '../destinations/store.ts'
import { Refusal } from '../errors.ts'

/** Refuses a destination that isn't there. Types and people are only names: one may be quiet before it is first heard of. */
export async function checkScope(db: Db, scope: QuietScope): Promise<void> {
  if (scope.kind !== 'destination') return
  if ((await listDestinationsByIds(db, [scope.id])).has(scope.id)) return
  throw new Refusal('invalid', `There is no destination ${scope.id}.`, {
    field: 'scope.id',
    fix: 'Use an id from GET /api/destinations.',
  })
}

/** Gives scopes their names; a destination that was deleted meanwhile says so. */
export async function scopeNamer(db: Db, scopes: readonly QuietScope[]): Promise<(scope: QuietScope) => string> {
  const ids = scopes.flatMap((scope) => (scope.kind === 'destination' ? [scope.id] : []))
  const destinations = await listDestinationsByIds(db, [...new Set(ids)])
  return (scope) => {
    switch (scope.kind) {
      case 'everything':
        return 'Everything'
      case 'destination':
        return destinations.get(scope.id)?.name ?? `${scope.id} (deleted)`
      case 'type':
        return scope.type
      case 'person':
        return scope.recipient
    }
  }
}
