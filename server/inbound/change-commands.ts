import { type CommandDeclaration, type DeclaredCommand, MOST_DECLARED } from '../../shared/commands.ts'
import type { AppContext } from '../context.ts'
import { lockForTransaction } from '../db/engine.ts'
import { Refusal } from '../errors.ts'
import { found } from '../lib/paging.ts'
import type { Actor } from '../users/actor.ts'
import { declareCommand, dropCommand, showDeclared } from './commands/declare-command.ts'
import { findDeclaredCommand, listDeclaredCommands } from './commands/declared-store.ts'
import { isOurs } from './commands/table.ts'

/** Declares a command for the platform, in place of an earlier declaration of its name. */
export async function putCommand(
  ctx: AppContext,
  actor: Actor,
  command: string,
  declared: DeclaredCommand,
): Promise<CommandDeclaration> {
  if (isOurs(command)) {
    throw new Refusal('invalid', `${command} is answered by Switchboard itself.`, {
      field: 'command',
      fix: 'Choose another name.',
    })
  }
  return ctx.db.transaction().execute(async (trx) => {
    await lockForTransaction(trx, 'declared_commands')
    const before = await listDeclaredCommands(trx)
    if (before.length >= MOST_DECLARED && !before.some((row) => row.command === command)) {
      throw new Refusal('invalid', `${MOST_DECLARED} commands are declared, and Slack takes no more for an app.`, {
        field: 'command',
        fix: 'Drop one that nobody uses.',
      })
    }
    await declareCommand(ctx, trx, actor, command, declared)
    return showDeclared(found(await findDeclaredCommand(trx, command), 'declared command', command))
  })
}

/** Takes a declaration back; how the command was used stays. */
export async function deleteCommand(ctx: AppContext, actor: Actor, command: string): Promise<void> {
  await ctx.db.transaction().execute(async (trx) => {
    found(await findDeclaredCommand(trx, command), 'declared command', command)
    await dropCommand(ctx, trx, actor, command)
  })
}
