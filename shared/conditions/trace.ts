import type { CompiledCondition } from './compile.ts'
import { type Facts, fieldText, lookUp } from './fields.ts'
import { type ConditionTree, fieldsOf, type Place, type Test, testsOf } from './tree.ts'

/** One test of a condition, and what it met. `fields` are those it looks at; `skipped`: the rest had decided already. */
export type TracedPart = Place & {
  outcome: 'true' | 'false' | 'missing' | 'skipped'
  fields: string[]
  /** The field's value, cut when it is long; of two fields, the values by their names. Absent when there is none. */
  saw?: unknown
}

/** Asks a condition as `evaluate` does, and tells how each of its tests went. */
export function trace(compiled: CompiledCondition, facts: Facts): { matched: boolean; parts: TracedPart[] } {
  const parts: TracedPart[] = []
  const matched = walk(compiled.tree)
  return { matched, parts }

  function walk(tree: ConditionTree): boolean {
    switch (tree.kind) {
      case 'and':
        return joined(tree.parts, false)
      case 'or':
        return joined(tree.parts, true)
      case 'not':
        return !walk(tree.part)
      case 'compare':
      case 'exists':
      case 'missing':
      case 'always': {
        const outcome = compiled.judges.get(tree)?.(facts) ?? 'false'
        parts.push({ ...partOf(tree), outcome, ...sawOf(tree, facts) })
        return outcome === 'true'
      }
    }
  }

  /** The first part that comes to `deciding` makes the rest needless. */
  function joined(among: readonly ConditionTree[], deciding: boolean): boolean {
    let isDecided = false
    for (const part of among) {
      if (isDecided) parts.push(...testsOf(part).map((test) => ({ ...partOf(test), outcome: 'skipped' as const })))
      else isDecided = walk(part) === deciding
    }
    return isDecided === deciding
  }
}

function partOf(test: Test) {
  return { start: test.start, end: test.end, fields: fieldsOf(test).map(({ path }) => fieldText(path)) }
}

function sawOf(test: Test, facts: Facts): { saw?: unknown } {
  const seen = fieldsOf(test).flatMap(({ path }) => {
    const value = lookUp(facts, path)
    return value === undefined ? [] : [[fieldText(path), shown(value)] as const]
  })
  if (seen.length === 0) return {}
  return { saw: fieldsOf(test).length > 1 ? Object.fromEntries(seen) : seen[0]?.[1] }
}

/** Enough of a value to understand the outcome: a trace of many rules must not copy a large event many times. */
function shown(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.slice(0, MOST_SHOWN).map(shownInList)
    return value.length > MOST_SHOWN ? [...items, `… ${value.length - MOST_SHOWN} more`] : items
  }
  return shownInList(value)
}

function shownInList(value: unknown): unknown {
  if (typeof value === 'string') return value.length > LONGEST_SHOWN ? `${value.slice(0, LONGEST_SHOWN)}…` : value
  if (typeof value !== 'object' || value === null) return value
  return Array.isArray(value) ? '[…]' : '{…}'
}

const MOST_SHOWN = 20
const LONGEST_SHOWN = 200
