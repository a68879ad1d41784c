import { z } from 'zod'
import { OneLine } from './one-line.ts'
import { Instant } from './paging.ts'

/** Something about a place in a configuration file. Lines and columns count from 1. Only errors keep it from applying. */
export const ConfigurationProblem = z.object({
  severity: z.enum(['error', 'warning', 'note']),
  message: z.string(),
  fix: z.string().optional(),
  about: z.literal('case').optional().describe('case: a template of the file does not pass one of its cases'),
  path: z.string().describe('For example types.critical_alerts.mentions'),
  line: z.number().int(),
  column: z.number().int(),
})
export type ConfigurationProblem = z.infer<typeof ConfigurationProblem>

/** What a file can be: our own format, or one of a system that is taken as it is. */
export const ConfigurationFormat = z.enum(['switchboard', 'studio', 'codestream', 'onevizion'])
export type ConfigurationFormat = z.infer<typeof ConfigurationFormat>

/** Characters of a file. */
export const LONGEST_CONFIGURATION = 500_000

/** A file to look at or to apply. */
export const ConfigurationRequest = z.strictObject({
  text: z.string().min(1).max(LONGEST_CONFIGURATION).describe('YAML or JSON'),
  name: OneLine.min(1).max(200).describe('The name of the file, for the history'),
  integrationId: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .describe('Whose channels they are, where the file does not say; the only integration when left out'),
  prune: z.boolean().optional().describe('What the sections of the file do not name is deleted'),
  secrets: z
    .record(z.string().max(1_100), z.string().trim().min(1).max(1_000))
    .optional()
    .describe('Values of the references of the file, as env:NAME or file:path'),
})
export type ConfigurationRequest = z.infer<typeof ConfigurationRequest>

export const ApplyRequest = ConfigurationRequest.extend({
  revision: z.string().max(100).optional().describe('Of the plan that was agreed to: refused when it would differ now'),
})
export type ApplyRequest = z.infer<typeof ApplyRequest>

export const ConfigurationKind = z.enum([
  'integration',
  'platform',
  'destination',
  'command',
  'template',
  'type',
  'rule',
  'fallback',
  'schedule',
  'quiet_hours',
])
export type ConfigurationKind = z.infer<typeof ConfigurationKind>

/** Who changed a field since this was last applied: somebody in the console, the file, or both. */
export const Drift = z.enum(['console', 'file', 'both'])
export type Drift = z.infer<typeof Drift>

export const PlannedField = z.object({
  field: z.string(),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
  drift: Drift.optional(),
})
export type PlannedField = z.infer<typeof PlannedField>

export const PlannedChange = z.object({
  action: z
    .enum(['create', 'change', 'delete', 'unchanged', 'left'])
    .describe('left: it is there, a section of the file does not name it, and it stays'),
  kind: ConfigurationKind,
  name: z.string(),
  fields: z.array(PlannedField),
  drift: z.string().optional().describe('What happened to it since it was last applied, in words'),
  line: z.number().int().optional(),
})
export type PlannedChange = z.infer<typeof PlannedChange>

export const ChangeCounts = z.object({
  create: z.number().int(),
  change: z.number().int(),
  delete: z.number().int(),
  unchanged: z.number().int(),
  left: z.number().int(),
})
export type ChangeCounts = z.infer<typeof ChangeCounts>

/** What applying a file would do. */
export const ConfigurationPlan = z.object({
  revision: z.string(),
  format: ConfigurationFormat.optional().describe('Absent when the file is none of them'),
  problems: z.array(ConfigurationProblem),
  changes: z.array(PlannedChange),
  counts: ChangeCounts,
  canApply: z.boolean(),
})
export type ConfigurationPlan = z.infer<typeof ConfigurationPlan>

/** One apply: all of it happened or none. */
export const ChangeSet = z.object({
  id: z.string(),
  at: Instant,
  by: z.string(),
  file: z.string(),
  format: ConfigurationFormat,
  counts: ChangeCounts,
  changes: z.array(PlannedChange).describe('Only what was created, changed or deleted'),
})
export type ChangeSet = z.infer<typeof ChangeSet>

export const Applied = z.object({
  changeSet: ChangeSet.optional().describe('Absent when there was nothing to do'),
  problems: z.array(ConfigurationProblem).describe('Warnings and notes'),
})
export type Applied = z.infer<typeof Applied>

export const ExportQuery = z.object({ format: z.enum(['yaml', 'json']).default('yaml') })
export const ExportedConfiguration = z.object({ name: z.string(), text: z.string() })
