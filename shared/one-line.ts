import { z } from 'zod'
import { tokenKind } from './credentials.ts'

/**
 * A name as it stands in lists, messages and the audit trail: on one line, without control characters, and without the
 * marks that turn the reading direction of what comes after it. Otherwise a name could pretend to be a line of ours.
 */
export const OneLine = z
  .string()
  .trim()
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]*$/u, 'This stands on one line, without control characters.')

/** A name that somebody types beside secrets. A token that was pasted into it is not kept: everybody sees a name. */
export const NameNotToken = OneLine.refine(
  (value) => tokenKind(value) === undefined,
  'This is a Slack token, and a name is shown to everybody.',
)
