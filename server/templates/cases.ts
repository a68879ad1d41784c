import { NewEvent } from '../../shared/events.ts'
import {
  type CaseResult,
  MOST_CASE_TEXT,
  type SavedCase,
  type TemplateCase,
  TOO_MUCH_IN_CASES,
} from '../../shared/templates.ts'
import { Refusal } from '../errors.ts'
import { differencesIn } from './differences.ts'
import { exampleView } from './lint.ts'
import { readSample } from './read-sample.ts'
import { type CompiledTemplate, compileTemplate, runTemplate } from './render.ts'

/**
 * How each case comes out with a source. Its event is shown as an example is: nobody is called, and it is always the same
 * time, so that a case fails for what was changed in the template and for nothing else.
 */
export function runCases(source: string, cases: readonly TemplateCase[]): CaseResult[] {
  if (cases.length === 0) return []
  const compiled = compileTemplate(source)
  if (compiled.kind === 'refused') return cases.map(({ name }) => broken(name, compiled.problems[0]?.message))
  let cost = 0
  return cases.map((one) => {
    if (cost > MOST_COST) return broken(one.name, 'The cases before it took too long.')
    const { result, cost: more } = runCase(compiled.template, one)
    cost += more
    return result
  })
}

/** Those that do not come out as they should. */
export const failingOf = (results: readonly CaseResult[]): CaseResult[] =>
  results.filter(({ state }) => state === 'changed' || state === 'broken')

/** Cases with what they must make: where none says so, what they make now. */
export function casesToKeep(source: string, cases: readonly TemplateCase[]): SavedCase[] {
  refuseEvents(cases)
  const results = runCases(source, cases)
  const kept = cases.map(({ name, event, expected = results.find((each) => each.name === name)?.message }, place) => {
    if (expected) return { name, event, expected }
    throw new Refusal(
      'invalid',
      `The case "${name}" makes no message: ${results[place]?.problem ?? 'it is refused.'}`,
      {
        field: `cases.${place}`,
        fix: 'Say what is expected, or give it another event.',
      },
    )
  })
  // What was filled in counts too.
  if (JSON.stringify(kept).length > MOST_CASE_TEXT) throw new Refusal('invalid', TOO_MUCH_IN_CASES, { field: 'cases' })
  return kept
}

/** Refuses a case whose event could never come, with the place of the fault. */
export function refuseEvents(cases: readonly TemplateCase[]): void {
  for (const [place, { event }] of cases.entries()) readSample(event, `cases.${place}.event`)
}

/** As much as a look at a template may cost (lint.ts). */
const MOST_COST = 60_000

function runCase(
  template: CompiledTemplate,
  { name, event, expected }: TemplateCase,
): { result: CaseResult; cost: number } {
  const read = NewEvent.safeParse({ type: 'example', ...event })
  if (!read.success) return { result: broken(name, 'Its event is none that could come.'), cost: 0 }
  const { message, problems, cost } = runTemplate(template, exampleView(read.data), {})
  const error = problems.find(({ severity, split }) => severity === 'error' && !split)
  if (!message || error) return { result: broken(name, error?.problem.message), cost }
  const made = message as NonNullable<CaseResult['message']> // it was checked, and nothing was wrong with it
  if (!expected) return { result: { name, state: 'new', message: made, differences: [] }, cost }
  const differences = differencesIn(expected, made)
  const state = differences.length === 0 ? 'passed' : 'changed'
  return { result: { name, state, message: made, differences }, cost }
}

function broken(name: string, problem = 'It makes no message.'): CaseResult {
  return { name, state: 'broken', differences: [], problem }
}
