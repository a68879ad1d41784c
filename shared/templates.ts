import { z } from 'zod'
import { OneLine } from './one-line.ts'
import { Instant } from './paging.ts'

/** What a notification type calls its template by. */
export const TemplateName = z
  .string()
  .trim()
  .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'Write lower-case letters, digits, _ and -, for example critical_alert.')

/** The longest source of a template, in characters. */
export const MOST_SOURCE = 60_000

/** A place in a text that is wrong. Lines and columns count from 1, offsets from 0. */
export const SourceProblem = z.object({
  severity: z.enum(['error', 'warning']),
  message: z.string(),
  fix: z.string().optional(),
  line: z.number().int(),
  column: z.number().int(),
  start: z.number().int(),
  end: z.number().int(),
})
export type SourceProblem = z.infer<typeof SourceProblem>

/** What a message says: the text for notifications, and what is shown. */
const MessageShape = z.strictObject({
  text: z.string(),
  blocks: z.array(z.record(z.string(), z.unknown())).optional(),
})

/** What a template must make of an event, whatever else is changed in it. */
export const TemplateCase = z.strictObject({
  name: OneLine.min(1).max(80),
  event: z.record(z.string(), z.unknown()),
  expected: MessageShape.optional().describe('Absent: what the template makes of the event when it is saved'),
})
export type TemplateCase = z.infer<typeof TemplateCase>
export const SavedCase = TemplateCase.required({ expected: true })
export type SavedCase = z.infer<typeof SavedCase>

export const MOST_CASES = 20
/** Of all cases of a template as JSON: they are read whenever a template is. */
export const MOST_CASE_TEXT = 100_000
export const TOO_MUCH_IN_CASES = 'Cases take at most 100,000 characters together: give them less data.'
const listOfCases = <Case extends { name: string }>(one: z.ZodType<Case>) =>
  z
    .array(one)
    .max(MOST_CASES)
    .refine((cases) => new Set(cases.map(({ name }) => name)).size === cases.length, 'Each case has a name of its own.')
    .refine((cases) => JSON.stringify(cases).length <= MOST_CASE_TEXT, TOO_MUCH_IN_CASES)
const TemplateCases = listOfCases(TemplateCase)
export const SavedCases = listOfCases(SavedCase)

/** How a case comes out: `changed` makes another message, `broken` none, `new` has nothing to be compared with. */
export const CaseResult = z.object({
  name: z.string(),
  state: z.enum(['passed', 'changed', 'broken', 'new']),
  message: MessageShape.optional().describe('What the template makes of the event now'),
  differences: z
    .array(z.object({ path: z.string(), expected: z.string().optional(), made: z.string().optional() }))
    .describe('The first places where it differs; a value that is not there is absent'),
  problem: z.string().optional().describe('Why it makes no message'),
})
export type CaseResult = z.infer<typeof CaseResult>

/** Cases to be tried with a source that need not be saved. */
export const RunCases = z.strictObject({ source: z.string().min(1).max(MOST_SOURCE), cases: TemplateCases })
export type RunCases = z.infer<typeof RunCases>
export const CaseResults = z.object({ items: z.array(CaseResult).describe('In the order of the cases') })

/** A new version of a template. */
export const TemplateChange = z.strictObject({
  source: z.string().min(1).max(MOST_SOURCE).describe('{"text", "blocks"} as JSON, with Liquid in it'),
  sample: z.record(z.string(), z.unknown()).describe('An event to show it with'),
  cases: TemplateCases.optional().describe('Absent: those that it has already'),
  description: OneLine.max(300).optional(),
  note: OneLine.max(300).optional().describe('What this version changes'),
  /** The version that was edited: a newer one by somebody else is not overwritten. */
  basedOn: z.number().int().min(0).optional(),
})
export type TemplateChange = z.infer<typeof TemplateChange>

export const TemplateVersion = z.object({
  number: z.number().int(),
  source: z.string(),
  sample: z.record(z.string(), z.unknown()),
  cases: z.array(SavedCase),
  note: z.string().optional(),
  at: Instant,
  by: z.string(),
})
export type TemplateVersion = z.infer<typeof TemplateVersion>

