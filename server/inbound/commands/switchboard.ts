import { builtInCommands } from '../../../shared/commands.ts'
import { countByState } from '../../deliveries/list-store.ts'
import { toInstant } from '../../lib/paging.ts'
import { escapeText } from '../escape.ts'
import type { CommandAnswer, CommandHandler } from './command.ts'

/** `/switchboard`: what it can be asked, and how this workspace's deliveries stand. */
export const switchboardCommand: CommandHandler = (ctx, use) => {
  if (use.command !== '/switchboard') return help(`Switchboard does not answer \`${escapeText(use.command)}\`.`)
  const wish = use.text.trim().toLowerCase()
  if (wish === '' || wish === 'help') return help()
  if (wish === 'status') return status(ctx, use)
  return help(`Switchboard does not know “${escapeText(use.text.trim().slice(0, 100))}”.`)
}

const status: CommandHandler = async (ctx, { integrationId }) => {
  const from = toInstant(ctx.now() - DAY_MS)
  const counted = await countByState(ctx.db, { integrationId, by: 'created', from })
  const count = Object.fromEntries(counted.map(({ state, count: number }) => [state, number]))
  const { delivered = 0, failed = 0, held = 0, unconfirmed = 0, pending = 0, sending = 0, retrying = 0 } = count
  const waiting = pending + sending + retrying
  return {
    text: [
      '*The last 24 hours*',
      `• ${delivered} delivered`,
      `• ${failed} failed`,
      ...(waiting > 0 ? [`• ${waiting} on their way`] : []),
      ...(held > 0 ? [`• ${held} held until someone resumes them`] : []),
      ...(unconfirmed > 0 ? [`• ${unconfirmed} sent without a clear answer`] : []),
      `<${ctx.publicUrl}/deliveries|Open the deliveries>`,
    ].join('\n'),
  }
}

function help(before?: string): CommandAnswer {
  const commands = builtInCommands.map(({ command, description }) => `• \`${command}\`  ${description}`)
  return {
    text: [
      ...(before ? [before] : []),
      '*What you can ask*',
      ...commands,
      '• `/switchboard status`  How the messages to this workspace fared in the last 24 hours',
      '• `/switchboard help`  This text',
    ].join('\n'),
  }
}

const DAY_MS = 86_400_000
