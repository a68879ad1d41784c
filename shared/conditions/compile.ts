import { type Facts, fieldReader } from './fields.ts'
import { formatCondition } from './format.ts'
import { type CompilePattern, holdsFor } from './holds.ts'
import type { Comparison, ConditionTree, List, Test, Value } from './tree.ts'

/** What one test came to. A comparison with a field that the event does not have is `missing`, and counts as false. */
export type Outcome = 'true' | 'false' | 'missing'
export type Judge = (facts: Facts) => Outcome

/** A condition that is ready to be asked, as often as wanted. */
export type CompiledCondition = { tree: ConditionTree; judge: Judge; judges: ReadonlyMap<Test, Judge> }

/** Tests by how they are written. Conditions that are compiled with the same one share those that they have in common. */
export type SharedJudges = Map<string, Judge>

/**
 * Makes functions of a condition once, so that asking it costs no more than the comparisons. Text never becomes code.
 * Of thousands of conditions many hold the same tests: shared, they are less memory to walk through.
 */
export function compileCondition(
  tree: ConditionTree,
  compilePattern: CompilePattern,
  shared: SharedJudges = new Map(),
): CompiledCondition {
  const judges = new Map<Test, Judge>()
  return { tree, judge: treeJudge(tree), judges }

  function treeJudge(part: ConditionTree): Judge {
    switch (part.kind) {
      case 'and':
        return everyOf(part.parts.map(treeJudge))
      case 'or':
        return someOf(part.parts.map(treeJudge))
      case 'not':
        return oppositeOf(treeJudge(part.part))
      case 'compare':
      case 'exists':
      case 'missing':
      case 'always': {
        const text = formatCondition(part)
        const judge = shared.get(text) ?? testJudge(part, compilePattern)
        shared.set(text, judge)
        judges.set(part, judge)
        return judge
      }
    }
  }
}

/** Whether the event fits. */
export function evaluate(compiled: CompiledCondition, facts: Facts): boolean {
  return compiled.judge(facts) === 'true'
}

function everyOf(parts: readonly Judge[]): Judge {
  return (facts) => {
    for (const part of parts) if (part(facts) !== 'true') return 'false'
    return 'true'
  }
}

function someOf(parts: readonly Judge[]): Judge {
  return (facts) => {
    for (const part of parts) if (part(facts) === 'true') return 'true'
    return 'false'
  }
}

function oppositeOf(part: Judge): Judge {
  return (facts) => said(part(facts) !== 'true')
}

function testJudge(test: Test, compilePattern: CompilePattern): Judge {
  switch (test.kind) {
    case 'always': {
      const outcome = said(test.value)
      return () => outcome
    }
    case 'exists':
    case 'missing': {
      const read = fieldReader(test.field.path)
      const isWanted = test.kind === 'exists'
      return (facts) => said((read(facts) !== undefined) === isWanted)
    }
    case 'compare':
      return comparisonJudge(test, compilePattern)
  }
}

function comparisonJudge({ left, right, operator }: Comparison, compilePattern: CompilePattern): Judge {
  const holds = holdsFor(operator, right, compilePattern)
  if (left.kind !== 'field') {
    const value = constantOf(left)
    const read = right.kind === 'field' ? fieldReader(right.path) : () => constantOf(right)
    return (facts) => {
      const other = read(facts)
      return other === undefined ? 'missing' : said(holds(value, other))
    }
  }
  const read = fieldReader(left.path)
  if (right.kind !== 'field') {
    const other = constantOf(right)
    return (facts) => {
      const value = read(facts)
      return value === undefined ? 'missing' : said(holds(value, other))
    }
  }
  const readOther = fieldReader(right.path)
  return (facts) => {
    const [value, other] = [read(facts), readOther(facts)]
    return value === undefined || other === undefined ? 'missing' : said(holds(value, other))
  }
}

function constantOf(operand: Value | List): unknown {
  return operand.kind === 'value' ? operand.value : operand.items
}

function said(holds: boolean): Outcome {
  return holds ? 'true' : 'false'
}
