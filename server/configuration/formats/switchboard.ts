import { ConfigurationFile } from '../../../shared/configuration-file.ts'
import { checkShape } from '../check-shape.ts'
import { type Entry, type Said, under } from '../entries.ts'
import type { Path, ReadText } from '../read-text.ts'

/** Our own format: each object is all of it, and a section that is absent is left alone. */
export function readSwitchboard(read: ReadText): Said | undefined {
  const file = checkShape(ConfigurationFile, read)
  if (!file) return undefined
  const part = (path: Path) => ({ whole: true, path, at: under(path) })
  const named = <Body>(section: string, bodies: Record<string, Body> = {}) =>
    Object.entries(bodies).map(([name, body]) => ({ name, body, ...part([section, name]) }))
  const listed = <Body>(section: string, bodies: readonly Body[] = []) =>
    bodies.map((body, index) => ({ body, ...part([section, index]) }))

  const entries: Entry[] = [
    ...named('integrations', file.integrations).map((entry) => ({ kind: 'integration' as const, ...entry })),
    ...listed('destinations', file.destinations).map((entry) => ({
      ...{ kind: 'destination' as const, name: entry.body.name ?? '' },
      ...entry,
    })),
    ...named('commands', file.commands).map((entry) => ({ kind: 'command' as const, ...entry })),
    ...named('templates', file.templates).map((entry) => ({ kind: 'template' as const, ...entry })),
    ...named('types', file.types).map((entry) => ({ kind: 'type' as const, ...entry })),
    ...listed('rules', file.rules).map((entry) => ({ kind: 'rule' as const, name: entry.body.name, ...entry })),
    ...named('schedules', file.schedules).map((entry) => ({ kind: 'schedule' as const, ...entry })),
    ...listed('quietHours', file.quietHours).map((entry) => ({ kind: 'quiet_hours' as const, name: '', ...entry })),
  ]
  if (file.fallback) {
    const { fallback: destinations } = file
    entries.push({
      ...{ kind: 'fallback', name: 'Fallback', body: { destinations }, whole: true, path: ['fallback'] },
      at: (_field, ...inside) => ['fallback', ...inside],
    })
  }
  refuseTwice(read, entries)
  return { entries, sections: SECTIONS.filter(([section]) => file[section] !== undefined).map(([, kind]) => kind) }
}

const SECTIONS = [
  ['integrations', 'integration'],
  ['destinations', 'destination'],
  ['commands', 'command'],
  ['templates', 'template'],
  ['types', 'type'],
  ['rules', 'rule'],
  ['fallback', 'fallback'],
  ['schedules', 'schedule'],
  ['quietHours', 'quiet_hours'],
] as const

/** Rules stand in a list, so their names may repeat, and a name is how a rule is found again. */
function refuseTwice(read: ReadText, entries: readonly Entry[]): void {
  const seen = new Map<string, Path>()
  for (const { kind, name, at, path } of entries) {
    if (kind !== 'rule' || name === undefined) continue
    const first = seen.get(name)
    if (first === undefined) seen.set(name, path)
    else {
      const { line } = read.at(first, { severity: 'error', message: '' })
      const message = `There is a rule "${name}" already, on line ${line}.`
      read.problems.push(read.at(at('name'), { severity: 'error', message, fix: 'Give each rule a name of its own.' }))
    }
  }
}
