import { checkCondition } from '../../shared/conditions/check.ts'
import { type CompiledCondition, compileCondition, type SharedJudges } from '../../shared/conditions/compile.ts'
import { parseCondition } from '../../shared/conditions/parse.ts'
import { Refusal } from '../errors.ts'
import { compilePattern } from './patterns.ts'

/** Refuses a condition that can't be saved, with the place of what is wrong first and what would be right there. */
export function refuseUnsound(condition: string): void {
  const checked = checkCondition(condition, compilePattern)
  if (checked.kind === 'parsed') return
  const [first] = checked.problems
  const place = (first?.start ?? 0) + 1
  const wrong = first && condition.slice(first.start, first.end)
  throw new Refusal('invalid', `condition: At character ${place}: ${first?.message ?? 'It cannot be read.'}`, {
    field: 'condition',
    fix: first?.fix === undefined ? HINT : correction(wrong ?? '', first.fix, place),
  })
}

/** A saved condition made ready, beside others; undefined when the grammar no longer takes it. */
export function compileIfSound(condition: string, shared?: SharedJudges): CompiledCondition | undefined {
  const parsed = parseCondition(condition)
  return parsed.kind === 'parsed' ? compileCondition(parsed.tree, compilePattern, shared) : undefined
}

const HINT = "Compare fields of the event, for example: category == 'security' AND days_remaining <= 3."

function correction(wrong: string, right: string, place: number): string {
  if (wrong === '') return `Write ${right.trim()} at character ${place}.`
  return right === '' ? `Leave out ${wrong} at character ${place}.` : `Write ${right.trim()} instead of ${wrong}.`
}
