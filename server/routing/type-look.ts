import { type Allowed, readAllowed } from '../../shared/allowed-fields.ts'
import type { Db } from '../db/schema.ts'
import { listDestinationsByIds } from '../destinations/store.ts'
import { findTypeSettings } from './store.ts'
import { targetsIn, wordsIn } from './targets.ts'

/** What a notification type gives to the look of its messages. */
export type TypeLook = {
  emoji: string | null
  mentions: string[]
  allowed: Allowed
  /** Where it sends first: there its mentions are looked up. */
  integrationId?: string
}

/** The look of a type; a type that nobody spoke of has no emoji, calls nobody and hides nothing. */
export async function readTypeLook(db: Db, type: string): Promise<TypeLook> {
  const row = (await findTypeSettings(db, [type])).get(type)
  if (!row) return { emoji: null, mentions: [], allowed: undefined }
  const [first] = targetsIn(row.destinations)
  const integrationId = first && ('id' in first ? await integrationOf(db, first.id) : first.integrationId)
  return {
    emoji: row.emoji,
    mentions: wordsIn(row.mentions),
    allowed: readAllowed(row.allowedFields === null ? null : wordsIn(row.allowedFields)),
    ...(integrationId !== undefined && { integrationId }),
  }
}

async function integrationOf(db: Db, destinationId: string): Promise<string | undefined> {
  return (await listDestinationsByIds(db, [destinationId])).get(destinationId)?.integrationId
}
