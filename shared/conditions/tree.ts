/** Characters of a whole condition. */
export const MOST_CHARACTERS = 2_000
/** Comparisons of one condition. */
export const MOST_COMPARISONS = 100
/** Brackets and NOTs inside one another. */
export const MOST_DEPTH = 30
/** Values of one list. */
export const MOST_ITEMS = 200

/** Where something stands in the condition's text: from `start` up to, but not with, `end`. */
export type Place = { start: number; end: number }

export type Scalar = string | number | boolean | null
export type Field = Place & { kind: 'field'; path: readonly string[] }
export type Value = Place & { kind: 'value'; value: Scalar }
export type List = Place & { kind: 'list'; items: readonly Scalar[] }
export type Operand = Field | Value | List

export const OPERATORS = [
  '==',
  '!=',
  '<=',
  '>=',
  '<',
  '>',
  'in',
  'not in',
  'contains',
  'starts with',
  'ends with',
  'matches',
] as const
export type Operator = (typeof OPERATORS)[number]

export type Comparison = Place & { kind: 'compare'; operator: Operator; left: Operand; right: Operand }
/** Whether the event has the field at all. */
export type Presence = Place & { kind: 'exists' | 'missing'; field: Field }
/** `true` or `false` alone: each event, or none. */
export type Always = Place & { kind: 'always'; value: boolean }
export type Test = Comparison | Presence | Always
export type Joined = Place & { kind: 'and' | 'or'; parts: readonly ConditionTree[] }
export type Negated = Place & { kind: 'not'; part: ConditionTree }

/** A condition once it is read. */
export type ConditionTree = Test | Joined | Negated

/** What is wrong in a condition's text. `fix` would stand right in the place of what stands from `start` to `end`. */
export type ConditionProblem = Place & { message: string; fix?: string }

/** The tests of a condition in the order of its text. */
export function testsOf(tree: ConditionTree): Test[] {
  switch (tree.kind) {
    case 'and':
    case 'or':
      return tree.parts.flatMap(testsOf)
    case 'not':
      return testsOf(tree.part)
    case 'compare':
    case 'exists':
    case 'missing':
    case 'always':
      return [tree]
  }
}

/** The fields that a test looks at. */
export function fieldsOf(test: Test): Field[] {
  switch (test.kind) {
    case 'compare':
      return [test.left, test.right].filter((operand) => operand.kind === 'field')
    case 'exists':
    case 'missing':
      return [test.field]
    case 'always':
      return []
  }
}
