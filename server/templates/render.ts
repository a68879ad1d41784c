import type { Template as LiquidTemplate } from 'liquidjs'
import type { Message } from '../../shared/deliveries.ts'
import type { LimitMeter, SourceProblem } from '../../shared/templates.ts'
import { messageIn, type Origins } from './build.ts'
import { type Filled, fill, parseSource } from './engine.ts'
import { isJson } from './json.ts'
import { checkMessage, type LimitProblem } from './limits.ts'
import { JsonProblem, readJson } from './loose-json.ts'
import { withoutMarks } from './marks.ts'
import { greatestIn, sourceOf } from './output.ts'
import { problemAt, TemplateProblem } from './template-problem.ts'
import { withoutBlanks } from './without-blanks.ts'

/** A source that was read, to be filled many times. */
export type CompiledTemplate = { source: string; parts: LiquidTemplate[] }

export type Compiled = { kind: 'compiled'; template: CompiledTemplate } | { kind: 'refused'; problems: SourceProblem[] }

/** Reads the source of a template. What it says can be kept for as long as the source is the same. */
export function compileTemplate(source: string): Compiled {
  const clean = withoutMarks(source)
  try {
    return { kind: 'compiled', template: { source, parts: parseSource(clean) } }
  } catch (error) {
    return { kind: 'refused', problems: [problemOf(source, undefined, error)] }
  }
}

export type RenderOptions = {
  /** The markup that calls a word of the workspace, such as @group; undefined when nobody there answers to it. */
  mentionOf?: (word: string) => string | undefined
}

export type RenderOutcome =
  | { kind: 'rendered'; message: Message; unresolved: string[] }
  | { kind: 'refused'; problems: SourceProblem[] }

/**
 * The message of a template and a view (server/templates/view.ts). What is too long only is rendered all the same, for
 * it is split when it is sent; refused is what Slack would not take in any number of parts.
 */
export function renderTemplate(template: CompiledTemplate, view: object, options: RenderOptions = {}): RenderOutcome {
  const run = runTemplate(template, view, options)
  const problems = run.problems.filter(({ severity, split }) => severity === 'error' && !split)
  if (problems.length > 0 || !run.message) return { kind: 'refused', problems: problems.map(({ problem }) => problem) }
  return { kind: 'rendered', message: run.message as Message, unresolved: run.unresolved }
}

/** One problem of one rendering. `limit`: a cap that the message passed, and what of the data filled most of it. */
export type RunProblem = {
  severity: 'error' | 'warning'
  split: boolean
  problem: SourceProblem
  limit?: Extract<LimitProblem, { kind: 'size' }>
  filledBy?: string
}

export type Run = {
  message?: Record<string, unknown>
  problems: RunProblem[]
  meters: LimitMeter[]
  unresolved: string[]
  /** How much had to be done for it, in steps of about a thousandth of a millisecond. */
  cost: number
}

/** The same with all that there is to say of it. */
export function runTemplate(template: CompiledTemplate, view: object, { mentionOf }: RenderOptions): Run {
  const unresolved = new Set<string>()
  const startedMs = performance.now()
  const cost = () => Math.max(costOf(filled), (performance.now() - startedMs) * COST_OF_MS)
  let filled: Filled | undefined
  try {
    filled = fill(template.parts, view, { mentionOf: mentionOf ?? (() => undefined), unresolved })
    const node = readJson(filled.text)
    const origins: Origins = new WeakMap()
    const built = messageIn(node, origins)
    if (!isJson(built)) {
      throw new JsonProblem('A message is an object.', node.start, node.end, 'Write {"text": "…", "blocks": [ … ]}.')
    }
    const message = withoutBlanks(built, origins)
    const { problems, meters } = checkMessage(message)
    const placed = problems.map((problem) => toRunProblem(template.source, filled as Filled, origins, problem))
    return { message, problems: placed, meters, unresolved: [...unresolved], cost: cost() }
  } catch (error) {
    const problem = problemOf(template.source, filled, error)
    const problems = [{ severity: 'error' as const, split: false, problem }]
    return { problems, meters: [], unresolved: [...unresolved], cost: cost() }
  }
}

const costOf = (filled: Filled | undefined): number =>
  filled ? filled.steps + filled.text.length / 20 : COST_OF_FAILING
/** A template that was stopped for taking too long has cost as much as there is. */
const COST_OF_FAILING = 20_000
/** Steps can be as heavy as what they are given; far below what an ordinary one costs, so that a busy machine changes nothing. */
const COST_OF_MS = 250

function problemOf(source: string, filled: Filled | undefined, error: unknown): SourceProblem {
  if (error instanceof TemplateProblem) return problemAt(source, 'error', error)
  if (!(error instanceof JsonProblem)) throw error
  const { message, fix } = error
  return problemAt(source, 'error', { message, fix, ...sourceOf(filled?.pieces ?? [], error.start, error.end) })
}

function toRunProblem(source: string, { pieces }: Filled, origins: Origins, problem: LimitProblem): RunProblem {
  const range = rangeOf(origins, problem)
  const { severity, what, fix } = problem
  const shared = { severity, split: problem.split === true }
  if (problem.kind === 'shape') {
    const place = sourceOf(pieces, range.start, range.end)
    return {
      ...shared,
      problem: problemAt(source, severity, { message: `${what}: ${problem.message}`, fix, ...place }),
    }
  }
  const { used, most, unit } = problem
  const message = `${what}: ${told(used)} ${unit}, and Slack takes ${told(most)}.`
  if (unit !== 'characters') {
    const place = sourceOf(pieces, range.start, range.start + 1)
    return { ...shared, limit: problem, problem: problemAt(source, severity, { message, fix, ...place }) }
  }
  const filledBy = greatestIn(pieces, range.start, range.end)
  const { start, end } = filledBy ?? sourceOf(pieces, range.start, range.end)
  return {
    ...shared,
    limit: problem,
    ...(filledBy && { filledBy: source.slice(filledBy.start, filledBy.end) }),
    problem: problemAt(source, severity, { message, fix, start, end }),
  }
}

const told = (number: number): string => number.toLocaleString('en-US')

/** Where in the filled text that stands which a problem is about; of a list that is too long, the first that is too many. */
function rangeOf(origins: Origins, problem: LimitProblem): { start: number; end: number } {
  const { holder, key } = problem
  const held = key === undefined ? undefined : (holder as Record<string | number, unknown>)[key]
  const own = typeof held === 'object' && held !== null ? origins.get(held) : undefined
  const node = own ?? origins.get(holder)
  if (!node) return { start: 0, end: 1 }
  if (node.kind === 'array' && problem.kind === 'size' && problem.unit !== 'characters') {
    return node.items[problem.most] ?? node
  }
  if (node.kind !== 'object') return node
  const name = own ? 'type' : (key ?? 'type')
  const entry = node.entries.find((each) => each.key === name)
  return entry ? entry.node : { start: node.start, end: node.start + 1 }
}
