import type { AppContext } from '../../context.ts'
import type { SlashCommand } from '../payloads.ts'

/** One use of a command, proven to be Slack's, at the integration it was sent to. */
export type CommandUse = SlashCommand & { integrationId: string }

/** What the person who typed the command sees, and nobody else. In Slack's mrkdwn; escape what people wrote. */
export type CommandAnswer = { text: string }

/**
 * What a command does. Slack waits three seconds: work that may take longer is stored and answered with "on it". A
 * request that turns out to be a replay has been handled by then, so a command that changes something must bear that.
 */
export type CommandHandler = (ctx: AppContext, use: CommandUse) => CommandAnswer | Promise<CommandAnswer>
