import type { Priority } from '../../shared/deliveries.ts'
import type { RouteDestination, RouteTarget } from '../../shared/route-targets.ts'
import type { NewRoutingRule, RoutingRule } from '../../shared/routing-rules.ts'

/** A place that messages go to: how the server is told, and how it is shown. */
export type ChosenTarget = { target: RouteTarget; shown: RouteDestination }

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

export function chosenOf(shown: RouteDestination): ChosenTarget {
  const { id, integrationId } = shown
  return { target: id === undefined ? { integrationId, recipient: true } : id, shown }
}

/** Tells one target from another. */
export function targetKey({ target }: ChosenTarget): string {
  return typeof target === 'string' ? target : JSON.stringify(target)
}
