import type {
  ChangeCounts,
  ConfigurationPlan,
  ConfigurationProblem,
  PlannedChange,
  PlannedField,
} from '../../shared/configuration.ts'
import { cut, note, plain, print } from './print.ts'

/** Problems by line and column, as compilers print them, so that editors find the place. */
export function noteProblems(file: string, problems: readonly ConfigurationProblem[]): void {
  for (const { severity, message, fix, line, column } of problems) {
    note(`${file}:${line}:${column}: ${severity}: ${plain(message)}${fix === undefined ? '' : ` ${plain(fix)}`}`)
  }
}

/** What would change, and what stands in the console that the file does not name. */
export function printPlan({ changes, counts }: Pick<ConfigurationPlan, 'changes' | 'counts'>): void {
  for (const change of changes) if (change.action !== 'unchanged') printChange(change)
  print(countLine(counts))
}

function countLine({ create, change, delete: gone, unchanged, left }: ChangeCounts): string {
  const others = [
    ...(unchanged > 0 ? [`${unchanged} unchanged`] : []),
    ...(left > 0 ? [`${left} only in the console`] : []),
  ]
  return [`${create} to create, ${change} to change, ${gone} to delete`, ...others].join('; ')
}

const MARKS: Readonly<Record<PlannedChange['action'], string>> = {
  create: '+',
  change: '~',
  delete: '-',
  unchanged: '=',
  left: '?',
}

function printChange({ action, kind, name, fields, drift, line }: PlannedChange): void {
  const where = line === undefined ? '' : ` (line ${line})`
  print(`${MARKS[action]} ${action} ${kind.replace('_', ' ')} ${plain(name)}${where}`)
  if (drift !== undefined) print(`    ${plain(drift)}`)
  if (action !== 'delete') for (const field of fields) print(`    ${fieldLine(field, action)}`)
}

function fieldLine({ field, before, after, drift }: PlannedField, action: PlannedChange['action']): string {
  const by = drift === undefined ? '' : `  [${DRIFT[drift]}]`
  const value = action === 'create' ? shown(after) : `${shown(before)} -> ${shown(after)}`
  return `${field}: ${value}${by}`
}

const DRIFT: Readonly<Record<NonNullable<PlannedField['drift']>, string>> = {
  console: 'changed in the console',
  file: 'changed in the file',
  both: 'changed in the console and in the file',
}

const shown = (value: unknown): string => cut(plain(JSON.stringify(value) ?? 'nothing'), 200)
