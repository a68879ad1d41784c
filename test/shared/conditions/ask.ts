import { compilePattern } from '../../../server/routing/patterns.ts'
import { checkCondition } from '../../../shared/conditions/check.ts'
import { type CompiledCondition, compileCondition, evaluate } from '../../../shared/conditions/compile.ts'
import type { ConditionTree } from '../../../shared/conditions/tree.ts'

/** The tree of a condition that has to be right. */
export function treeOf(condition: string): ConditionTree {
  const parsed = checkCondition(condition, compilePattern)
  if (parsed.kind === 'refused') throw new Error(`${condition}: ${JSON.stringify(parsed.problems)}`)
  return parsed.tree
}

export function compiledOf(condition: string): CompiledCondition {
  return compileCondition(treeOf(condition), compilePattern)
}

/** Whether an event fits a condition. */
export function fitsEvent(condition: string, event: object): boolean {
  return evaluate(compiledOf(condition), { event })
}

/** A tree without the places in its text. */
export function bare(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, each) => (key === 'start' || key === 'end' ? undefined : each)))
}
