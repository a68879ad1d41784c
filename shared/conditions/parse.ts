import { Reader } from './reader.ts'
import { testAt } from './tests.ts'
import {
  type ConditionProblem,
  type ConditionTree,
  MOST_CHARACTERS,
  MOST_COMPARISONS,
  MOST_DEPTH,
  testsOf,
} from './tree.ts'

export type ParsedCondition =
  | { kind: 'parsed'; tree: ConditionTree }
  | { kind: 'refused'; problems: ConditionProblem[] }

/** Reads a condition. Whatever the text, it answers with a tree or with what is wrong and where. */
export function parseCondition(source: string): ParsedCondition {
  const end = source.length
  if (end > MOST_CHARACTERS) {
    const message = `A condition has at most ${MOST_CHARACTERS} characters; this one has ${end}.`
    return refused([{ start: MOST_CHARACTERS, end, message }])
  }
  const reader = new Reader(source)
  if (reader.isAtEnd) {
    const message = "Write a condition, for example category == 'security', or true for every event."
    return refused(reader.problems.length > 0 ? reader.problems : [{ start: 0, end, message }])
  }
  const tree = wholeOf(reader)
  if (!tree || reader.problems.length > 0) return refused(reader.problems)
  const extra = testsOf(tree)[MOST_COMPARISONS]
  if (!extra) return { kind: 'parsed', tree }
  const message = `A condition has at most ${MOST_COMPARISONS} comparisons. Use lists, or several rules.`
  return refused([{ start: extra.start, end, message }])
}

function refused(problems: ConditionProblem[]): ParsedCondition {
  return { kind: 'refused', problems: problems.toSorted((one, other) => one.start - other.start) }
}

function wholeOf(reader: Reader): ConditionTree | undefined {
  const tree = expressionAt(reader, 0, 0)
  if (!tree || reader.isAtEnd) return tree
  const { start, end } = reader.here
  if (reader.nextMark(')')) return reader.refuse({ start, end, message: 'This ) closes nothing.', fix: '' })
  if (reader.nextMark('('))
    return reader.refuse({ start, end, message: 'Brackets hold conditions. Lists stand in [ ].' })
  if (reader.nextOperator()) {
    return reader.refuse({ start, end, message: 'One comparison has two sides. Join two with AND: 1 < a AND a < 5.' })
  }
  return reader.refuse({ start, end: start, message: 'AND or OR is missing here.', fix: 'AND ' })
}

/** How strongly each binds: NOT before AND before OR. */
const JOINTS = [
  { word: 'or', power: 1 },
  { word: 'and', power: 2 },
] as const

/** What binds more strongly than `power`, from here on. */
function expressionAt(reader: Reader, power: number, depth: number): ConditionTree | undefined {
  let tree = partAt(reader, depth)
  while (tree) {
    const joint = JOINTS.find((each) => each.power > power && reader.isWord(each.word))
    if (!joint) return tree
    const parts: ConditionTree[] = [tree]
    while (reader.takeWord(joint.word)) {
      const part = expressionAt(reader, joint.power, depth)
      if (!part) return undefined
      parts.push(part)
    }
    tree = { kind: joint.word, parts, start: tree.start, end: reader.lastEnd }
  }
  return undefined
}

function partAt(reader: Reader, depth: number): ConditionTree | undefined {
  const { start, end } = reader.here
  if (depth > MOST_DEPTH) {
    return reader.refuse({ start, end, message: `Brackets and NOT go at most ${MOST_DEPTH} deep.` })
  }
  if (reader.takeWord('not')) {
    const part = partAt(reader, depth + 1)
    return part && { kind: 'not', part, start, end: part.end }
  }
  if (!reader.takeMark('(')) return testAt(reader)
  const inner = expressionAt(reader, 0, depth + 1)
  if (!inner) return undefined
  if (reader.takeMark(')')) return { ...inner, start, end: reader.lastEnd }
  if (reader.isAtEnd) {
    return reader.refuse({ start, end, message: 'This ( is never closed.' })
  }
  return reader.refuse({ ...reader.here, message: 'AND, OR or ) is missing here.' })
}
