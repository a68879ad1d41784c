import { z } from 'zod'
import { isSafeUrl } from '../../../shared/slack-blocks.ts'
import type { Findings } from '../provider.ts'

/** What auth.test says; a user token's answer has no bot_id. */
export const AuthTest = z.looseObject({
  url: z.string().optional(),
  team: z.string().optional(),
  team_id: z.string().optional(),
  user: z.string().optional(),
  user_id: z.string().optional(),
  bot_id: z.string().optional(),
  is_enterprise_install: z.boolean().nullish(),
})
export type AuthTest = z.infer<typeof AuthTest>

export function asFindings(answer: AuthTest): Findings {
  return {
    ...(answer.team_id && { workspaceId: answer.team_id }),
    ...(answer.team && { workspaceName: answer.team }),
    // It begins links on our pages.
    ...(isSafeUrl(answer.url) && { workspaceUrl: answer.url }),
    ...(answer.user_id && { botUserId: answer.user_id }),
    ...(answer.bot_id && { botId: answer.bot_id }),
    ...(answer.user && { botName: answer.user }),
  }
}
