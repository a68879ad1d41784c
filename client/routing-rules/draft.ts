import type { Priority } from '../../shared/deliveries.ts'
import type { NewRoutingRule, RoutingRule, RoutingRuleChange } from '../../shared/routing-rules.ts'
import { type ChosenTarget, chosenOf } from '../targets/targets.ts'

/** A rule as the form holds it. */
export type RuleDraft = {
  name: string
  condition: string
  enabled: boolean
  stop: boolean
  destinations: ChosenTarget[]
  mentions: string[]
  priority: Priority | null
}

export const FRESH: RuleDraft = {
  name: '',
  condition: '',
  enabled: true,
  stop: false,
  destinations: [],
  mentions: [],
  priority: null,
}

export function draftOf(rule: RoutingRule): RuleDraft {
  const { name, condition, enabled, stop, destinations, mentions, priority } = rule
  return { name, condition, enabled, stop, destinations: destinations.map(chosenOf), mentions, priority }
}

/** The draft as the server takes it. */
export function ruleOf(draft: RuleDraft): NewRoutingRule {
  return { ...draft, destinations: draft.destinations.map(({ target }) => target) }
}

/** What was changed of a rule: only that is sent, so that nobody puts back what somebody else changed meanwhile. */
export function changeOf({ destinations, ...changes }: Partial<RuleDraft>): RoutingRuleChange {
  return { ...changes, ...(destinations && { destinations: destinations.map(({ target }) => target) }) }
}
