import { type Command, InvalidArgumentError, Option } from 'commander'
import { Priority } from '../../shared/deliveries.ts'
import { instant, wholeNumber, withServer } from './options.ts'
import { type PostOptions, postDirectly } from './post-directly.ts'
import { postThroughServer, type ServerPostOptions } from './post-through-server.ts'
import { wrongUsage } from './problem.ts'

type Options = PostOptions & ServerPostOptions & { direct?: boolean }

/** One message or file, through a server that keeps it until it arrives, or straight to Slack. */
export function postCommand(program: Command): void {
  const command = program.command('post').description('Post one message or file to a channel, person or webhook')
  command
    .argument('[text]', 'what to say; - reads it from standard input')
    .option('--text <text>', 'the same as an option')
    .option('--text-file <path>', 'what to say, from a file')
    .option('--blocks <path>', 'Block Kit blocks, from a JSON file')
    .option('--file <path>', 'a file to upload; the text is its comment')
    .option('--alt-text <text>', 'what a picture shows, for people who do not see it')
    .option('--channel <channel>', 'id, #name or link')
    .option('--person <person>', 'user id or e-mail')
    .option('--thread <key>', 'messages with the same key share a thread; with --direct the ts of the parent')
    .option('--key <key>', 'of this run: a second post with it is not sent again', printable)
    .option('--destination <id>', 'a destination of the server, whatever its kind')
    .option('--webhook-destination <id>', 'the same, for a webhook')
    .option('--integration <id>', 'whose channel or person it is, where several integrations are connected')
    .addOption(new Option('--priority <priority>', 'its place in line').choices(Priority.options))
    .option('--send-at <instant>', 'not before; an instant, or 30m, 2h, 7d ahead', futureInstant)
    .option(
      '--wait [seconds]',
      'until it has arrived or failed, 60 seconds when no number is given',
      wholeNumber(1, 86_400),
    )
    .option(
      '--direct',
      'straight to Slack, without a server: token from SLACK_BOT_TOKEN, webhook from SLACK_WEBHOOK_URL',
    )
    .option('--token-fd <number>', 'with --direct: file descriptor of the bot token')
    .option('--token <token>', 'with --direct: the bot token itself; everybody on this machine can read it')
    .option('--webhook-fd <number>', 'with --direct: file descriptor of the webhook URL')
    .option('--webhook [url]', 'with --direct: to the webhook; its URL here can be read by everybody on this machine')
    .option('--send-again', 'with --direct and --key: also when an earlier run may have posted it')
  withServer(command).action(async (text: string | undefined, options: Options) => {
    if (text !== undefined && options.text !== undefined) throw wrongUsage('The text is given twice.')
    const given = { ...options, ...(text !== undefined && { text }) }
    refuseStray(given)
    await (options.direct ? postDirectly(given) : postThroughServer(given))
  })
}

const ONLY_DIRECT = ['tokenFd', 'token', 'webhookFd', 'webhook', 'sendAgain'] as const
const ONLY_SERVER = [
  ...(['destination', 'webhookDestination', 'integration', 'priority', 'sendAt', 'wait', 'url', 'apiKeyFd'] as const),
]

/** An option that would change nothing is a mistake of whoever gave it. */
function refuseStray(options: Options): void {
  const name = (option: string) => `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
  const stray = (options.direct ? ONLY_SERVER : ONLY_DIRECT).find((option) => options[option] !== undefined)
  if (stray === undefined) return
  if (options.direct)
    throw wrongUsage(`${name(stray)} needs a server, and --direct goes without.`, 'Leave one of them out.')
  throw wrongUsage(`${name(stray)} goes with --direct.`, 'A server has its own credentials; name its --destination.')
}

/** Kept as it was given, since one that counts from now is another one each time. */
function futureInstant(text: string): string {
  instant('ahead')(text)
  return text
}

/** It travels in a header, and stands in messages. */
function printable(key: string): string {
  if (/^[\x21-\x7e]([\x20-\x7e]{0,198}[\x21-\x7e])?$/.test(key)) return key
  throw new InvalidArgumentError('It takes 1 to 200 letters, digits and signs of ASCII.')
}
