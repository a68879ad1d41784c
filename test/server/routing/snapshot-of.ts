import { openSnapshot, type Snapshot, SnapshotBody } from '../../../server/routing/snapshot.ts'
import type { SavedTarget } from '../../../server/routing/targets.ts'

type Type = SnapshotBody['types'][number]
type Rule = SnapshotBody['rules'][number]

export const typeOf = (type: string, change: Partial<Type> = {}): Type => ({
  type,
  enabled: true,
  destinations: [],
  priority: null,
  mentions: [],
  emoji: null,
  template: null,
  threading: null,
  updateBy: null,
  allowedFields: null,
  policy: 'at_least_once',
  maxAttempts: null,
  nextAttemptDelayMs: null,
  foldAfter: null,
  dedupeWindowMs: 0,
  updateTrail: false,
  paused: false,
  ...change,
})

export const ruleOf = (name: string, condition: string, change: Partial<Rule> = {}): Rule => ({
  id: `rul_${name}`,
  name,
  condition,
  enabled: true,
  stop: false,
  destinations: [],
  mentions: [],
  priority: null,
  ...change,
})

/** One state of types and rules, as it would be kept and read back. */
export function snapshotOf(
  parts: { types?: Type[]; rules?: Rule[]; fallback?: SavedTarget[]; quiet?: SnapshotBody['quiet'] } = {},
): Snapshot {
  const { types = [], rules = [], fallback = [], quiet = { hours: [], mutes: [] } } = parts
  const body = { types, rules, fallback, quiet }
  return openSnapshot(1, SnapshotBody.parse(JSON.parse(JSON.stringify(body))))
}
