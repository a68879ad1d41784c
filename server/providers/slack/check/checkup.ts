import type { StepName, TestStep } from '../../../../shared/connection-tests.ts'
import { slackCode } from '../../../../shared/slack-codes.ts'
import { type SlackPage, slackLink, slackPageLabel } from '../../../../shared/slack-links.ts'
import type { AppContext } from '../../../context.ts'
import type { CallFailure, CheckSubject, Exchange, Findings } from '../../provider.ts'

/** One connection test while it runs: what it is about, and what its steps have learned for the ones after them. */
export type Checkup = {
  ctx: AppContext
  subject: CheckSubject
  learned: {
    /** Nobody, or somebody else, answers at Slack's address: steps that would ask there can't run. */
    isUnreachable?: boolean
    /** Slack said that the token is no good. After a mere hiccup the later steps still try it. */
    isBotRefused?: boolean
    findings?: Findings
    grantedScopes?: string[]
    /** Where the test message can go. */
    channel?: { conversationId: string; name: string }
  }
}

export type Outcome = Omit<TestStep, 'name' | 'tookMs'>
export type Item = NonNullable<TestStep['items']>[number]

export type CheckStep = {
  name: StepName
  /** Shown while it runs, and when it is skipped without a better one. */
  title: string
  run: (checkup: Checkup, signal: AbortSignal) => Promise<Outcome>
}

export function skipped(title: string, detail: string, more: Pick<Outcome, 'fix' | 'field'> = {}): Outcome {
  return { state: 'skipped', title, detail, ...more }
}

/** Why a step that asks Slack with the bot token can't run; undefined when it can. */
export function withoutBot(checkup: Checkup, title: string): Outcome | undefined {
  if (checkup.learned.isUnreachable) return skipped(title, 'Slack could not be reached.')
  if (!checkup.subject.secrets.botToken) return skipped(title, 'There is no bot token to do it with.')
  if (checkup.learned.isBotRefused) return skipped(title, 'It needs a bot token that works.')
  return undefined
}

/** A failed request as the outcome of a step: the code's row says what it means, who to ask and where to go. */
export function failed(
  checkup: Checkup,
  title: string,
  failure: CallFailure,
  exchange: Exchange | undefined,
  more: Partial<Outcome> & { isSend?: boolean } = {},
): Outcome {
  const { isSend, ...rest } = more
  const row = slackCode(failure.code)
  const said = failure.kind === 'permanent' && failure.detail ? ` Slack adds: ${failure.detail}.` : ''
  const inDoubt = row.retry === 'look_first' && !isSend
  return {
    state: failure.kind === 'rate_limited' ? 'warn' : 'fail',
    title,
    code: failure.code,
    ...(exchange?.requestId && { requestId: exchange.requestId }),
    detail: `${inDoubt ? row.meaning.replace(ABOUT_A_MESSAGE, '') : row.meaning}${said}`,
    fix: inDoubt || failure.kind === 'rate_limited' ? `${waitOf(failure)} run the connection test again.` : row.fix,
    ...(row.page && { link: link(checkup, row.page) }),
    ...(row.field && { field: row.field }),
    ...rest,
  }
}

/** A deep link into the settings of the app that is being tested. */
export function link(checkup: Checkup, page: SlackPage): { label: string; url: string } {
  return { label: slackPageLabel(page), url: slackLink(page, checkup.subject.appId) }
}

/** 84 ms, 1.2 s */
export function took(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

/** a, b and c */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}

/** The table speaks of messages; a step that only asked something puts none in doubt. */
const ABOUT_A_MESSAGE = /, so a message (?:sent this way )?may or may not have arrived/

function waitOf(failure: CallFailure): string {
  return failure.kind === 'rate_limited' ? `Wait ${took(failure.waitMs)}, then` : 'Wait a moment, then'
}
