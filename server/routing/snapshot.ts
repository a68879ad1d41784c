import { z } from 'zod'
import { type Allowed, readAllowed } from '../../shared/allowed-fields.ts'
import type { CompiledCondition, SharedJudges } from '../../shared/conditions/compile.ts'
import { Priority } from '../../shared/deliveries.ts'
import { DeliveryPolicy, Threading } from '../../shared/notification-types.ts'
import { QuietRules } from '../quiet-hours/rules.ts'
import { compileIfSound } from './conditions.ts'
import { type Gates, gatesOf } from './gates.ts'
import type { SavedRule } from './rules-store.ts'
import type { SavedType } from './store.ts'
import { SavedTargets, targetsIn, wordsIn } from './targets.ts'
import type { UsedTemplate } from './used-templates.ts'

const KeptType = z.object({
  type: z.string(),
  enabled: z.boolean(),
  destinations: SavedTargets,
  priority: Priority.nullable(),
  mentions: z.array(z.string()),
  emoji: z.string().nullable(),
  template: z.string().nullable(),
  threading: Threading.nullable(),
  updateBy: z.string().nullable(),
  allowedFields: z.array(z.string()).nullable(),
  policy: DeliveryPolicy,
  maxAttempts: z.number().nullable(),
  nextAttemptDelayMs: z.number().nullable(),
  foldAfter: z.number().nullable(),
  dedupeWindowMs: z.number(),
  updateTrail: z.boolean(),
  paused: z.boolean(),
})
type KeptType = z.infer<typeof KeptType>

const KeptRule = z.object({
  id: z.string(),
  name: z.string(),
  condition: z.string(),
  enabled: z.boolean(),
  stop: z.boolean(),
  destinations: SavedTargets,
  mentions: z.array(z.string()),
  priority: Priority.nullable(),
})
type KeptRule = z.infer<typeof KeptRule>

/** All that decides, as it is kept with the events that were decided by it. */
export const SnapshotBody = z.object({
  types: z.array(KeptType),
  rules: z.array(KeptRule),
  fallback: SavedTargets,
  /** Absent from those that were kept before there were any. */
  quiet: QuietRules.default({ hours: [], mutes: [] }),
})
export type SnapshotBody = z.infer<typeof SnapshotBody>

export type TypeOf = KeptType & { allowed: Allowed }
/** `compiled` is absent when a newer grammar no longer takes it: such a rule matches nothing. */
export type RuleOf = KeptRule & { compiled: CompiledCondition | undefined }

/** The same, ready to be asked. */
export type Snapshot = {
  revision: number
  body: SnapshotBody
  types: ReadonlyMap<string, TypeOf>
  rules: readonly RuleOf[]
  gates: Gates
  /** Those that types use, by name. */
  templates: ReadonlyMap<string, UsedTemplate>
}

/** What the tables say at this moment, as it is kept. */
export function bodyOf(rows: {
  types: SavedType[]
  rules: SavedRule[]
  fallback: string
  quiet: QuietRules
}): SnapshotBody {
  return {
    types: rows.types.map(keptType),
    rules: rows.rules.map(keptRule),
    fallback: targetsIn(rows.fallback),
    quiet: rows.quiet,
  }
}

/** Templates are of no use to a snapshot that only explains what was. */
export function openSnapshot(
  revision: number,
  body: SnapshotBody,
  templates: Snapshot['templates'] = new Map(),
): Snapshot {
  const shared: SharedJudges = new Map()
  const rules = body.rules.map((rule) => ({ ...rule, compiled: compileIfSound(rule.condition, shared) }))
  return {
    revision,
    body,
    templates,
    rules,
    gates: gatesOf(rules),
    types: new Map(body.types.map((type) => [type.type, { ...type, allowed: readAllowed(type.allowedFields) }])),
  }
}

export function keptType(row: SavedType): KeptType {
  return {
    type: row.type,
    enabled: row.disabledAt === null,
    destinations: targetsIn(row.destinations),
    priority: row.priority,
    mentions: wordsIn(row.mentions),
    emoji: row.emoji,
    template: row.template,
    threading: row.threading === null ? null : Threading.parse(JSON.parse(row.threading)),
    updateBy: row.updateBy,
    allowedFields: row.allowedFields === null ? null : wordsIn(row.allowedFields),
    policy: row.policy,
    maxAttempts: row.maxAttempts,
    nextAttemptDelayMs: row.nextAttemptDelayMs,
    foldAfter: row.foldAfter,
    dedupeWindowMs: Number(row.dedupeWindowMs),
    updateTrail: row.updateTrail === 1,
    paused: row.pausedAt !== null,
  }
}

function keptRule(row: SavedRule): KeptRule {
  return {
    id: row.id,
    name: row.name,
    condition: row.condition,
    enabled: row.disabledAt === null,
    stop: row.stop === 1,
    destinations: targetsIn(row.destinations),
    mentions: wordsIn(row.mentions),
    priority: row.priority,
  }
}
