import { z } from 'zod'
import { type CommandDeclaration, CommandParameter, type DeclaredCommand } from '../../../shared/commands.ts'
import { recordAudit } from '../../audit/record.ts'
import type { AppContext } from '../../context.ts'
import type { Db } from '../../db/schema.ts'
import { optional, toInstant } from '../../lib/paging.ts'
import type { Actor } from '../../users/actor.ts'
import { deleteDeclaredCommand, listDeclaredCommands, putDeclaredCommand, type SavedCommand } from './declared-store.ts'

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

/** Every declared command, in the order of their names. */
export async function listDeclared(db: Db): Promise<CommandDeclaration[]> {
  return (await listDeclaredCommands(db)).map(showDeclared)
}

/** How a declared command is shown, its parameters as a hint. */
export function showDeclared(row: SavedCommand): CommandDeclaration {
  const parameters = parametersOf(row)
  const hint = parameters.map(({ name }) => `[${name}]`).join(' ')
  const { command, description, handler, updatedBy } = row
  const usageHint = optional('usageHint', hint || undefined)
  return { command, description, ...usageHint, handler, parameters, updatedAt: toInstant(row.updatedAt), updatedBy }
}
