import { describe, expect, test } from 'vitest'
import { compilePattern } from '../../../server/routing/patterns.ts'
import { checkCondition, doubtfulFields } from '../../../shared/conditions/check.ts'
import { formatCondition } from '../../../shared/conditions/format.ts'
import { parseCondition } from '../../../shared/conditions/parse.ts'
import type { ConditionProblem } from '../../../shared/conditions/tree.ts'
import { treeOf } from './ask.ts'

describe('how a condition is best written', () => {
  test.each([
    ['category==\'security\'and severity=="critical"', "category == 'security' AND severity == 'critical'"],
    ['a exists or b exists and c exists', 'a exists OR (b exists AND c exists)'],
    ['(a exists OR b exists) AND c exists', '(a exists OR b exists) AND c exists'],
    ['((a exists))', 'a exists'],
    ['NOT(a exists AND b exists)', 'NOT (a exists AND b exists)'],
    ['not not a IS  Missing', 'NOT NOT a is missing'],
    ["a in['x',-2.50,TRUE , null]", "a in ['x', -2.5, true, null]"],
    ["a Starts  With 'x'", "a starts with 'x'"],
    ["data['odd key'] . b >= 1e3", "data['odd key'].b >= 1000"],
    [`a == 'it\\'s'`, `a == "it's"`],
    [`a == 'both \\' and "'`, `a == 'both \\' and "'`],
    ["a matches '\\d\\.' or a == 'x\\\\'", "a matches '\\d\\.' OR a == 'x\\\\'"],
    ["a == 'x\ny'", "a == 'x\\ny'"],
    ["starts >= '2026-01-01' AND missing is missing", "starts >= '2026-01-01' AND missing is missing"],
  ])('%s becomes %s', (written, canonical) => {
    expect(formatCondition(treeOf(written))).toBe(canonical)
  })
})

