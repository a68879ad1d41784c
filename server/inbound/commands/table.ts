import type { CommandHandler } from './command.ts'
import { switchboardCommand } from './switchboard.ts'

/** Every command and what it does; its row in shared/commands.ts puts it into the app's manifest. */
const handlers: Readonly<Record<string, CommandHandler>> = {
  '/switchboard': switchboardCommand,
}

/** A command that the app declares and we do not know is answered with what we do know. */
export function handlerOf(command: string): CommandHandler {
  return Object.hasOwn(handlers, command) ? (handlers[command] ?? switchboardCommand) : switchboardCommand
}
