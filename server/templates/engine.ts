import {
  analyzeSync,
  CaptureTag,
  Context,
  type Emitter,
  type FilterImplOptions,
  Liquid,
  LiquidError,
  type Template,
  type Token,
  toValueSync,
} from 'liquidjs'
import { TEMPLATE_FILTERS, TEMPLATE_TAGS } from '../../shared/template-words.ts'
import { MOST_SOURCE } from '../../shared/templates.ts'
import { ASKED, type Asked, registerFilters } from './filters.ts'
import { MarkedJson, marked } from './marks.ts'
import { Output, type Piece } from './output.ts'
import { inOurWords, TemplateProblem } from './template-problem.ts'

export type Filled = { text: string; pieces: Piece[]; steps: number }

/** A net under the count of steps: no template may hold up the others for longer. */
const MOST_MS = 250
const MOST_MEMORY = 2_000_000

const liquid = new Liquid({
  // No files: whatever is included would be looked up here.
  templates: {},
  ownPropertyOnly: true,
  strictFilters: true,
  parseLimit: MOST_SOURCE,
  renderLimit: MOST_MS,
  memoryLimit: MOST_MEMORY,
  outputEscape: (value: unknown) => marked(value),
})
registerFilters(liquid)
liquid.registerTag(
  'capture',
  class extends CaptureTag {
    /** What it holds is made safe already, and must not be a second time. */
    override *render(context: Context): Generator<unknown, void, string> {
      const json = yield this.liquid.renderer.renderTemplates(this.templates, context)
      context.bottom()[this.variable] = new MarkedJson(json)
    }
  },
)
liquid.renderer.renderTemplates = renderAll
// What is not on the lists does not exist: some of it writes without escaping, or reads what it should not.
keepOnly(liquid.filters, TEMPLATE_FILTERS)
keepOnly(liquid.tags, TEMPLATE_TAGS)
for (const [name, filter] of Object.entries(liquid.filters)) liquid.filters[name] = timed(filter)

function keepOnly(known: Record<string, unknown>, words: readonly { name: string }[]): void {
  for (const name of Object.keys(known)) if (!words.some((word) => word.name === name)) delete known[name]
}

/** The engine looks at the time between its steps, and a chain of filters is one step however long it is. */
function timed(filter: FilterImplOptions): FilterImplOptions {
  const handler = typeof filter === 'function' ? filter : filter.handler
  const inTime: typeof handler = function (...given) {
    this.context.renderLimit.check(performance.now())
    return handler.apply(this, given)
  }
  return typeof filter === 'function' ? inTime : { ...filter, handler: inTime }
}

/** Reads a source once, so that it can be filled many times. Throws a TemplateProblem. */
export function parseSource(source: string): Template[] {
  try {
    return liquid.parse(source)
  } catch (error) {
    throw problemOf(error, undefined)
  }
}

/** Fills a template with a view. Throws a TemplateProblem. */
export function fill(templates: Template[], view: object, asked: Asked): Filled {
  const context = new Context({ ...view, [ASKED]: asked }, liquid.options, { sync: true }, { liquid })
  const output = new Output()
  try {
    toValueSync(renderAll(templates, context, output))
  } catch (error) {
    throw problemOf(error, output.token)
  }
  return { text: output.buffer, pieces: output.pieces, steps: output.steps }
}

/** The variables that a template reads, each by its path, and where; not those it makes itself. */
export function variablesOf(templates: Template[]): { path: (string | number)[]; row: number; column: number }[] {
  const { globals } = analyzeSync(templates, { partials: false })
  return Object.values(globals).flatMap((uses) =>
    uses.map(({ segments, location }) => ({
      path: segments.filter((segment) => typeof segment !== 'object'),
      row: location.row,
      column: location.col,
    })),
  )
}

/** Like the engine's own, which loops and conditions call for what is in them, and it notes where each output is from. */
function* renderAll(templates: Template[], context: Context, emitter?: Emitter): Generator<unknown, string> {
  const output = emitter instanceof Output ? emitter : new Output()
  output.step()
  for (const template of templates) {
    output.step(template.token)
    context.renderLimit.check(performance.now())
    const written: unknown = yield template.render(context, output)
    if (written) output.write(written)
    if (context.breakCalled || context.continueCalled) break
  }
  return output.buffer
}

function problemOf(error: unknown, at: Token | undefined): TemplateProblem {
  if (error instanceof TemplateProblem) return error
  const { originalError, message } = error as Error & { originalError?: Error }
  const token = LiquidError.is(error) ? (error as Error & { token?: Token }).token : at
  const { begin = 0, end = 1 } = token ?? {}
  return inOurWords(originalError?.message ?? message, begin, end)
}
