import { createHash } from 'node:crypto'
import type {
  ConfigurationPlan,
  ConfigurationProblem,
  PlannedChange,
  PlannedField,
} from '../../shared/configuration.ts'
import { redactSecrets, redactText } from '../lib/redact.ts'
import { countSteps, type Step } from './diff.ts'
import { stable } from './items.ts'
import type { Prepared } from './prepare.ts'
import { isTargetKey } from './target-keys.ts'

/** The plan as it is told: places by their names, and nothing that looks like a secret. */
export function showPlan({ read, format, steps, resolver }: Prepared): ConfigurationPlan {
  const changes = steps.map((step) => showStep(step, resolver, read))
  const problems = [...read.problems].sort((one, other) => one.line - other.line || one.column - other.column)
  return {
    revision: createHash('sha256').update(stable(changes)).digest('hex').slice(0, 32),
    ...(format && { format }),
    problems: problems.map(withoutSecrets),
    changes,
    counts: countSteps(steps),
    canApply: format !== undefined && problems.every(({ severity }) => severity !== 'error'),
  }
}

function showStep(step: Step, resolver: Prepared['resolver'], read: Prepared['read']): PlannedChange {
  const { action, kind, name, fields, drift, wanted } = step
  const show = (value: unknown): unknown => {
    if (isTargetKey(value)) return resolver?.nameOf(value) ?? value
    if (Array.isArray(value)) return value.map(show)
    if (typeof value !== 'object' || value === null) return value
    const owner = 'integrationId' in value ? resolver?.ownerOf(String(value.integrationId)) : undefined
    const shown = Object.entries(value).map(([key, item]) => [key, show(item)])
    const plain = shown.filter(([key]) => owner === undefined || key !== 'integrationId')
    return { ...Object.fromEntries(plain), ...(owner !== undefined && { integration: owner }) }
  }
  const shown = fields.map((field) => ({
    ...field,
    ...(Object.hasOwn(field, 'before') && { before: show(field.before) }),
    ...(Object.hasOwn(field, 'after') && { after: show(field.after) }),
  }))
  const line = wanted && wanted.path.length > 0 ? lineOf(wanted, read) : undefined
  return {
    action,
    kind,
    name: redactText(name),
    // A secret that somebody wrote where none belongs, as in a description.
    fields: shown.map((field) => redactSecrets(field) as PlannedField),
    ...(drift !== undefined && { drift }),
    ...(line !== undefined && { line }),
  }
}

const lineOf = ({ path }: { path: NonNullable<Step['wanted']>['path'] }, read: Prepared['read']): number =>
  read.at(path, { severity: 'note', message: '' }, 'key').line

function withoutSecrets(problem: ConfigurationProblem): ConfigurationProblem {
  const { message, fix, path } = problem
  return {
    ...problem,
    message: redactText(message),
    path: redactText(path),
    ...(fix !== undefined && { fix: redactText(fix) }),
  }
}
