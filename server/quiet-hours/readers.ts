import type { Db } from '../db/schema.ts'
import type { SavedDestination } from '../destinations/store.ts'
import { listEmailsOf } from '../mentions/store.ts'
import type { QuietRules } from './rules.ts'

type Place = Pick<SavedDestination, 'id' | 'integrationId' | 'kind' | 'target'>

/**
 * Who reads what goes to each of these destinations, by every word that quiet hours and mutes may know them by: for
 * direct messages the member ID and the addresses in the list of people. Asked only where one of them is about a person.
 */
export async function readersOf(
  db: Db,
  { hours, mutes }: QuietRules,
  places: Iterable<Place>,
): Promise<Map<string, string[]>> {
  if (![...hours, ...mutes].some(({ scope }) => scope.kind === 'person')) return new Map()
  const people = [...places].filter(({ kind }) => kind === 'person')
  const readers = new Map(people.map(({ id, target }) => [id, [target]]))
  for (const [integrationId, ofOne] of Map.groupBy(people, (place) => place.integrationId)) {
    const known = await listEmailsOf(
      db,
      integrationId,
      ofOne.map(({ target }) => target),
    )
    for (const { id, target } of ofOne) {
      readers.get(id)?.push(...known.flatMap(({ userId, email }) => (userId === target ? [email] : [])))
    }
  }
  return readers
}
