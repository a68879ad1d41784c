import { z } from 'zod'
import { OneLine } from './one-line.ts'
import { Instant, PageQuery } from './paging.ts'

/** What quiet hours or a mute are about. `person`: whoever the event names as its recipient. */
export const QuietScope = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('everything') }),
  z.strictObject({ kind: z.literal('destination'), id: z.string().min(1).max(64) }),
  z.strictObject({ kind: z.literal('type'), type: OneLine.min(1).max(100) }),
  z.strictObject({ kind: z.literal('person'), recipient: OneLine.min(1).max(254) }),
])
export type QuietScope = z.infer<typeof QuietScope>

/** What becomes of the messages that waited, at the end. */
export const AtEnd = z.enum(['digest', 'send', 'drop'])
export type AtEnd = z.infer<typeof AtEnd>

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Write a time as 22:00.')

export const QuietHoursChange = z.strictObject({
  scope: QuietScope,
  days: z.array(z.number().int().min(1).max(7)).min(1).max(7).describe('1 is Monday; the day on which it begins'),
  from: clock,
  to: clock.describe('Not after `from`: of the next day'),
  timeZone: OneLine.min(1).max(64).describe('For example Europe/Berlin'),
  urgentBreaksThrough: z.boolean().optional().describe('Left out: true'),
  atEnd: AtEnd.optional().describe('Left out: digest'),
  enabled: z.boolean().optional().describe('Left out: true'),
})
export type QuietHoursChange = z.infer<typeof QuietHoursChange>

export const QuietHours = z.object({
  id: z.string(),
  scope: QuietScope,
  /** The destination's or the person's name. */
  scopeName: z.string(),
  days: z.array(z.number().int()),
  from: z.string(),
  to: z.string(),
  timeZone: z.string(),
  urgentBreaksThrough: z.boolean(),
  atEnd: AtEnd,
  enabled: z.boolean(),
  isQuietNow: z.boolean(),
  changesAt: Instant.optional().describe('When it begins or ends next; absent while it is off'),
  held: z.number().int().describe('Messages that wait for its end'),
  updatedAt: Instant,
  updatedBy: z.string(),
})
export type QuietHours = z.infer<typeof QuietHours>

export const NewMute = z.strictObject({
  scope: QuietScope,
  until: Instant,
  reason: OneLine.min(1).max(300),
  urgentBreaksThrough: z.boolean().optional().describe('Left out: true'),
  atEnd: AtEnd.optional().describe('Left out: digest'),
})
export type NewMute = z.infer<typeof NewMute>

export const ListMutes = PageQuery.extend({
  state: z.enum(['active', 'ended']).optional().describe('Left out: both'),
})

export const Mute = z.object({
  id: z.string(),
  scope: QuietScope,
  scopeName: z.string(),
  from: Instant,
  until: Instant,
  reason: z.string(),
  by: z.string(),
  urgentBreaksThrough: z.boolean(),
  atEnd: AtEnd,
  endedAt: Instant.optional(),
  endedBy: z.string().optional().describe('Who ended it before its time'),
  held: z.number().int().describe('Messages that wait for its end'),
})
export type Mute = z.infer<typeof Mute>