/** The text at fault between ‹ and ›, and what would stand right in its place. */
describe('what is wrong, where, and what was meant', () => {
  test.each([
    ["category ‹=› 'security'", /single =.*Did you mean ==\?/, '=='],
    ["category ‹===› 'security'", /Did you mean ==\?/, '=='],
    ["category ‹<>› 'security'", /Did you mean !=\?/, '!='],
    ['a ‹=<› 3', /Did you mean <=\?/, '<='],
    ['a ‹≥› 3', /Did you mean >=\?/, '>='],
    ['a exists ‹&&› b exists', /Did you mean AND\?/, 'AND'],
    ['a exists‹||›b exists', /Did you mean OR\?/, ' OR '],
    ['‹!›(a exists)', /Did you mean NOT\?/, 'NOT '],
    ["category == ‹'security›", /no closing '/, "'security'"],
    ['category == ‹"security AND x›', /no closing "/, "'security AND x'"],
    ['category == ‹“security”›', /straight quotes/, "'security'"],
    ['category == ‹`security`›', /straight quotes/, "'security'"],
    ['category == ‹security›', /Did you mean 'security'\? .*data\.security/, "'security'"],
    ["‹'category'› == 'security'", /the field category\?/, 'category'],
    ['‹1 == 1›', /no field of the event/, undefined],
    ['‹(›category exists', /never closed/, undefined],
    ['category exists‹)›', /closes nothing/, ''],
    ["category in ‹[›'a', 'b'", /never closed/, undefined],
    ["category in ['a' ‹'b'›]", /comma/, undefined],
    ["category in ['a', ‹b›]", /Did you mean 'b'\?/, "'b'"],
    ["category in ‹'a'›", /Did you mean \['a'\]\?/, "['a']"],
    ['a == 1 ‹›b == 2', /AND or OR is missing/, 'AND '],
    ['1 < a ‹<› 5', /two sides/, undefined],
    ['‹category›', /stands alone/, undefined],
    ['‹category› AND a exists', /stands alone/, undefined],
    ["category ‹contians› 'a'", /Did you mean contains\?/, 'contains'],
    ["category ‹startsWith› 'a'", /Did you mean starts with\?/, 'starts with'],
    ["category ‹is› 'a'", /Did you mean ==\?/, '=='],
    ["category ‹resembles› 'a'", /no operator\. There are ==/, undefined],
    ["category ‹not› contains 'a'", /NOT stands before/, undefined],
    ['a == ‹›', /value is missing after ==/, undefined],
    ['a exists AND‹›', /comparison is missing/, undefined],
    ['‹AND› a exists', /comparison is missing/, undefined],
    ["severity >= ‹'high'›", /has no order/, undefined],
    ["due < ‹'2026-02-30'›", /that exists/, undefined],
    ['due < ‹2026-03-01›', /date stands between quotes/, "'2026-03-01'"],
    ['due < ‹2026-03-01T10:00:00Z›', /date stands between quotes/, "'2026-03-01T10:00:00Z'"],
    ['a < ‹null›', /no order/, undefined],
    ['ip == ‹10.0.0.1›', /is no number/, "'10.0.0.1'"],
    ['a == ‹3days›', /is no number/, "'3days'"],
    ['a == ‹1e999›', /too large/, undefined],
    ["tags contains ‹['a']›", /takes one value/, undefined],
    ["‹'a'› contains tags", /field stands first/, undefined],
    ['code starts with ‹4›', /Did you mean '4'\?/, "'4'"],
    ["title matches ‹'(a'›", /missing closing \)/, undefined],
    ["title matches ‹'(?=a)b'›", /look-arounds/, undefined],
    ['title matches ‹category›', /pattern is written out/, undefined],
    ["a‹.› == 'x'", /after the dot/, undefined],
    ['a == ‹#›1', /means nothing/, undefined],
    ['‹›', /Write a condition/, undefined],
  ])('%s', (marked, message, fix) => {
    const start = marked.indexOf('‹')
    const end = marked.indexOf('›') - 1
    const source = marked.replace(/[‹›]/g, '')

    const problem = problemsOf(source).find((each) => message.test(each.message))

    expect(problem).toMatchObject({ start, end })
    expect(problem?.fix).toBe(fix)
  })

  test('slips of other languages are all named at once', () => {
    const problems = problemsOf("category = 'a' && (severity === 'b' || !c exists)")

    expect(problems.map(({ fix }) => fix)).toEqual(['==', 'AND', '==', 'OR', 'NOT '])
  })

  test('what stands in `fix` makes the condition right', () => {
    let source = "category = security && severity === “high” || !(days_remaining =< '3')"
    for (let turn = 0; turn < 20; turn++) {
      const [problem] = problemsOf(source).filter(({ fix }) => fix !== undefined)
      if (problem) source = source.slice(0, problem.start) + problem.fix + source.slice(problem.end)
    }

    expect(source).toBe("category == 'security' AND severity == 'high' OR NOT (days_remaining <= '3')")
  })
})

test('a name that is near one that events have is doubted, and no other', () => {
  const doubts = (condition: string) => doubtfulFields(treeOf(condition), ['days_remaining', 'system.region'])

  expect(doubts("Category == 'x'")).toEqual([
    { start: 0, end: 8, message: 'No event had Category lately. Did you mean category?', fix: 'category' },
  ])
  expect(doubts("serverity == 'x'")).toMatchObject([{ fix: 'severity' }])
  expect(doubts('daysRemaining < 3')).toMatchObject([{ fix: 'days_remaining' }])
  expect(doubts("data.system.regoin == 'x'")).toMatchObject([{ fix: 'data.system.region' }])
  expect(doubts("days_remaining < 3 AND data.system.region == 'x' AND brand_new exists AND tpye2 exists")).toEqual([])
})

function problemsOf(source: string): ConditionProblem[] {
  const parsed = checkCondition(source, compilePattern)
  expect(parsed.kind).toBe(parseCondition(source).kind === 'refused' ? 'refused' : parsed.kind)
  return parsed.kind === 'refused' ? parsed.problems : []
}
