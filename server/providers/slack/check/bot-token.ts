import { z } from 'zod'
import { callAsBot, heardIn } from '../call.ts'
import { read } from '../directory.ts'
import { AuthTest, asFindings } from '../identity.ts'
import { type CheckStep, type Checkup, failed, link, type Outcome, skipped, withoutBot } from './checkup.ts'

/** Whose token it is, and in which workspace. */
export const botTokenStep: CheckStep = {
  name: 'bot_token',
  title: 'Bot token',
  async run(checkup, signal) {
    const { ctx, subject, learned } = checkup
    if (!subject.secrets.botToken) {
      return skipped('No bot token', 'Without one, messages can go through webhooks only.', {
        fix: 'Install the app in Slack and paste its bot token.',
        field: 'botToken',
      })
    }
    if (learned.isUnreachable) return skipped('Bot token', 'Slack could not be reached.')
    const called = await callAsBot(ctx, subject, 'auth.test', {}, { signal })
    const answer = read(called, AuthTest, (fields) => fields)
    if (answer.kind === 'failed') {
      learned.isBotRefused = answer.failure.kind === 'permanent'
      return failed(checkup, `Bot token: ${titleFor(answer.failure.code)}`, answer.failure, answer.exchange)
    }
    const requestId = answer.exchange.requestId
    const outcome = judge(checkup, answer.answer)
    learned.isBotRefused = outcome.state === 'fail'
    if (outcome.state !== 'fail') {
      learned.findings = asFindings(answer.answer)
      const { scopes } = heardIn(called)
      if (scopes) learned.grantedScopes = scopes
    }
    return { ...outcome, ...(requestId && { requestId }) }
  },
}

function judge(checkup: Checkup, answer: AuthTest): Outcome {
  const { team = 'the workspace', user = 'somebody' } = answer
  if (!answer.bot_id) {
    return {
      state: 'fail',
      title: answer.user_id ? `This is a user token, of @${user} in ${team}` : 'This is no bot token',
      code: 'not_allowed_token_type',
      detail: answer.user_id
        ? 'It is genuine, and with it Switchboard would act as that person instead of as the app.'
        : 'It is genuine, and it belongs to no bot.',
      fix: 'Paste the Bot User OAuth Token, which begins with xoxb- and stands on the same page.',
      link: link(checkup, 'oauth'),
      field: 'botToken',
    }
  }
  const title = `Bot token is @${user} in ${team}`
  const { lastWorkspaceId } = checkup.subject
  if (!lastWorkspaceId || lastWorkspaceId === answer.team_id) return { state: 'pass', title }
  return {
    state: 'warn',
    title: `${title}, which is another workspace than last time`,
    detail: `The last passing test was in the workspace ${lastWorkspaceId}; this token belongs to ${answer.team_id}.`,
    fix: 'Check that the new workspace is meant: destinations that were chosen in the other one will not be found.',
    field: 'botToken',
  }
}

function titleFor(code: string): string {
  const known: Record<string, string> = {
    invalid_auth: 'Slack rejects it',
    account_inactive: 'the app or its bot was removed',
    token_revoked: 'it was revoked',
    token_expired: 'it has run out',
    not_bearer_token: 'it holds characters that no token has',
    not_allowed_token_type: 'it is another kind of token',
    ratelimited: 'Slack asks us to wait',
  }
  return known[code] ?? 'Slack gave no answer that tells'
}

/** Whether the token belongs to the app whose ID was entered. */
export const appMatchStep: CheckStep = {
  name: 'app_match',
  title: 'Bot token and app ID',
  async run(checkup, signal) {
    const title = 'Bot token and app ID'
    const { ctx, subject, learned } = checkup
    if (!subject.appId) return skipped(title, 'No app ID was entered.', { field: 'appId' })
    const cannot = withoutBot(checkup, title)
    if (cannot) return cannot
    const botId = learned.findings?.botId
    if (!botId) return skipped(title, 'The step before did not learn which bot it is.')
    const called = await callAsBot(ctx, subject, 'bots.info', { bot: botId }, { signal })
    const answer = read(called, BotsInfo, ({ bot }) => bot.app_id)
    if (answer.kind === 'failed') {
      if (answer.failure.code !== 'missing_scope') {
        return failed(checkup, 'Could not compare bot token and app ID', answer.failure, answer.exchange)
      }
      return skipped(title, 'Slack tells it only with the scope users:read; the test message below shows it too.')
    }
    const requestId = answer.exchange.requestId
    return { ...compareApps(checkup, answer.answer), ...(requestId && { requestId }) }
  },
}

const BotsInfo = z.looseObject({ bot: z.looseObject({ app_id: z.string().optional() }) })

/** What it means that a thing of ours turned out to belong to this app. */
export function compareApps(checkup: Checkup, appId: string | undefined): Outcome {
  const entered = checkup.subject.appId
  if (!appId || !entered) return skipped('Bot token and app ID', 'Slack did not say which app the bot belongs to.')
  if (appId === entered) return { state: 'pass', title: `Bot token belongs to app ${appId}` }
  return {
    state: 'fail',
    title: `Bot token belongs to app ${appId}, not to ${entered}`,
    detail: 'The values come from two different Slack apps, so clicks and commands of one will not fit the other.',
    fix: 'Copy the app ID and the bot token from the pages of the same app.',
    link: link(checkup, 'general'),
    field: 'appId',
  }
}
