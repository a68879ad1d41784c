import { isAllowed } from '../../shared/allowed-fields.ts'
import { evaluate } from '../../shared/conditions/compile.ts'
import { type TracedPart, trace as traceCondition } from '../../shared/conditions/trace.ts'
import type { Priority } from '../../shared/deliveries.ts'
import type { NewEvent } from '../../shared/events.ts'
import type { Because } from '../../shared/routing-rules.ts'
import { keyOf } from './event-keys.ts'
import { gatekeeper } from './gates.ts'
import type { RuleOf, Snapshot, TypeOf } from './snapshot.ts'
import type { SavedTarget } from './targets.ts'

/** Somewhere a message goes, and everything that sends it there. */
export type DecidedTarget = { target: SavedTarget; because: Because[] }

/** What came of one rule. Only where the whole story is asked for. */
export type TriedRule = {
  rule: RuleOf
  outcome: 'matched' | 'not_matched' | 'off' | 'after_stop'
  parts: TracedPart[]
}

/** What becomes of one event, before anybody looks whether its destinations are there. */
export type Decision = {
  type: TypeOf | undefined
  outcome: 'applied' | 'off' | 'unknown' | 'named_by_event'
  /** Nothing of an event that names its destinations itself: these go before all others. */
  targets: DecidedTarget[]
  priority: Priority
  mentions: string[]
  emoji: string | null
  template: string | null
  threadKey: string | null
  broadcast: boolean
  updateKey: string | null
  dedupeKey: string | null
  /** As the deliveries tell it; null when the type does not allow that. */
  recipient: string | null
  matchedRuleIds: string[]
  rules: TriedRule[]
}

/**
 * Where an event goes and what it looks like: by its type, then by every rule that matches, in their order. The event's
 * own words go before both. A type that is off keeps all of its events from going anywhere, whatever else would send them.
 */
export function decide(event: NewEvent, snapshot: Snapshot, { trace }: { trace: boolean }): Decision {
  const type = snapshot.types.get(event.type)
  const isNamed = event.destinations !== undefined
  const tried = isNamed ? [] : trace ? traceRules(event, snapshot.rules) : []
  const matching = isNamed ? [] : trace ? matchedIn(tried) : matchRules(event, snapshot)
  const threads = type?.threading?.enabled !== false
  return {
    type,
    outcome: outcomeOf(type, isNamed),
    targets: isNamed ? [] : targetsOf(type, matching, snapshot),
    priority: event.priority ?? highest([type?.priority, ...matching.map((rule) => rule.priority)]),
    mentions: [...new Set([...(type?.mentions ?? []), ...matching.flatMap((rule) => rule.mentions)])],
    emoji: type?.emoji ?? null,
    template: type?.template ?? null,
    threadKey: threads ? keyOf(event, 'threadKey', type?.threading?.by, type) : null,
    broadcast: threads && type?.threading?.broadcast === true,
    updateKey: keyOf(event, 'updateKey', type?.updateBy, type),
    dedupeKey: keyOf(event, 'dedupeKey', undefined, type),
    recipient: isAllowed(type?.allowed, 'recipient') ? (event.recipient ?? null) : null,
    matchedRuleIds: matching.map(({ id }) => id),
    rules: tried,
  }
}

function outcomeOf(type: TypeOf | undefined, isNamed: boolean): Decision['outcome'] {
  if (type && !type.enabled) return 'off'
  if (isNamed) return 'named_by_event'
  return type ? 'applied' : 'unknown'
}

function matchRules(event: NewEvent, { rules, gates }: Snapshot): RuleOf[] {
  const matching: RuleOf[] = []
  const facts = { event }
  const mayMatch = gatekeeper(gates, facts)
  for (let at = 0; at < rules.length; at += 1) {
    if (!mayMatch(at)) continue
    const rule = rules[at]
    if (!rule?.enabled || rule.compiled === undefined || !evaluate(rule.compiled, facts)) continue
    matching.push(rule)
    if (rule.stop) break
  }
  return matching
}

function traceRules(event: NewEvent, rules: readonly RuleOf[]): TriedRule[] {
  const facts = { event }
  let stopped = false
  return rules.map((rule): TriedRule => {
    if (!rule.enabled) return { rule, outcome: 'off', parts: [] }
    if (stopped) return { rule, outcome: 'after_stop', parts: [] }
    if (rule.compiled === undefined) return { rule, outcome: 'not_matched', parts: [] }
    const { matched, parts } = traceCondition(rule.compiled, facts)
    stopped = matched && rule.stop
    return { rule, outcome: matched ? 'matched' : 'not_matched', parts }
  })
}

const matchedIn = (tried: TriedRule[]): RuleOf[] =>
  tried.flatMap(({ rule, outcome }) => (outcome === 'matched' ? [rule] : []))

/** Each destination once, with all that sends there; where nothing does, the fallback. */
function targetsOf(type: TypeOf | undefined, matching: RuleOf[], { body }: Snapshot): DecidedTarget[] {
  const targets = new Map<string, DecidedTarget>()
  const add = (target: SavedTarget, because: Because) => {
    const known = targets.get(nameOf(target))
    if (known) known.because.push(because)
    else targets.set(nameOf(target), { target, because: [because] })
  }
  if (type) for (const target of type.destinations) add(target, { kind: 'type', name: type.type })
  for (const { id, name, destinations } of matching) {
    for (const target of destinations) add(target, { kind: 'rule', id, name })
  }
  if (targets.size === 0) for (const target of body.fallback) add(target, FALLBACK)
  return [...targets.values()]
}

export const FALLBACK: Because = { kind: 'fallback', name: '' }

/** A target by a name that no other has. */
export const nameOf = (target: SavedTarget): string => ('id' in target ? target.id : recipientOf(target.integrationId))

/** The recipient of an integration, as a target's name. */
export const recipientOf = (integrationId: string): string => `recipient ${integrationId}`

function highest(priorities: readonly (Priority | null | undefined)[]): Priority {
  return RANKED.find((priority) => priorities.includes(priority)) ?? 'normal'
}

const RANKED: readonly Priority[] = ['urgent', 'normal', 'low']
