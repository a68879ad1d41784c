import { z } from 'zod'
import { AtEnd, QuietScope } from '../../shared/quiet-hours.ts'

const rule = { id: z.string(), scope: QuietScope, urgentBreaksThrough: z.boolean(), atEnd: AtEnd }

const QuietHoursRule = z.object({
  ...rule,
  days: z.array(z.number()),
  from: z.string(),
  to: z.string(),
  timeZone: z.string(),
})
export type QuietHoursRule = z.infer<typeof QuietHoursRule>

const MuteRule = z.object({ ...rule, from: z.number(), until: z.number(), reason: z.string(), by: z.string() })
export type MuteRule = z.infer<typeof MuteRule>

/** All quiet hours that are enabled, and all mutes that nobody has ended: plain data, to decide by or to keep. */
export const QuietRules = z.object({ hours: z.array(QuietHoursRule), mutes: z.array(MuteRule) })
export type QuietRules = z.infer<typeof QuietRules>
