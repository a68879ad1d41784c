import { isPlatformCode, platformCode } from './platform-codes.ts'
import { slackCode } from './slack-codes.ts'

const codes: Readonly<Record<string, readonly [meaning: string, fix: string]>> = {
  not_understood: [
    'The platform answered with something else than a message.',
    'Answer {"text", "blocks"?, "responseType"?: "ephemeral" or "in_channel"}.',
  ],
  answer_expired: [
    'Slack takes an answer for 30 minutes, and they were over.',
    'Nothing to do: whoever typed the command may type it again.',
  ],
  given_up: [
    'The server stopped, or something in it broke, during each attempt to answer.',
    'Look for command.worker_broke in the log of the server around that time.',
  ],
  response_url_refused: [
    'The address for the answer was not one of Slack’s, so the platform was not asked.',
    'Look who knows the signing secret, and whether SLACK_WEBHOOK_HOSTS names the host that Slack answers from.',
  ],
  unreachable_slack: [
    'Slack could not be reached with the answer.',
    'Let this server through to the hosts of SLACK_WEBHOOK_HOSTS.',
  ],
  expired_url: ['Slack’s address for the answer had expired.', 'Answer sooner: it holds for 30 minutes.'],
  used_url: ['Slack’s address for the answer was used up.', 'Nothing to do: it takes five messages.'],
  integration_deleted: ['The integration was deleted before this was answered.', 'Nothing to do.'],
  unreadable: ['What was kept of this use can’t be opened.', 'Start the server with the master key it had before.'],
}

/** True for codes that only a command of the platform can have. */
export const isCommandCode = (code: string): boolean => Object.hasOwn(codes, code)

const BROKE = ['The service broke while it answered.', 'Look in its log around that time.'] as const

/** What the code of a use that the platform had to answer means. */
export function commandCode(code: string): { meaning: string; fix: string } {
  const own = codes[code] ?? (/^http_5\d\d$/.test(code) ? BROKE : undefined)
  if (own) return { meaning: own[0], fix: own[1] }
  const { meaning, fix } = isPlatformCode(code) ? platformCode(code) : slackCode(code)
  return { meaning, fix }
}
