import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compilePattern } from '../../../server/routing/patterns.ts'
import { doubtfulFields } from '../../../shared/conditions/check.ts'
import { compileCondition, evaluate, type SharedJudges } from '../../../shared/conditions/compile.ts'
import { EVENT_FIELDS, lookUp } from '../../../shared/conditions/fields.ts'
import { formatCondition } from '../../../shared/conditions/format.ts'
import { gateOf } from '../../../shared/conditions/gate.ts'
import { parseCondition } from '../../../shared/conditions/parse.ts'
import { trace } from '../../../shared/conditions/trace.ts'
import { type ConditionTree, type Field, type Scalar, testsOf } from '../../../shared/conditions/tree.ts'
import { bare } from './ask.ts'

const NOWHERE = { start: 0, end: 0 }

/** Few enough names and values that they meet, and some that are meant to break the writing of them. */
const name = fc.constantFrom('type', 'severity', 'a', 'b', 'odd key', "it's", 'and', 'x.y', '', 'übung')
const plainName = fc.constantFrom('type', 'severity', 'a', 'b', 'starts', 'übung', 'is', 'exists', 'toString')
const field: fc.Arbitrary<Field> = fc
  .tuple(plainName, fc.array(name, { maxLength: 2 }))
  .map(([first, rest]) => ({ kind: 'field', path: [first, ...rest], ...NOWHERE }))
const text = fc.oneof(
  fc.constantFrom('x', '3', '3.0', '03', '2026-03-01', '2026-03-01T10:00:00Z', '2026-03-01T11:00:00+01:00', 'xx'),
  fc.string({ unit: fc.constantFrom('\\', "'", '"', 'n', '\n', '\t', 't', 'x', '‘', '(', '\r'), maxLength: 6 }),
  fc.string({ unit: 'binary', maxLength: 5 }),
)
const number = fc.oneof(fc.integer({ min: -3, max: 4 }), fc.double({ noNaN: true, noDefaultInfinity: true }))
const scalar: fc.Arbitrary<Scalar> = fc.oneof(
  text,
  number.map((each) => each + 0),
  fc.boolean(),
  fc.constant(null),
)
const orderly = fc.oneof(
  number.map((each) => each + 0),
  fc.constantFrom('3', '2026-03-01', '2026-03-01T10:00:00.5Z'),
)
const valueIn = (from: fc.Arbitrary<Scalar>) => from.map((value) => ({ kind: 'value' as const, value, ...NOWHERE }))
const list = fc.array(scalar, { maxLength: 4 }).map((items) => ({ kind: 'list' as const, items, ...NOWHERE }))
const dataField = fc
  .array(name, { minLength: 1, maxLength: 2 })
  .map((path): Field => ({ kind: 'field', path: ['data', ...path], ...NOWHERE }))

const comparing = <O extends string>(operators: readonly O[], right: fc.Arbitrary<unknown>) =>
  fc
    .tuple(fc.constantFrom(...operators), field, right)
    .map(([operator, left, other]) => ({ kind: 'compare', operator, left, right: other, ...NOWHERE }) as ConditionTree)

const leaf: fc.Arbitrary<ConditionTree> = fc.oneof(
  comparing(['==', '!='], fc.oneof(valueIn(scalar), list, dataField)),
  comparing(['<', '<=', '>', '>='], fc.oneof(valueIn(orderly), dataField)),
  comparing(['in', 'not in'], fc.oneof(list, field)),
  comparing(['contains'], fc.oneof(valueIn(scalar), dataField)),
  comparing(['starts with', 'ends with'], fc.oneof(valueIn(text), dataField)),
  fc
    .tuple(fc.constantFrom('exists', 'missing'), field)
    .map(([kind, each]) => ({ kind, field: each, ...NOWHERE }) as ConditionTree),
  fc.boolean().map((value) => ({ kind: 'always', value, ...NOWHERE }) as const),
)

const { tree } = fc.letrec<{ tree: ConditionTree }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc
      .tuple(fc.constantFrom('and', 'or'), fc.array(tie('tree'), { minLength: 2, maxLength: 3 }))
      .map(([kind, parts]) => ({ kind, parts, ...NOWHERE }) as ConditionTree),
    tie('tree').map((part) => ({ kind: 'not', part, ...NOWHERE }) as const),
  ),
}))

