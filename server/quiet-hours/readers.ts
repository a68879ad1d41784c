import type { Db } from '../db/schema.ts'
import type { SavedDelivery } from '../deliveries/store.ts'
import type { SavedDestination } from '../destinations/store.ts'
import { listEmailsOf } from '../mentions/store.ts'
import type { QuietRules } from './rules.ts'

type Place = Pick<SavedDestination, 'id' | 'integrationId' | 'kind' | 'target'>

/** Whom events name as their recipients, by the id of the event; the slice above hands it in. */
export type RecipientsOf = (db: Db, eventIds: readonly string[]) => Promise<ReadonlyMap<string, string>>

/**
 * Whom the events of these deliveries name, where the deliveries may not tell it: what is not to be seen still decides.
 * Asked only where quiet hours or a mute are about a person.
 */
export async function hiddenRecipientsOf(
  db: Db,
  rules: QuietRules,
  deliveries: readonly Pick<SavedDelivery, 'eventId' | 'recipient'>[],
  recipientsOf: RecipientsOf,
): Promise<ReadonlyMap<string, string>> {
  if (!areAboutPeople(rules)) return new Map()
  const ids = deliveries.flatMap(({ eventId, recipient }) => (recipient === null && eventId !== null ? [eventId] : []))
  return ids.length === 0 ? new Map() : recipientsOf(db, [...new Set(ids)])
}

const areAboutPeople = ({ hours, mutes }: QuietRules): boolean =>
  [...hours, ...mutes].some(({ scope }) => scope.kind === 'person')

/**
 * Who reads what goes to each of these destinations, by every word that quiet hours and mutes may know them by: for
 * direct messages the member ID and the addresses in the list of people. Asked only where one of them is about a person.
 */
export async function readersOf(db: Db, rules: QuietRules, places: Iterable<Place>): Promise<Map<string, string[]>> {
  if (!areAboutPeople(rules)) return new Map()
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
