import { composeMessage } from '../../server/events/compose-message.ts'
import { slowTemplates } from '../../server/events/slow-templates.ts'
import { decide } from '../../server/routing/decide.ts'
import { openSnapshot, type SnapshotBody } from '../../server/routing/snapshot.ts'
import { readyTemplate } from '../../server/routing/used-templates.ts'
import { PRESETS } from '../../server/templates/presets/presets.ts'
import type { NewEvent } from '../../shared/events.ts'
import { benchEvents, type Pair, pairsOf } from './conditions.ts'
import { median } from './load.ts'

const TYPES = 200
const TEMPLATE = 'critical_alert'

/**
 * Whole decisions, with a snapshot of 200 types, against a programmer's own: a map of types and a list of predicates that
 * collects the same destinations. Then the message of each by a template that is delivered with the server.
 */
export function benchDecisions(print: (line: string) => void, rounds: number): void {
  const events = benchEvents() as NewEvent[]
  for (const count of [10, 100, 1_000, 10_000]) {
    const pairs = pairsOf(count)
    const snapshot = openSnapshot(1, bodyOf(pairs), templates())
    const sides = {
      ours: (event: NewEvent) => decide(event, snapshot, { trace: false }).targets.length,
      plain: plainDecider(pairs),
    }
    const times = { ours: [] as number[], plain: [] as number[] }
    for (let round = 0; round <= rounds; round += 1) {
      const found = (['ours', 'plain'] as const).map((side) => {
        const { us, sum } = timed(events, sides[side], Math.max(1, 20_000 / count))
        if (round > 0) times[side].push(us)
        return sum
      })
      if (new Set(found).size > 1) throw new Error(`They disagree: ${found.join(', ')} destinations.`)
    }
    const [ours, plain] = [median(times.ours), median(times.plain)]
    print(
      `decisions: ${count} rules and ${TYPES} types over an event in ${ours.toFixed(1)} µs ` +
        `(${((ours / count) * 1_000).toFixed(0)} ns a rule), a plain list ${plain.toFixed(1)} µs, ${(ours / plain).toFixed(1)}x`,
    )
  }
  benchMessages(print, events, rounds)
}

function benchMessages(print: (line: string) => void, events: NewEvent[], rounds: number): void {
  const snapshot = openSnapshot(1, bodyOf([]), templates())
  const ctx = { log: { error: () => undefined }, publicUrl: 'https://switchboard.example' } as never
  const decided = new Map(events.map((event) => [event, decide(event, snapshot, { trace: false })]))
  for (const name of [TEMPLATE, undefined]) {
    const template = name === undefined ? undefined : snapshot.templates.get(name)
    const times: number[] = []
    for (let round = 0; round <= rounds; round += 1) {
      const { us } = timed(
        events,
        (event) => {
          const decision = { ...(decided.get(event) ?? never()), template: name ?? null }
          const composing = {
            markupOf: () => '<!here>',
            template,
            acceptedAt: 1_800_000_000_000,
            slow: slowTemplates(),
          }
          const { message, templateFailed } = composeMessage(ctx, event, decision, composing)
          if (templateFailed) throw new Error(templateFailed)
          return message.blocks?.length ?? 0
        },
        20,
      )
      if (round > 0) times.push(us)
    }
    print(`decisions: ${name ?? 'the standard message'} written in ${median(times).toFixed(1)} µs`)
  }
}

function bodyOf(pairs: readonly Pair[]): SnapshotBody {
  const type = {
    ...{ enabled: true, priority: 'normal' as const, mentions: ['@here'], emoji: ':door:', template: TEMPLATE },
    ...{ threading: null, updateBy: null, allowedFields: null, policy: 'at_least_once' as const, maxAttempts: null },
    ...{ nextAttemptDelayMs: null, foldAfter: null, dedupeWindowMs: 0, updateTrail: false, paused: false },
  }
  return {
    types: Array.from({ length: TYPES }, (_, at) => ({
      ...type,
      type: at === 0 ? 'deadline' : at === 1 ? 'report' : `type-${at}`,
      destinations: [{ id: `dst_type_${at}` }],
    })),
    rules: pairs.map(({ condition }, at) => ({
      ...{ id: `rul_${at}`, name: `rule ${at}`, condition, enabled: true, stop: false, mentions: [], priority: null },
      destinations: [{ id: `dst_${at % 50}` }],
    })),
    fallback: [],
    quiet: { hours: [], mutes: [] },
  }
}

function templates() {
  const preset = PRESETS.find(({ name }) => name === TEMPLATE) ?? never()
  return new Map([[TEMPLATE, readyTemplate(preset.source)]])
}

/** The same as somebody would write it into a service. */
function plainDecider(pairs: readonly Pair[]): (event: NewEvent) => number {
  const types = new Map(bodyOf([]).types.map((each, at) => [each.type, `dst_type_${at}`]))
  return (event) => {
    const destinations = new Set<string>()
    const own = types.get(event.type)
    if (own) destinations.add(own)
    for (const [at, { predicate }] of pairs.entries()) {
      if (predicate(event as Parameters<Pair['predicate']>[0])) destinations.add(`dst_${at % 50}`)
    }
    return destinations.size
  }
}

/** Microseconds an event. */
function timed(events: readonly NewEvent[], run: (event: NewEvent) => number, repeats: number) {
  let sum = 0
  const startedAt = performance.now()
  for (let turn = 0; turn < repeats; turn += 1) sum = events.reduce((all, event) => all + run(event), 0)
  return { us: ((performance.now() - startedAt) * 1_000) / Math.ceil(repeats) / events.length, sum }
}

function never(): never {
  throw new Error('Something that the bench needs is not there.')
}
