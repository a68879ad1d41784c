import { checkCondition, doubtfulFields } from '../../shared/conditions/check.ts'
import type { CompilePattern } from '../../shared/conditions/holds.ts'
import type { ConditionProblem } from '../../shared/conditions/tree.ts'

/** What to say of a condition while it is written: what keeps it from being saved, and what looks misspelt. */
export type Checked = { problems: ConditionProblem[]; doubts: ConditionProblem[] }

/** Until the engine of patterns is there, the server alone judges them. */
const TAKES_ANY: CompilePattern = () => ({ kind: 'ready', isIn: () => false })

export function checkDraft(condition: string, seen: readonly string[], compilePattern = TAKES_ANY): Checked {
  if (condition.trim() === '') return { problems: [], doubts: [] }
  const checked = checkCondition(condition, compilePattern)
  if (checked.kind === 'refused') return { problems: checked.problems, doubts: [] }
  return { problems: [], doubts: doubtfulFields(checked.tree, seen) }
}

/** The condition with one problem put right. */
export function corrected(condition: string, { start, end, fix = '' }: ConditionProblem): string {
  return condition.slice(0, start) + fix + condition.slice(end)
}