export const TemplateSummary = z.object({
  name: z.string(),
  description: z.string().optional(),
  version: z.number().int(),
  updatedAt: Instant,
  updatedBy: z.string(),
  usedBy: z.array(z.string()).describe('Notification types, in the order of their names'),
})
export type TemplateSummary = z.infer<typeof TemplateSummary>

export const Template = TemplateSummary.extend({
  source: z.string(),
  sample: z.record(z.string(), z.unknown()),
  cases: z.array(SavedCase),
  warnings: z.array(SourceProblem),
  failing: z.array(CaseResult).describe('The cases that do not come out as they should'),
})
export type Template = z.infer<typeof Template>

/** How near a part of the message is to what Slack takes. */
export const LimitMeter = z.object({
  what: z.string().describe('For example: text of section 2'),
  used: z.number(),
  most: z.number(),
})
export type LimitMeter = z.infer<typeof LimitMeter>

/** A template with data in it, or why it can't be. */
export const Rendered = z.object({
  message: z.object({ text: z.string(), blocks: z.array(z.record(z.string(), z.unknown())).optional() }).optional(),
  problems: z.array(SourceProblem),
  meters: z.array(LimitMeter),
  unresolved: z.array(z.string()).describe('Mentions that nobody in the workspace answers to'),
  integrationId: z.string().optional().describe('In whose workspace mentions were looked up'),
})
export type Rendered = z.infer<typeof Rendered>

/** What a template is shown with: an event as it is written here, one that was accepted, or one as long as it can be. */
export const TemplateData = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('sample'), event: z.record(z.string(), z.unknown()) }),
  z.strictObject({ kind: z.literal('event'), eventId: z.string().min(1).max(64) }),
  z.strictObject({ kind: z.literal('worst_case'), event: z.record(z.string(), z.unknown()).optional() }),
])
export type TemplateData = z.infer<typeof TemplateData>

const ShownAs = OneLine.min(1)
  .max(100)
  .optional()
  .describe('The notification type whose emoji, mentions and allowed fields are applied; absent: that of the event')

export const PreviewRequest = z.strictObject({
  source: z.string().min(1).max(MOST_SOURCE),
  data: TemplateData,
  type: ShownAs,
})
export type PreviewRequest = z.infer<typeof PreviewRequest>

/** Where a trial of a template goes, and what it says: without `source` and `data`, the current version with its sample. */
export const SendTemplate = z.strictObject({
  to: z
    .string()
    .min(1)
    .max(64)
    .describe('The id of a destination, or "me": whoever has the e-mail address of the caller'),
  integrationId: z.string().min(1).max(64).optional().describe('For "me", when there are several'),
  source: z.string().min(1).max(MOST_SOURCE).optional(),
  data: TemplateData.optional(),
  type: ShownAs,
})
export type SendTemplate = z.infer<typeof SendTemplate>

export const RollbackTemplate = z.strictObject({
  to: z.number().int().min(1).describe('The number of an earlier version: a new one says the same'),
  note: OneLine.max(300).optional(),
  basedOn: z.number().int().min(1).optional(),
})
export type RollbackTemplate = z.infer<typeof RollbackTemplate>

/** A template to begin with. */
export const TemplatePreset = z.object({
  name: z.string(),
  description: z.string(),
  source: z.string(),
  sample: z.record(z.string(), z.unknown()),
  added: z.boolean().describe('A template of this name is there already'),
})
export type TemplatePreset = z.infer<typeof TemplatePreset>

export const AddPresets = z.strictObject({
  names: z.array(TemplateName).min(1).max(50).optional().describe('Of the presets to add; absent: all of them'),
})
export type AddPresets = z.infer<typeof AddPresets>

export const TemplateParam = z.object({ name: TemplateName })
export const TemplateVersionParam = z.object({ name: TemplateName, number: z.coerce.number().int().min(1) })
