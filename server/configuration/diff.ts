import type { ChangeCounts, PlannedChange, PlannedField } from '../../shared/configuration.ts'
import { type Fields, type Item, idOf, isSame, type Present, type Wanted } from './items.ts'

/** A change of the plan with what carries it out. */
export type Step = Omit<PlannedChange, 'line'> & {
  item: Item
  wanted?: Wanted
  before?: Present
  /** The fields to write. */
  fields: PlannedField[]
}

/** What stands, what a file wants, what it wanted when it was last applied. */
export type Standing = {
  present: readonly Present[]
  wanted: readonly Wanted[]
  /** By `idOf`. */
  applied: ReadonlyMap<string, Fields>
  /** Kinds that the file has a section for. */
  sections: ReadonlySet<Item['kind']>
  prune: boolean
}

/** What applying would do to each thing, in the order of the file; what it does not name comes last. */
export function diff({ present, wanted, applied, sections, prune }: Standing): Step[] {
  const now = new Map(present.map((item) => [idOf(item), item]))
  const named = new Set(wanted.map(idOf))
  const steps = wanted.map((item) => stepOf(item, now.get(idOf(item)), applied.get(idOf(item))))
  const others = present.filter((item) => sections.has(item.kind) && !named.has(idOf(item)))
  return [...steps, ...others.map((item) => otherStep(item, applied.has(idOf(item)), prune))]
}

export function countSteps(steps: readonly Pick<Step, 'action'>[]): ChangeCounts {
  const counts: ChangeCounts = { create: 0, change: 0, delete: 0, unchanged: 0, left: 0 }
  for (const { action } of steps) counts[action] += 1
  return counts
}

function stepOf(wanted: Wanted, before: Present | undefined, applied: Fields | undefined): Step {
  const { kind, name, fields } = wanted
  const base = { kind, name, item: wanted, wanted, ...(before && { before }) }
  if (!before) {
    const told = Object.entries(fields).filter(([field, value]) => !isSame(value, wanted.defaults[field]))
    return {
      ...base,
      action: 'create',
      fields: told.map(([field, after]) => ({ field, after })),
      ...(applied && { drift: 'It was deleted in the console since this was last applied.' }),
    }
  }
  const changed = Object.keys(fields).filter((field) => !isSame(fields[field], before.fields[field]))
  const listed = changed.map((field) => fieldOf(field, before.fields[field], fields[field], applied))
  const drifted = listed.filter(({ drift }) => drift === 'console' || drift === 'both').map(({ field }) => field)
  return {
    ...base,
    action: changed.length === 0 ? 'unchanged' : 'change',
    fields: listed,
    ...(drifted.length > 0 && { drift: `Changed in the console since this was last applied: ${drifted.join(', ')}.` }),
  }
}

/** Without an earlier apply nobody can say which side moved. */
function fieldOf(field: string, before: unknown, after: unknown, applied: Fields | undefined): PlannedField {
  const change = { field, before, after }
  if (!applied || !Object.hasOwn(applied, field)) return change
  const last = applied[field]
  const [inConsole, inFile] = [!isSame(last, before), !isSame(last, after)]
  return { ...change, drift: inConsole && inFile ? 'both' : inConsole ? 'console' : 'file' }
}

function otherStep(before: Present, wasApplied: boolean, prune: boolean): Step {
  const { kind, name } = before
  const isDeleted = prune && before.remove !== undefined
  const drift = wasApplied
    ? 'The file named it when it was last applied.'
    : 'It was added in the console: no file has named it.'
  return {
    action: isDeleted ? 'delete' : 'left',
    kind,
    name,
    item: before,
    before,
    fields: isDeleted ? Object.entries(before.fields).map(([field, value]) => ({ field, before: value })) : [],
    drift,
  }
}
