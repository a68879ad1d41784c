import { escapeText } from '../escape.ts'
import type { CommandHandler } from './command.ts'
import { findDeclaredCommand } from './declared-store.ts'
import { switchboardCommand } from './switchboard.ts'

/** A command that was declared for the platform, which is not asked yet; any other is answered with what we can do. */
export const declaredCommand: CommandHandler = async (ctx, use) => {
  const declared = await findDeclaredCommand(ctx.db, use.command)
  if (!declared) return switchboardCommand(ctx, use)
  const name = `\`${escapeText(declared.command)}\``
  return { text: `${name} is declared (${escapeText(declared.description)}), but nothing answers it yet.` }
}