const anything = fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }), fc.dictionary(name, scalar, { maxKeys: 3 }))
const event = fc.record(
  {
    type: text,
    severity: text,
    data: fc.dictionary(fc.oneof(name, plainName), fc.oneof(anything, fc.dictionary(name, anything, { maxKeys: 2 }))),
  },
  { requiredKeys: [] },
)

test('a tree that is written and read again is the same tree', () => {
  fc.assert(
    fc.property(tree, (each) => {
      const written = formatCondition(each)
      fc.pre(written.length <= 2_000)
      const parsed = parseCondition(written)

      expect(parsed.kind, written).toBe('parsed')
      if (parsed.kind === 'parsed') {
        expect(bare(parsed.tree)).toEqual(bare(each))
        expect(formatCondition(parsed.tree)).toBe(written)
      }
    }),
    { numRuns: 1_000 },
  )
})

test('whatever the text, it is read or refused with places inside it, and never throws', () => {
  const words = fc.constantFrom(
    ...[
      'AND',
      'or',
      'not',
      'in',
      'is',
      'missing',
      'starts',
      'with',
      'exists',
      'matches',
      'true',
      'null',
      'data',
      'type',
    ],
    ...[
      '==',
      '=',
      '!=',
      '<',
      '>=',
      '&&',
      '!',
      '(',
      ')',
      '[',
      ']',
      ',',
      '.',
      "'x'",
      '"',
      "'",
      '\\',
      '3',
      '-1',
      '2026-01-01',
    ],
    ...['__proto__', '”', '‘', '#', '💥', '\u0000', '\n', '9e9', '3x'],
  )
  const near = fc.array(words, { maxLength: 25 }).chain((each) => fc.constantFrom(' ', '').map((by) => each.join(by)))
  fc.assert(
    fc.property(
      fc.oneof(near, fc.string({ unit: 'binary', maxLength: 60 }), fc.string({ maxLength: 60 })),
      (source) => {
        const parsed = parseCondition(source)
        if (parsed.kind === 'refused') {
          expect(parsed.problems.length).toBeGreaterThan(0)
          for (const { start, end, message } of parsed.problems) {
            expect(message).not.toBe('')
            expect(0 <= start && start <= end && end <= source.length).toBe(true)
          }
        } else {
          for (const { start, end } of testsOf(parsed.tree)) expect(source.slice(start, end).trim()).not.toBe('')
          expect(() => doubtfulFields(parsed.tree, ['severty'])).not.toThrow()
          const again = parseCondition(formatCondition(parsed.tree))
          expect(again.kind === 'parsed' && bare(again.tree)).toEqual(bare(parsed.tree))
        }
      },
    ),
    { numRuns: 3_000 },
  )
})

test('compiled, traced and asked step by step, a condition says the same', () => {
  fc.assert(
    fc.property(tree, event, (each, about) => {
      const compiled = compileCondition(each, compilePattern)
      const expected = slowly(each, about)

      expect(evaluate(compiled, { event: about })).toBe(expected)
      const traced = trace(compiled, { event: about })
      expect(traced.matched).toBe(expected)
      expect(traced.parts).toHaveLength(testsOf(each).length)
    }),
    { numRuns: 3_000 },
  )
})

test('conditions that share their tests say the same as each by itself', () => {
  fc.assert(
    fc.property(fc.array(tree, { maxLength: 5 }), event, (trees, about) => {
      const shared: SharedJudges = new Map()
      const together = trees.map((each) => evaluate(compileCondition(each, compilePattern, shared), { event: about }))

      expect(together).toEqual(trees.map((each) => slowly(each, about)))
    }),
    { numRuns: 1_000 },
  )
})

