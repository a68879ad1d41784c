import { EVENT_FIELDS, fieldText } from './fields.ts'
import type { CompilePattern } from './holds.ts'
import { nearest } from './nearest.ts'
import { type ParsedCondition, parseCondition } from './parse.ts'
import { type ConditionProblem, type ConditionTree, fieldsOf, testsOf } from './tree.ts'

/** Reads a condition and tries its patterns as well: what passes here may be saved. */
export function checkCondition(source: string, compilePattern: CompilePattern): ParsedCondition {
  const parsed = parseCondition(source)
  if (parsed.kind === 'refused') return parsed
  const problems = patternProblems(parsed.tree, compilePattern)
  return problems.length > 0 ? { kind: 'refused', problems } : parsed
}

function patternProblems(tree: ConditionTree, compilePattern: CompilePattern): ConditionProblem[] {
  return testsOf(tree).flatMap((test) => {
    if (test.kind !== 'compare' || test.operator !== 'matches' || test.right.kind !== 'value') return []
    const { value, start, end } = test.right
    const pattern = compilePattern(String(value))
    return pattern.kind === 'refused' ? [{ start, end, message: pattern.message }] : []
  })
}

/**
 * Fields that look misspelt: no event had them, and a name that events do have is near. No reason to refuse, since an
 * event may bring something new. `seen` are names of fields in data, with their dots.
 */
export function doubtfulFields(tree: ConditionTree, seen: readonly string[]): ConditionProblem[] {
  const known = [...EVENT_FIELDS, ...seen, ...seen.map((name) => `data.${name}`)]
  return testsOf(tree)
    .flatMap(fieldsOf)
    .flatMap(({ path, start, end }) => {
      const name = fieldText(path)
      const meant = known.includes(name) ? undefined : nearest(name, known)
      return meant ? [{ start, end, message: `No event had ${name} lately. Did you mean ${meant}?`, fix: meant }] : []
    })
}
