import type { LimitMeter, SourceProblem } from '../../shared/templates.ts'
import { closest } from '../lib/closest.ts'
import { variablesOf } from './engine.ts'
import { Markup } from './marks.ts'
import { type CompiledTemplate, compileTemplate, type RunProblem, runTemplate } from './render.ts'
import { problemAt } from './template-problem.ts'
import { viewOf } from './view.ts'
import { comparedIn, worstCase } from './worst-case.ts'

type Json = Record<string, unknown>
export type Linted = { problems: SourceProblem[]; meters: LimitMeter[] }

/**
 * All there is to say of a template before it is used: an error where it can't be read, or Slack would refuse what it
 * makes of the sample; a warning where it could with other data, and where the message would be split.
 */
export function lintTemplate(source: string, sample: Json): Linted {
  const compiled = compileTemplate(source)
  if (compiled.kind === 'refused') return { problems: compiled.problems, meters: [] }
  const { template } = compiled
  const shown = runTemplate(template, exampleView(sample), {})
  const problems = shown.problems.map(({ problem }) => problem)
  const broken = problems.some(({ severity }) => severity === 'error')
  if (!broken) problems.push(...couldBe(template, sample), ...unknownFields(template, sample))
  return { problems: distinct(problems), meters: shown.meters }
}

/** The view of an example: nobody is called, and its time is its own. */
export function exampleView(event: Json): Json {
  const type = { name: typeof event.type === 'string' ? event.type : 'example', emoji: ':bell:' }
  return viewOf(event, { type, mentions: [], now: EXAMPLE_NOW, publicUrl: 'https://switchboard.example' })
}

/** The same as long as it can be, with as many called as there can be. */
function worstView(sample: Json, kept?: Json): Json {
  const view = exampleView(worstCase(sample, kept))
  const mentions = Array.from({ length: 20 }, () => new Markup('<!subteam^S0123456789>'))
  return { ...view, mentions, type: { name: view.category, emoji: `:${'e'.repeat(100)}:` } }
}

const EXAMPLE_NOW = Date.UTC(2026, 8, 30, 12)

/** What could be refused or split with other data: none at all, or as much as there can be, along every branch. */
function couldBe(template: CompiledTemplate, sample: Json): SourceProblem[] {
  const bare = runTemplate(template, exampleView({ type: sample.type }), {})
  const without = bare.problems
    .filter(({ severity }) => severity === 'error')
    .map(
      ({ problem }): SourceProblem => ({ ...problem, severity: 'warning', message: `${WITHOUT} ${problem.message}` }),
    )
  const long: SourceProblem[] = []
  let cost = 0
  for (const fields of [{}, ...comparedIn(template.source)]) {
    const run = runTemplate(template, worstView(sample, fields), {})
    long.push(...run.problems.map(inCase))
    cost += run.cost
    // Whoever looks at a template waits for this, and so does everybody else.
    if (cost > MOST_COST) break
  }
  return [...without, ...long]
}

const MOST_COST = 60_000
const WITHOUT = 'With an event that has nothing but a type:'

function inCase({ problem, limit, filledBy }: RunProblem): SourceProblem {
  if (!limit) return { ...problem, severity: 'warning', message: `With long data: ${problem.message}` }
  const { what, used, most, unit, split } = limit
  const by = filledBy === undefined ? '' : `, mostly of ${filledBy}`
  const then = split ? 'it would be split' : 'it would be sent as the standard message'
  const message = `${what} can be ${used.toLocaleString('en-US')} ${unit}${by}; Slack takes ${most.toLocaleString('en-US')}, so ${then}.`
  const { fix: _, ...rest } = problem
  const fix = fixOf(limit.unit, most, filledBy)
  return { ...rest, severity: 'warning', message, ...(fix && { fix }) }
}

function fixOf(unit: string, most: number, filledBy: string | undefined): string | undefined {
  if (unit !== 'characters') return `Repeat less: {% for item in … limit: ${Math.max(1, most - 5)} %}.`
  const [, inside] = /^\{\{-?\s*([\s\S]*?)\s*-?\}\}$/.exec(filledBy ?? '') ?? []
  if (inside === undefined) return undefined
  const filters = inside.split('|').map((part) => part.trim())
  if (filters.some((filter) => filter.startsWith('link'))) return 'An address can not be shortened: put it on a button.'
  const kept = filters.filter((filter) => !filter.startsWith('truncate') && filter !== 'mrkdwn')
  const room = most > 1_000 ? Math.floor(most / 100) * 100 - 100 : Math.max(10, most - 10)
  const last = filters.includes('mrkdwn') ? [`truncate: ${room}`, 'mrkdwn'] : [`truncate: ${room}`]
  return `Shorten it: {{ ${[...kept, ...last].join(' | ')} }}.`
}

/** Fields that a template shows and its sample does not have: perhaps only misspelt. */
function unknownFields(template: CompiledTemplate, sample: Json): SourceProblem[] {
  const { data } = sample
  return variablesOf(template.parts).flatMap(({ path, row, column }) => {
    const [first, ...rest] = path.map(String)
    if (first === undefined || path.length < (first === 'data' ? 2 : 1)) return []
    const isKnown = first === 'data' ? hasPath(data, rest) : KNOWN.has(first)
    if (isKnown) return []
    const start = offsetOf(template.source, row, column)
    const name = path.join('.')
    const message = first === 'data' ? `The sample has no ${name}.` : `There is no field ${name}.`
    const fix =
      first === 'data'
        ? 'Add it to the sample, so that it is checked.'
        : `Did you mean ${closest(name, [...KNOWN]) ?? `data.${name}`}?`
    return [problemAt(template.source, 'warning', { message, fix, start, end: start + name.length })]
  })
}

const KNOWN = new Set([
  ...['title', 'text', 'url', 'category', 'severity', 'recipient', 'priority', 'occurredAt', 'dedupeKey', 'threadKey'],
  ...['updateKey', 'at', 'now', 'type', 'mentions', 'publicUrl', 'forloop'],
])

/** Of a list, in its first item. */
function hasPath(value: unknown, path: readonly string[]): boolean {
  const [name, ...rest] = path
  if (name === undefined) return true
  if (Array.isArray(value)) {
    return ['size', 'first', 'last'].includes(name) || /^\d+$/.test(name) || hasPath(value[0], path)
  }
  if (typeof value === 'string') return name === 'size'
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return false
  return hasPath((value as Json)[name], rest)
}

function offsetOf(source: string, row: number, column: number): number {
  let at = 0
  for (let line = 1; line < row; line += 1) at = source.indexOf('\n', at) + 1
  return at + column - 1
}

/** One problem at each place of each kind; errors before warnings, then in the order of the source. */
function distinct(problems: readonly SourceProblem[]): SourceProblem[] {
  const seen = new Map<string, SourceProblem>()
  for (const problem of problems) {
    const key = `${problem.start} ${problem.message.replace(/\d[\d,]*/g, '#')}`
    if (!seen.has(key)) seen.set(key, problem)
  }
  const rank = ({ severity }: SourceProblem) => (severity === 'error' ? 0 : 1)
  return [...seen.values()].sort((a, b) => rank(a) - rank(b) || a.start - b.start).slice(0, MOST_PROBLEMS)
}

const MOST_PROBLEMS = 100
