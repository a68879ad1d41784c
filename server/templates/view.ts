import { type Allowed, cutToAllowed } from '../../shared/allowed-fields.ts'
import { Markup } from './marks.ts'

/** What a template is shown with, beside the event. */
export type ViewOptions = {
  type: { name: string; emoji?: string | null | undefined }
  /** Slack's markup for whom is called, or safe words for who is not known. */
  mentions: readonly string[]
  /** Epoch milliseconds. */
  now: number
  /** When the event was accepted, for one that does not say when it happened. */
  acceptedAt?: number | undefined
  publicUrl: string
  /** Which fields of the event may be shown. */
  allowed?: Allowed
}

type Json = Record<string, unknown>

/** All that a template can show. A field that the type does not allow to be shown is not in it. */
export function viewOf(event: object, options: ViewOptions): Json {
  const { destinations: _, type: __, ...fields } = cutToAllowed(event as Json, options.allowed)
  const at = typeof fields.occurredAt === 'string' ? fields.occurredAt : toIso(options.acceptedAt ?? options.now)
  return {
    ...fields,
    data: typeof fields.data === 'object' && fields.data !== null ? fields.data : {},
    at,
    now: toIso(options.now),
    type: { name: options.type.name, emoji: options.type.emoji ?? '' },
    mentions: options.mentions.map((mention) => new Markup(mention)),
    publicUrl: options.publicUrl,
  }
}

const toIso = (epochMs: number): string => new Date(epochMs).toISOString()
