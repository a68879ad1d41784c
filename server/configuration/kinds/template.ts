import type { CaseResult, SavedCase } from '../../../shared/templates.ts'
import { Refusal } from '../../errors.ts'
import { closest } from '../../lib/closest.ts'
import { listTypesUsing } from '../../routing/template-types-store.ts'
import { failingOf, refuseEvents, runCases } from '../../templates/cases.ts'
import { eraseTemplate, writeTemplate } from '../../templates/change-template.ts'
import { ensurePreset } from '../../templates/ensure-preset.ts'
import { lintTemplate } from '../../templates/lint.ts'
import { PRESETS } from '../../templates/presets/presets.ts'
import { readSample } from '../../templates/read-sample.ts'
import { casesIn, sampleIn } from '../../templates/show-templates.ts'
import type { SavedTemplate } from '../../templates/store.ts'
import type { EntryOf } from '../entries.ts'
import { type Ground, sayError } from '../ground.ts'
import type { Fields, Present, Wanted } from '../items.ts'
import type { Path } from '../read-text.ts'

export const templateDefaults: Fields = { sample: {}, cases: [], description: null }

/** Templates as they are now; earlier versions stay with the server. */
export function presentTemplates(rows: readonly SavedTemplate[]): Present[] {
  return rows.map(({ name, source, sample, cases, description }) => ({
    ...{ kind: 'template', key: name, name },
    fields: { source, sample: sampleIn(sample), cases: casesIn(cases), description },
    remove: ({ ctx, trx, actor }) => eraseTemplate(ctx, trx, actor, name, { typesUsing: listTypesUsing }),
  }))
}

export function wantedTemplate(
  ground: Ground,
  { name, body, path, at }: EntryOf<'template'>,
  present: readonly Present[],
): Wanted | undefined {
  const { source, sample = {}, cases, description = null } = body
  if (!isSound(ground, body, at) || !areSound(ground, source, cases ?? [], at)) return undefined
  if (!cases) warnOfFailing(ground, source, keptCases(name, present), () => at('source'))
  const fields = { source, sample, ...(cases && { cases }), description }
  return {
    ...{ kind: 'template', key: name, name, path, fields, defaults: templateDefaults },
    write: ({ ctx, trx, actor }) => writeTemplate(ctx, trx, actor, name, fields),
  }
}

/** Templates that come with the server and that types of the file use: they are made as they come. */
export function impliedTemplates(ground: Ground, wanted: readonly Wanted[], present: readonly Present[]): Wanted[] {
  const there = new Set([...present, ...wanted].filter(({ kind }) => kind === 'template').map(({ name }) => name))
  const used = new Map(wanted.flatMap((item) => (usedBy(item) ? [[usedBy(item), item]] : [])))
  return [...used].flatMap(([name = '', { path }]): Wanted[] => {
    if (there.has(name)) return []
    const preset = PRESETS.find((each) => each.name === name)
    if (!preset) {
      const names = [...there, ...PRESETS.map((each) => each.name)]
      const alike = closest(name, names)
      const fix = alike ? `Did you mean \`${alike}\`?` : `There are: ${names.join(', ')}.`
      sayError(ground, [...path, 'template'], { message: `There is no template "${name}".`, fix })
      return []
    }
    return [
      {
        ...{ kind: 'template', key: name, name, path: [...path, 'template'], defaults: {} },
        fields: { description: preset.description },
        write: async ({ ctx, trx, actor }) => void (await ensurePreset(ctx, trx, actor, name)),
      },
    ]
  })
}

/** The template that a type of the file names. */
const usedBy = ({ kind, fields }: Wanted): string | undefined =>
  kind === 'type' && typeof fields.template === 'string' ? fields.template : undefined

function isSound(
  ground: Ground,
  { source, sample }: EntryOf<'template'>['body'],
  at: EntryOf<'template'>['at'],
): boolean {
  const { read } = ground
  const example = sampleOrProblem(ground, sample ?? {}, at)
  if (!example) return false
  const { problems } = lintTemplate(source, example)
  for (const { severity, message, fix: known, start } of problems) {
    const isBare = severity === 'error' && sample === undefined
    const fix = [known, isBare ? NO_SAMPLE : undefined].filter(Boolean).join(' ')
    read.problems.push(read.at(at('source'), { severity, message, ...(fix && { fix }) }, { inside: start }))
  }
  return problems.every(({ severity }) => severity !== 'error')
}

const NO_SAMPLE = 'It was tried with an event that has nothing: give it a `sample` with the fields that it shows.'

/** Tells which cases do not come out as they should; only an event that is none is an error. */
function areSound(ground: Ground, source: string, cases: SavedCase[], at: EntryOf<'template'>['at']): boolean {
  const areEvents = orProblem(ground, at, () => {
    refuseEvents(cases)
    return true
  })
  if (!areEvents) return false
  const places = cases.map(({ name }) => name)
  warnOfFailing(ground, source, cases, (name) => at('cases', places.indexOf(name)))
  return true
}

function warnOfFailing({ read }: Ground, source: string, cases: readonly SavedCase[], placeOf: (name: string) => Path) {
  for (const { name, ...result } of failingOf(runCases(source, cases))) {
    const message = `The case "${name}" fails: ${whyOf(result)}`
    read.problems.push(read.at(placeOf(name), { severity: 'warning', about: 'case', message }))
  }
}

/** The cases that the template has already, and keeps where the file says nothing of cases. */
function keptCases(name: string, present: readonly Present[]): SavedCase[] {
  const before = present.find((item) => item.kind === 'template' && item.name === name)
  return (before?.fields.cases ?? []) as SavedCase[] // as presentTemplates put them there
}

function whyOf({ problem, differences: [first] }: Pick<CaseResult, 'problem' | 'differences'>): string {
  if (!first) return problem ?? 'It makes no message.'
  const { path, expected = 'nothing', made = 'nothing' } = first
  return `${path} is ${made}, and should be ${expected}.`
}

function sampleOrProblem(
  ground: Ground,
  sample: Record<string, unknown>,
  at: EntryOf<'template'>['at'],
): Record<string, unknown> | undefined {
  return orProblem(ground, at, () => readSample(sample, 'sample'))
}

function orProblem<Value>(ground: Ground, at: EntryOf<'template'>['at'], read: () => Value): Value | undefined {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const [field = '', ...inside] = (error.field ?? '').split('.')
    const places = inside.map((name) => (/^\d+$/.test(name) ? Number(name) : name))
    return sayError(ground, at(field, ...places), { message: error.message, ...(error.fix && { fix: error.fix }) })
  }
}
