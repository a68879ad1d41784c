import { type CompiledTemplate, compileTemplate } from '../templates/render.ts'

/** A template made ready to be filled, or why it can't be. */
export type UsedTemplate =
  | { kind: 'ready'; source: string; template: CompiledTemplate }
  | { kind: 'refused'; source: string; reason: string }

/** Makes ready the templates that are used; one that says what it said before is not read again. */
export function readyTemplates(
  rows: readonly { name: string; source: string }[],
  used: ReadonlySet<string>,
  before: ReadonlyMap<string, UsedTemplate>,
): Map<string, UsedTemplate> {
  return new Map(
    rows.flatMap(({ name, source }) => {
      if (!used.has(name)) return []
      const known = before.get(name)
      return [[name, known?.source === source ? known : readyTemplate(source)] as const]
    }),
  )
}

export function readyTemplate(source: string): UsedTemplate {
  const compiled = compileTemplate(source)
  if (compiled.kind === 'compiled') return { kind: 'ready', source, template: compiled.template }
  const [first] = compiled.problems
  return { kind: 'refused', source, reason: first ? `${first.message} (line ${first.line})` : 'It cannot be read.' }
}
