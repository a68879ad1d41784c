import { z } from 'zod'

/** Why somebody pauses or resumes: kept in the audit trail. */
export const Pausing = z.strictObject({ note: z.string().trim().min(1).max(500).optional() })
export type Pausing = z.infer<typeof Pausing>
