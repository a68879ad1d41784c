import type { CommandHandler } from './command.ts'
import { declaredCommand } from './declared.ts'
import { switchboardCommand } from './switchboard.ts'

/** Every command and what it does; its row in shared/commands.ts puts it into the app's manifest. */
const handlers: Readonly<Record<string, CommandHandler>> = {
  '/switchboard': switchboardCommand,
}

/** A command that is not ours may have been declared; else it is answered with what we do know. */
export function handlerOf(command: string): CommandHandler {
  return Object.hasOwn(handlers, command) ? (handlers[command] ?? declaredCommand) : declaredCommand
}