test('no event that fits a condition is kept out by its gate', () => {
  // Fields without a path of their own, and texts that meet more often than not.
  const few = fc.constantFrom('x', 'xx', 'y')
  const meeting = fc.record({ type: few, severity: few, data: fc.dictionary(plainName, few) }, { requiredKeys: [] })
  const near = fc.oneof(
    comparing(['==', '!='], valueIn(few)),
    comparing(
      ['in'],
      fc.array(few, { maxLength: 3 }).map((items) => ({ kind: 'list', items, ...NOWHERE })),
    ),
  )
  const joined = fc
    .tuple(fc.constantFrom('and', 'or'), fc.array(fc.oneof(near, tree), { minLength: 2, maxLength: 3 }))
    .map(([kind, parts]) => ({ kind, parts, ...NOWHERE }) as ConditionTree)
  let shut = 0

  fc.assert(
    fc.property(fc.oneof(near, joined, tree), fc.oneof(meeting, event), (each, about) => {
      const gate = gateOf(each)
      const facts = { event: about }
      const isOpen = gate?.some(({ path, text }) => lookUp(facts, path) === text) ?? true
      if (!isOpen) shut += 1

      if (slowly(each, about)) expect(isOpen).toBe(true)
    }),
    { numRuns: 3_000 },
  )
  expect(shut).toBeGreaterThan(100)
})

/** The language once more, as it is described: short and slow. */
function slowly(each: ConditionTree, about: object): boolean {
  switch (each.kind) {
    case 'and':
      return each.parts.filter((part) => slowly(part, about)).length === each.parts.length
    case 'or':
      return each.parts.filter((part) => slowly(part, about)).length > 0
    case 'not':
      return !slowly(each.part, about)
    case 'always':
      return each.value
    case 'exists':
      return found(each.field.path, about).length === 1
    case 'missing':
      return found(each.field.path, about).length === 0
    case 'compare': {
      const sides = [each.left, each.right].map((side) => {
        if (side.kind === 'field') return found(side.path, about)
        return [side.kind === 'list' ? side.items : side.value]
      })
      return sides.every((side) => side.length > 0) && compares(each.operator, sides[0]?.[0], sides[1]?.[0])
    }
  }
}

/** The value of a field, or nothing. */
function found(path: readonly string[], about: object): unknown[] {
  const walk = (from: unknown, rest: readonly string[]): unknown[] => {
    const [first, ...others] = rest
    if (first === undefined) return [from]
    if (Object.prototype.toString.call(from) !== '[object Object]') return []
    const entry = Object.entries(from as object).find(([key]) => key === first)
    return entry ? walk(entry[1], others) : []
  }
  const isOwn = EVENT_FIELDS.some((own) => own === path[0]) && walk(about, path.slice(0, 1)).length > 0
  return walk(about, isOwn ? path : ['data', ...path])
}

function compares(operator: string, left: unknown, right: unknown): boolean {
  switch (operator) {
    case '==':
      return alike(left, right)
    case '!=':
      return !alike(left, right)
    case 'in':
      return Array.isArray(right) && right.filter((item) => alike(item, left)).length > 0
    case 'not in':
      return !compares('in', left, right)
    case 'contains':
      if (Array.isArray(left)) return compares('in', right, left)
      return typeof left === 'string' && typeof right === 'string' && left.split(right).length > (right ? 1 : -1)
    case 'starts with':
      return typeof left === 'string' && typeof right === 'string' && left.slice(0, right.length) === right
    case 'ends with':
      return typeof left === 'string' && typeof right === 'string' && left.slice(left.length - right.length) === right
    default:
      return before(operator, left, right)
  }
}

function alike(left: unknown, right: unknown): boolean {
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.filter((item, at) => !alike(item, right[at])).length === 0
  }
  if (left === right) return true
  if (typeof left === 'object' || typeof right === 'object') return false
  if (typeof left === 'number' || typeof right === 'number')
    return before('<=', left, right) && before('>=', left, right)
  return dated(left) !== undefined && before('<=', left, right) && before('>=', left, right)
}

function before(operator: string, left: unknown, right: unknown): boolean {
  const pairs = [
    [counted(left), counted(right)],
    [dated(left, right), dated(right, left)],
  ]
  return pairs.some(([one, other]) => {
    if (one === undefined || other === undefined) return false
    return { '<': one < other, '<=': one <= other, '>': one > other, '>=': one >= other }[operator] ?? false
  })
}

function counted(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  return typeof value === 'string' && /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(value) ? Number.parseFloat(value) : undefined
}

/** The generated dates are all real ones. Beside a whole day only the day counts. */
function dated(value: unknown, beside: unknown = value): number | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d(T[\d:.]+(Z|\+\d\d:\d\d))?$/.test(value)) return undefined
  const ms = Date.parse(value)
  const isDay = value.length === 10 || (typeof beside === 'string' && beside.length === 10)
  return isDay ? Math.floor(ms / 86_400_000) : ms
}
