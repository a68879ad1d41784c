import { DeclaredCommand } from '../../../shared/commands.ts'
import { declareCommand, dropCommand, parametersOf } from '../../inbound/commands/declare-command.ts'
import type { SavedCommand } from '../../inbound/commands/declared-store.ts'
import { isOurs } from '../../inbound/commands/table.ts'
import type { EntryOf } from '../entries.ts'
import { type Ground, sayError } from '../ground.ts'
import type { Fields, Present, Wanted } from '../items.ts'

export const commandDefaults: Fields = { parameters: [] }

export function presentCommands(rows: readonly SavedCommand[]): Present[] {
  return rows.map((row) => ({
    kind: 'command',
    key: row.command,
    name: row.command,
    fields: { description: row.description, parameters: parametersOf(row), handler: row.handler },
    remove: ({ ctx, trx, actor }) => dropCommand(ctx, trx, actor, row.command),
  }))
}

export function wantedCommand(ground: Ground, { name, body, path }: EntryOf<'command'>): Wanted | undefined {
  if (isOurs(name)) {
    return sayError(ground, path, {
      message: `${name} is answered by Switchboard itself.`,
      fix: 'Choose another name.',
    })
  }
  return {
    ...{ kind: 'command', key: name, name, path, defaults: commandDefaults },
    fields: { ...commandDefaults, ...body },
    write: ({ ctx, trx, actor }, changes, before) =>
      declareCommand(ctx, trx, actor, name, DeclaredCommand.parse({ ...before?.fields, ...changes })),
  }
}
