import { expect, test } from 'vitest'
import { checkDraft, corrected } from '../../../client/routing-rules/check-draft.ts'
import { completionsAt } from '../../../client/routing-rules/completions.ts'
import { compilePattern } from '../../../server/routing/patterns.ts'

const SEEN = [
  { name: 'category', values: ['security', "it's"] },
  { name: 'days_remaining', values: [] },
  { name: 'owner.team', values: ['legal'] },
]

/** What is offered where | stands. */
function offered(marked: string): string[] {
  const caret = marked.indexOf('|')
  return completionsAt(marked.replace('|', ''), caret, SEEN).options
}

test.each([
  ['|', ['type', 'category']],
  ['cat|', ['category']],
  ['CAT|', ['category']],
  ['NOT (da|', ['days_remaining']],
  ['team|', ['owner.team']],
  ['owner.te|', ['owner.team']],
  ["category == 'security' AND se|", ['severity']],
  ['category con|', ['contains']],
  ['category |', ['==', '!=']],
  ['category is |', ['missing']],
  ['category starts |', ['with']],
  ["category == 'security' |", ['AND', 'OR']],
  ["(category == 'security') o|", ['OR']],
  ['category == |', ["'security'", '"it\'s"']],
  ["category in ['x', |", ["'security'", '"it\'s"']],
  ['owner.team not in [|', ["'legal'"]],
  ['owner.team starts with |', ["'legal'"]],
  ['days_remaining <= |', []],
])('after %s comes %j', (marked, first) => {
  expect(offered(marked).slice(0, first.length)).toEqual(first)
  expect(offered(marked).length > 0).toBe(first.length > 0)
})

test('within a text nothing is offered, and what is typed already is not offered again', () => {
  expect(offered("category == 'sec|")).toEqual([])
  expect(offered('category|')).toEqual([])
  expect(offered('')).toHaveLength(8)
})

test('a draft tells what keeps it from being saved, else what looks misspelt, and nothing while it is empty', () => {
  expect(checkDraft('  ', [])).toEqual({ problems: [], doubts: [] })
  expect(checkDraft("a = 'x'", []).problems).toMatchObject([{ start: 2, end: 3 }])
  expect(checkDraft('days_remainin < 3', ['days_remaining']).doubts).toMatchObject([{ fix: 'days_remaining' }])
  expect(checkDraft("title matches '(a'", [])).toEqual({ problems: [], doubts: [] })
  expect(checkDraft("title matches '(a'", [], compilePattern).problems).toMatchObject([{ start: 14, end: 18 }])
})

test('one press puts one problem right', () => {
  const [problem] = checkDraft("a = 'x'", []).problems

  expect(problem && corrected("a = 'x'", problem)).toBe("a == 'x'")
})
