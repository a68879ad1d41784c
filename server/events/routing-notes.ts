import { z } from 'zod'

/** Who the recipient of an event was found to be in an integration, or why nobody was. */
const FoundRecipient = z.union([
  z.object({ integrationId: z.string(), destinationId: z.string() }),
  z.object({ integrationId: z.string(), reason: z.string() }),
])
export type FoundRecipient = z.infer<typeof FoundRecipient>

/** What deciding an event anew can't find out. None of it repeats what the event says: its type may not allow that. */
const RoutingNotes = z.object({
  recipients: z.array(FoundRecipient).optional(),
  /** Why the standard message was sent instead of the type's template. */
  template: z.string().optional(),
  /** The integrations where the template calls by a word that nobody answers to. */
  callsNobody: z.array(z.string()).optional(),
})
export type RoutingNotes = z.infer<typeof RoutingNotes>

export const readNotes = (column: string | null): RoutingNotes =>
  column === null ? {} : RoutingNotes.parse(JSON.parse(column))

/** null when there is nothing to note, as with nearly all events. */
export const writeNotes = (notes: RoutingNotes): string | null => {
  const json = JSON.stringify(notes)
  return json === '{}' ? null : json
}
