import type { CommandUsage, DeclaredCommand } from '../../shared/commands.ts'

type ParameterDraft = { key: number; name: string; description: string; type: string }

/** A declaration as it is typed; each parameter has a key of its own, since names change while they are typed. */
export type CommandDraft = {
  command: string
  description: string
  handler: string
  parameters: ParameterDraft[]
}

export function commandDraft(saved: CommandUsage | undefined): CommandDraft {
  return {
    command: saved?.command ?? '/',
    description: saved?.description ?? '',
    handler: saved?.handler ?? '',
    parameters: (saved?.parameters ?? []).map(({ name, description = '', type = '' }, key) => ({
      ...{ key, name, description, type },
    })),
  }
}

/** One more parameter, with nothing in it. */
export function withParameter(draft: CommandDraft): CommandDraft['parameters'] {
  const key = Math.max(-1, ...draft.parameters.map((parameter) => parameter.key)) + 1
  return [...draft.parameters, { key, name: '', description: '', type: '' }]
}

/** How people see it typed; a parameter without a name is left out. */
export function shownAs({ command, parameters }: CommandDraft): string {
  const names = parameters.flatMap(({ name }) => (name.trim() ? [`[${name.trim()}]`] : []))
  return [nameOf(command), ...names].join(' ')
}

/** With the slash that may have been left out, in lower case as Slack has it. */
export const nameOf = (typed: string): string => `/${typed.trim().toLowerCase().replace(/^\/+/, '')}`

/** Undefined while something is missing. */
export function toDeclared(draft: CommandDraft): DeclaredCommand | undefined {
  const [description, handler] = [draft.description.trim(), draft.handler.trim()]
  const parameters = draft.parameters.flatMap(({ name, description: about, type }) =>
    name.trim() === ''
      ? []
      : [
          {
            name: name.trim(),
            ...(about.trim() && { description: about.trim() }),
            ...(type.trim() && { type: type.trim() }),
          },
        ],
  )
  if (nameOf(draft.command) === '/' || description === '' || handler === '') return undefined
  return { description, handler, parameters }
}
