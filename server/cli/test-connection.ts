import type { Command } from 'commander'
import { type ConnectionTest, stepLabels, type TestStep } from '../../shared/connection-tests.ts'
import { findIntegrationId } from './find-integration.ts'
import { withServer } from './options.ts'
import { plain, print, printJson, shownDuration } from './print.ts'
import { EXIT, Problem, wrongUsage } from './problem.ts'
import { readSteps } from './read-steps.ts'
import { findServer, reach, type ServerOptions } from './server-client.ts'
import { type DirectTestOptions, testDirectly } from './test-directly.ts'

type Options = ServerOptions & DirectTestOptions & { direct?: boolean }

/** The connection test: of a saved integration through the server, or of credentials in the environment. */
export function testCommand(program: Command): void {
  withServer(program.command('test').description('Test the connection to Slack, step by step'))
    .argument('[integration]', 'its id or name; not needed where there is only one')
    .option('--direct', `without a server: credentials from ${DIRECT_ENV}`)
    .option('--channel <channel>', 'with --direct: the channel a test message goes to')
    .option('--token-fd <number>', 'with --direct: file descriptor of the bot token')
    .option('--token <token>', 'with --direct: the bot token itself; everybody on this machine can read it')
    .action(async (integration: string | undefined, options: Options) => {
      const onStep = (step: TestStep) => {
        if (step.state === 'running') return
        if (options.json) printJson(step)
        else printStep(step)
      }
      if (!options.direct) {
        const stray = (['channel', 'tokenFd', 'token'] as const).find((name) => options[name] !== undefined)
        if (stray) throw wrongUsage(`--${stray === 'tokenFd' ? 'token-fd' : stray} goes with --direct.`)
        return judge(await testThroughServer(options, integration, onStep))
      }
      if (integration !== undefined || options.url !== undefined) {
        throw wrongUsage('--direct asks no server, so it takes neither an integration nor --url.')
      }
      judge(await testDirectly(options, onStep))
    })
}

const DIRECT_ENV =
  'SLACK_BOT_TOKEN, SLACK_APP_ID, SLACK_CLIENT_ID, SLACK_CLIENT_SECRET, SLACK_APP_TOKEN, SLACK_WEBHOOK_URL'
/** The server ends a test by itself before that. */
const LONGEST_TEST_MS = 120_000

async function testThroughServer(
  options: ServerOptions,
  wanted: string | undefined,
  onStep: (step: TestStep) => void,
): Promise<ConnectionTest['state']> {
  const server = await findServer(options)
  const id = await findIntegrationId(server, wanted)
  const response = await reach(server, {
    method: 'POST',
    path: `api/integrations/${encodeURIComponent(id)}/test`,
    body: {},
    headers: { accept: 'text/event-stream' },
    timeoutMs: LONGEST_TEST_MS,
  })
  if (response.body) {
    for await (const event of readSteps(response.body)) {
      if (event.kind === 'ended') return event.test.state
      onStep(event.step)
    }
  }
  throw new Problem(EXIT.unreachable, 'The server stopped before the test ended.', 'Run it again.')
}

/** A step that warns, or waits for a click in Slack, keeps nothing from being sent. */
function judge(state: ConnectionTest['state']): void {
  if (state === 'failing') throw new Problem(EXIT.failed, 'The connection test failed.')
  if (state === 'cancelled') throw new Problem(EXIT.failed, 'The test was cancelled: another one took its place.')
}

function printStep(step: TestStep): void {
  const { name, state, title, tookMs, code, requestId, detail, fix, link, items = [] } = step
  print(`${WORDS[state].padEnd(7)}  ${stepLabels[name]}: ${plain(title)} (${shownDuration(tookMs)})`)
  for (const item of items.filter((each) => each.state === 'fail' || each.state === 'warn')) {
    print(`${INDENT}${WORDS[item.state]}  ${plain(item.label)}${item.note ? `: ${plain(item.note)}` : ''}`)
  }
  if (code) print(`${INDENT}code ${plain(code)}${requestId ? `, request ${plain(requestId)}` : ''}`)
  if (detail && state !== 'pass') print(`${INDENT}${plain(detail)}`)
  if (fix) print(`${INDENT}${plain(fix)}`)
  if (link && (state === 'fail' || state === 'warn')) print(`${INDENT}${link.label}: ${link.url}`)
}

const INDENT = ' '.repeat(9)
const WORDS: Readonly<Record<TestStep['state'], string>> = {
  running: 'RUNNING',
  pass: 'ok',
  warn: 'WARNING',
  fail: 'FAILED',
  skipped: 'skipped',
  waiting: 'waiting',
}
