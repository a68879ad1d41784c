import { z } from 'zod'
import { type CommandInfo, CommandParameter, type DeclaredCommand } from '../../../shared/commands.ts'
import { recordAudit } from '../../audit/record.ts'
import type { AppContext } from '../../context.ts'
import type { Db } from '../../db/schema.ts'
import type { Actor } from '../../users/actor.ts'
import { deleteDeclaredCommand, putDeclaredCommand, type SavedCommand } from './declared-store.ts'

/** Declares a command, or declares it anew, in a transaction of the caller. */
export async function declareCommand(
  ctx: AppContext,
  trx: Db,
  actor: Actor,
  command: string,
  declared: DeclaredCommand,
): Promise<void> {
  const { description, parameters = [], handler } = declared
  await putDeclaredCommand(trx, {
    command,
    description,
    parameters: JSON.stringify(parameters),
    handler,
    updatedAt: ctx.now(),
    updatedBy: actor.name,
  })
  await recordAudit(ctx, trx, actor, {
    action: 'command.declared',
    subject: { kind: 'command', id: command, name: command },
    detail: declared,
  })
}

/** Takes the declaration back; how it was used stays. */
export async function dropCommand(ctx: AppContext, trx: Db, actor: Actor, command: string): Promise<void> {
  await deleteDeclaredCommand(trx, command)
  await recordAudit(ctx, trx, actor, {
    action: 'command.dropped',
    subject: { kind: 'command', id: command, name: command },
  })
}

export const parametersOf = (row: SavedCommand): CommandParameter[] =>
  z.array(CommandParameter).parse(JSON.parse(row.parameters))

/** How the list of commands shows it, its parameters as a hint. */
export function commandInfo(row: SavedCommand): CommandInfo & { handler: string } {
  const hint = parametersOf(row)
    .map(({ name }) => `[${name}]`)
    .join(' ')
  return {
    command: row.command,
    description: row.description,
    ...(hint && { usageHint: hint }),
    handler: row.handler,
  }
}
