import { type Allowed, cutToAllowed } from '../../../shared/allowed-fields.ts'
import { lookUp } from '../../../shared/conditions/fields.ts'
import { fieldsOf, testsOf } from '../../../shared/conditions/tree.ts'
import type { NewEvent } from '../../../shared/events.ts'
import type { ConditionPart } from '../../../shared/routing-rules.ts'
import type { TriedRule } from '../../routing/decide.ts'

/** How each part of a rule's condition went, without the values that the event's type does not allow to be shown. */
export function shownParts({ rule, parts }: TriedRule, event: NewEvent, allowed: Allowed): ConditionPart[] {
  const tests = rule.compiled ? testsOf(rule.compiled.tree) : []
  const seen = cutToAllowed(event, allowed)
  return parts.map(({ start, end, outcome, saw }, place) => {
    const test = tests[place]
    // What may be seen as a whole is the same object; of what may be seen in part there is a copy.
    const isSeen = test && fieldsOf(test).every(({ path }) => lookUp({ event }, path) === lookUp({ event: seen }, path))
    if (saw === undefined) return { start, end, outcome }
    return isSeen ? { start, end, outcome, saw } : { start, end, outcome, withheld: true }
  })
}
