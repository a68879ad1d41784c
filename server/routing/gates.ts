import { type Facts, fieldReader, fieldText } from '../../shared/conditions/fields.ts'
import { gateOf } from '../../shared/conditions/gate.ts'
import type { RuleOf } from './snapshot.ts'

/**
 * What an event has to hold for a rule to be worth asking, side by side in a few arrays: thousands of rules are passed
 * over without touching the memory of each. Rules without a gate are always asked.
 */
export type Gates = {
  /** Where the expectations of each rule begin; those of the next end them. */
  from: Int32Array
  /** Of each expectation the place of its field in `paths`, and the number of its text. */
  fields: Int32Array
  texts: Int32Array
  paths: (readonly string[])[]
  numbers: ReadonlyMap<unknown, number>
}

export function gatesOf(rules: readonly RuleOf[]): Gates {
  const from = new Int32Array(rules.length + 1)
  const [fields, texts]: [number[], number[]] = [[], []]
  const paths = new Map<string, { place: number; path: readonly string[] }>()
  const numbers = new Map<string, number>()
  for (const [at, { compiled }] of rules.entries()) {
    from[at] = fields.length
    for (const { path, text } of (compiled && gateOf(compiled.tree)) ?? []) {
      const name = fieldText(path)
      const field = paths.get(name) ?? { place: paths.size, path }
      const number = numbers.get(text) ?? numbers.size
      paths.set(name, field)
      numbers.set(text, number)
      fields.push(field.place)
      texts.push(number)
    }
  }
  from[rules.length] = fields.length
  return {
    from,
    fields: Int32Array.from(fields),
    texts: Int32Array.from(texts),
    paths: [...paths.values()].map(({ path }) => path),
    numbers,
  }
}

/** For one event: whether the rule at a place may match. */
export function gatekeeper({ from, fields, texts, paths, numbers }: Gates, facts: Facts): (rule: number) => boolean {
  const held = Int32Array.from(paths, (path) => numbers.get(fieldReader(path)(facts)) ?? NO_TEXT_OF_A_RULE)
  return (rule) => {
    const end = from[rule + 1] ?? 0
    let at = from[rule] ?? 0
    if (at === end) return true
    for (; at < end; at += 1) if (held[fields[at] ?? 0] === texts[at]) return true
    return false
  }
}

const NO_TEXT_OF_A_RULE = -1
