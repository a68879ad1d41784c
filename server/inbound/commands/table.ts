import type { CommandHandler } from './command.ts'
import { switchboardCommand } from './switchboard.ts'

/** Every command and what it does; its row in shared/commands.ts puts it into the app's manifest. */
const handlers: Readonly<Record<string, CommandHandler>> = {
  '/switchboard': switchboardCommand,
}

/** Whether Switchboard answers it by itself, whatever was declared. */
export const isOurs = (command: string): boolean => Object.hasOwn(handlers, command)

/** A command that nobody knows is answered with what we do know. */
export function handlerOf(command: string): CommandHandler {
  return (isOurs(command) && handlers[command]) || switchboardCommand
}
