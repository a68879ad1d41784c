import { type Facts, lookUp } from './fields.ts'
import { type CompilePattern, holdsFor } from './holds.ts'
import type { Comparison, ConditionTree, Operand, Test } from './tree.ts'

/** What one test came to. A comparison with a field that the event does not have is `missing`, and counts as false. */
export type Outcome = 'true' | 'false' | 'missing'
export type Judge = (facts: Facts) => Outcome

/** A condition that is ready to be asked, as often as wanted. */
export type CompiledCondition = {
  tree: ConditionTree
  matches: (facts: Facts) => boolean
  judges: ReadonlyMap<Test, Judge>
}

/** Makes functions of a condition once, so that asking it costs no more than the comparisons. Text never becomes code. */
export function compileCondition(tree: ConditionTree, compilePattern: CompilePattern): CompiledCondition {
  const judges = new Map<Test, Judge>()
  const judgeOf = (test: Test): Judge => {
    const judge = judgeFor(test, compilePattern)
    judges.set(test, judge)
    return judge
  }
  return { tree, matches: matcherOf(tree, judgeOf), judges }
}

/** Whether the event fits. */
export function evaluate(compiled: CompiledCondition, facts: Facts): boolean {
  return compiled.matches(facts)
}

function matcherOf(tree: ConditionTree, judgeOf: (test: Test) => Judge): (facts: Facts) => boolean {
  switch (tree.kind) {
    case 'and': {
      const parts = tree.parts.map((part) => matcherOf(part, judgeOf))
      return (facts) => parts.every((part) => part(facts))
    }
    case 'or': {
      const parts = tree.parts.map((part) => matcherOf(part, judgeOf))
      return (facts) => parts.some((part) => part(facts))
    }
    case 'not': {
      const part = matcherOf(tree.part, judgeOf)
      return (facts) => !part(facts)
    }
    case 'compare':
    case 'exists':
    case 'missing':
    case 'always': {
      const judge = judgeOf(tree)
      return (facts) => judge(facts) === 'true'
    }
  }
}

function judgeFor(test: Test, compilePattern: CompilePattern): Judge {
  switch (test.kind) {
    case 'always': {
      const outcome = said(test.value)
      return () => outcome
    }
    case 'exists':
      return (facts) => said(lookUp(facts, test.field.path) !== undefined)
    case 'missing':
      return (facts) => said(lookUp(facts, test.field.path) === undefined)
    case 'compare':
      return comparisonJudge(test, compilePattern)
  }
}

function comparisonJudge({ left, right, operator }: Comparison, compilePattern: CompilePattern): Judge {
  const holds = holdsFor(operator, right, compilePattern)
  const [readLeft, readRight] = [readerOf(left), readerOf(right)]
  return (facts) => {
    const value = readLeft(facts)
    const other = readRight(facts)
    return value === undefined || other === undefined ? 'missing' : said(holds(value, other))
  }
}

function readerOf(operand: Operand): (facts: Facts) => unknown {
  switch (operand.kind) {
    case 'field': {
      const { path } = operand
      return (facts) => lookUp(facts, path)
    }
    case 'value': {
      const { value } = operand
      return () => value
    }
    case 'list': {
      const { items } = operand
      return () => items
    }
  }
}

function said(holds: boolean): Outcome {
  return holds ? 'true' : 'false'
}
