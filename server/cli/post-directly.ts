import { Message } from '../../shared/deliveries.ts'
import { webhookUrlProblem } from '../../shared/webhook-url.ts'
import type { AppContext } from '../context.ts'
import type { Connection } from '../providers/provider.ts'
import { openDirect } from './direct.ts'
import type { DirectPost } from './direct-send.ts'
import { channelPlace, type DirectPlace, personPlace } from './direct-target.ts'
import { type Outcome, type Posted, postOnce, postUnderKey } from './keyed-post.ts'
import { type ContentOptions, fingerprintOf, type PostContent, readContent } from './post-content.ts'
import { plain, print, printJson, shownInstant } from './print.ts'
import { EXIT, Problem, wrongUsage } from './problem.ts'
import { readSecret } from './read-secret.ts'
import { exitOfFailure, said } from './slack-outcome.ts'

export type PostOptions = ContentOptions & {
  channel?: string
  person?: string
  thread?: string
  key?: string
  tokenFd?: string
  token?: string
  webhookFd?: string
  webhook?: string | true
  sendAgain?: boolean
  json?: boolean
}

/** Posts straight to Slack, by the very code and the very table of failures of the server. */
export async function postDirectly(options: PostOptions): Promise<void> {
  checkOptions(options)
  const content = await readContent(options)
  await using direct = openDirect()
  const { ctx } = direct
  const connection: Connection = { secrets: {} }
  const place = await placeOf(ctx, connection, options)
  const post = postOf({ ctx, connection, place }, options, content)
  const { key, sendAgain = false } = options
  const where = place.target.kind === 'webhook' ? place.target.url : place.name
  const outcome =
    key === undefined
      ? await postOnce(post)
      : await postUnderKey(post, {
          key,
          sendAgain,
          fingerprint: await fingerprintOf(content, `${where} ${post.threadTs}`),
        })
  tellOutcome(outcome, post, options)
}

const THREAD_TS = /^\d{10}\.\d{6}$/

function checkOptions({ channel, person, webhook, webhookFd, thread, sendAgain, key }: PostOptions): void {
  const hasWebhook = webhook !== undefined || webhookFd !== undefined
  if ([channel !== undefined, person !== undefined, hasWebhook].filter(Boolean).length > 1) {
    throw wrongUsage('Several options say where it goes.', 'Give one of --channel, --person and --webhook.')
  }
  if (thread !== undefined && !THREAD_TS.test(thread)) {
    throw wrongUsage(
      'With --direct, --thread takes the ts of the parent, for example 1700000000.123456.',
      'Threads by a key of your own need a server.',
    )
  }
  if (sendAgain && key === undefined) throw wrongUsage('--send-again goes with --key.')
}

/** Where it goes, and with it the one secret that is needed to get there. */
async function placeOf(ctx: AppContext, connection: Connection, options: PostOptions): Promise<DirectPlace> {
  const { channel, person } = options
  if (channel === undefined && person === undefined) return webhookPlace(ctx, options)
  connection.secrets.botToken = await readSecret({
    what: 'bot token',
    fdOption: '--token-fd',
    fd: options.tokenFd,
    env: 'SLACK_BOT_TOKEN',
    argument: { option: '--token', value: options.token },
  })
  return channel === undefined ? personPlace({ ctx, connection }, person ?? '') : channelPlace(channel)
}

async function webhookPlace(ctx: AppContext, { webhook, webhookFd }: PostOptions): Promise<DirectPlace> {
  if (webhook === undefined && webhookFd === undefined && !process.env.SLACK_WEBHOOK_URL) {
    throw wrongUsage('Nothing says where it goes.', 'Give --channel or --person, or set SLACK_WEBHOOK_URL.')
  }
  const url = await readSecret({
    what: 'webhook URL',
    fdOption: '--webhook-fd',
    fd: webhookFd,
    env: 'SLACK_WEBHOOK_URL',
    argument: { option: '--webhook', value: webhook === true ? undefined : webhook },
  })
  const problem = webhookUrlProblem(url, ctx.slack.webhookHosts)
  if (problem) throw new Problem(EXIT.failed, problem, 'Copy the URL that Slack shows under Incoming Webhooks.')
  return { target: { kind: 'webhook', url }, name: 'the webhook' }
}

function postOf(
  { ctx, connection, place }: Pick<DirectPost, 'ctx' | 'connection' | 'place'>,
  { thread }: PostOptions,
  { text = '', blocks, file, altText }: PostContent,
): DirectPost {
  if (text.length > LONGEST_TEXT) {
    throw new Problem(
      EXIT.failed,
      `The text has ${text.length} characters, and Slack takes ${LONGEST_TEXT}.`,
      'Post it as a --file.',
    )
  }
  return {
    ...{ ctx, connection, place },
    message: { text, ...(blocks && { blocks }) },
    ...(thread !== undefined && { threadTs: thread }),
    ...(file && { file: { ...file, ...(altText !== undefined && { altText }) } }),
  }
}

const LONGEST_TEXT = Message.shape.text.maxLength ?? Number.POSITIVE_INFINITY

function tellOutcome(outcome: Outcome, { place }: DirectPost, { key, json }: PostOptions): void {
  const facts = { deliveryId: outcome.deliveryId, destination: place.name, ...(key !== undefined && { key }) }
  if (!('failed' in outcome)) {
    const { conversationId, messageTs, permalink, earlierAt } = outcome
    const isRepeated = earlierAt !== undefined
    if (json) printJson({ state: 'delivered', ...facts, conversationId, messageTs, permalink, isRepeated })
    else print(success(outcome, place.name))
    return
  }
  const { failed } = outcome
  const isInDoubt = failed.kind === 'ambiguous'
  if (json) printJson({ state: isInDoubt ? 'unconfirmed' : 'failed', ...facts, code: failed.code })
  const exitCode = exitOfFailure(failed, failed.exchange.httpStatus)
  const { meaning, fix } = said(failed)
  const who = { 3: 'Slack said no: ', 4: 'No answer of Slack that counts: ' }[exitCode as number] ?? ''
  throw new Problem(exitCode, `${who}${meaning}`, isInDoubt ? wayOutOfDoubt(key) : fix)
}

function success({ conversationId, messageTs, permalink, earlierAt }: Posted, name: string): string {
  // The name of a person is what that person chose.
  const shown = plain(name)
  const where = conversationId && conversationId !== name ? `${shown} (${conversationId})` : shown
  const details = [messageTs && `ts ${messageTs}`, permalink].filter(Boolean).join(', ')
  const more = details ? `: ${details}` : ''
  if (earlierAt === undefined) return `Posted to ${where}${more}`
  const at = shownInstant(new Date(earlierAt).toISOString())
  return `Already posted to ${where} by the run at ${at} with this key, so nothing was sent${more}`
}

function wayOutOfDoubt(key: string | undefined): string {
  if (key !== undefined) return 'Run it again with the same --key: it looks in Slack before it posts.'
  return 'Look in Slack before you post it again; with --key a second run does that by itself.'
}
