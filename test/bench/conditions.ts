import { compilePattern } from '../../server/routing/patterns.ts'
import { compileCondition, evaluate } from '../../shared/conditions/compile.ts'
import { parseCondition } from '../../shared/conditions/parse.ts'
import { trace } from '../../shared/conditions/trace.ts'

type BenchEvent = {
  type: string
  category: string
  severity: string
  title: string
  data: { days_remaining: number; status: string; tags: string[]; system: { region: string } }
}

/** A condition as a person writes it, and as a programmer would write it into the code. */
export type Pair = { condition: string; predicate: (event: BenchEvent) => boolean }

/** Rules like those that platforms have: two or three comparisons each, every one of them different. */
export function pairsOf(count: number): Pair[] {
  return Array.from({ length: count }, (_, at) => FORMS[at % FORMS.length]?.(at) ?? never())
}

/** Texts are made once: a programmer would have written them out. */
const FORMS: ((at: number) => Pair)[] = [
  (at) => {
    const category = `category-${at}`
    return {
      condition: `category == '${category}' AND severity == 'critical'`,
      predicate: (event) => event.category === category && event.severity === 'critical',
    }
  },
  (at) => {
    const most = at % 4
    return {
      condition: `type == 'deadline' AND days_remaining <= ${most}`,
      predicate: (event) => event.type === 'deadline' && event.data.days_remaining <= most,
    }
  },
  (at) => {
    const [ready, done, region] = [`ready-${at}`, `done-${at}`, `region-${at}`]
    return {
      condition: `status in ['${ready}', '${done}'] OR data.system.region == '${region}'`,
      predicate: ({ data }) => data.status === ready || data.status === done || data.system.region === region,
    }
  },
  (at) => {
    const [title, tag] = [`Report ${at}`, `tag-${at}`]
    return {
      condition: `title starts with '${title}' AND NOT tags contains '${tag}'`,
      predicate: (event) => event.title.startsWith(title) && !event.data.tags.includes(tag),
    }
  },
]

/** Differ enough from each other that no branch is always taken. */
export function benchEvents(): BenchEvent[] {
  return Array.from({ length: 40 }, (_, at) => ({
    type: at % 2 === 0 ? 'deadline' : 'report',
    category: `category-${(at % 10) * 4}`,
    severity: at % 3 === 0 ? 'critical' : 'low',
    title: `Report ${at} of the quarter`,
    data: {
      days_remaining: at % 6,
      status: `ready-${at}`,
      tags: ['gdpr', `tag-${at}`],
      system: { region: `region-${at}` },
    },
  }))
}

/**
 * All conditions over one event after another, against a list of plain predicates in the same run: microseconds an
 * event, medians of `rounds`. Both sides have to find the same.
 */
export function benchConditions(print: (line: string) => void, rounds: number): void {
  const events = benchEvents()
  for (const count of [10, 100, 1_000, 10_000]) {
    const pairs = pairsOf(count)
    const compiled = pairs.map(({ condition }) => {
      const parsed = parseCondition(condition)
      return parsed.kind === 'parsed' ? compileCondition(parsed.tree, compilePattern) : never()
    })
    const sides = {
      conditions: (event: BenchEvent) => {
        const facts = { event }
        return compiled.filter((each) => evaluate(each, facts)).length
      },
      predicates: (event: BenchEvent) => pairs.filter(({ predicate }) => predicate(event)).length,
      traced: (event: BenchEvent) => {
        const facts = { event }
        return compiled.filter((each) => trace(each, facts).matched).length
      },
    }
    const times = { conditions: [] as number[], predicates: [] as number[], traced: [] as number[] }
    for (let round = 0; round <= rounds; round++) {
      const found = (['conditions', 'predicates', 'traced'] as const).map((side) => {
        const { us, matched } = timed(() => events.map(sides[side]), Math.max(1, 20_000 / count))
        if (round > 0) times[side].push(us / events.length)
        return matched
      })
      if (new Set(found).size > 1) throw new Error(`They disagree: ${found.join(', ')} matched.`)
    }
    const [ours, plain, traced] = [median(times.conditions), median(times.predicates), median(times.traced)]
    print(
      `conditions: ${count} over an event in ${ours.toFixed(1)} µs (${((ours / count) * 1_000).toFixed(0)} ns each), ` +
        `plain predicates ${plain.toFixed(1)} µs, ${(ours / plain).toFixed(1)}x; traced ${traced.toFixed(1)} µs`,
    )
  }
  const texts = pairsOf(10_000).map(({ condition }) => condition)
  const { us } = timed(() => texts.map((text) => (parseCondition(text).kind === 'parsed' ? 1 : 0)), 3)
  print(`conditions: read in ${(us / texts.length).toFixed(1)} µs each`)
}

function timed(run: () => number[], repeats: number): { us: number; matched: number } {
  let matched = 0
  const startedAt = performance.now()
  for (let turn = 0; turn < repeats; turn++) matched = run().reduce((sum, each) => sum + each, 0)
  return { us: ((performance.now() - startedAt) * 1_000) / Math.ceil(repeats), matched }
}

function median(values: number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN
}

function never(): never {
  throw new Error('A condition of the bench cannot be read.')
}
