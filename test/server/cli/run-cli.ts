import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Simulator } from '../../../server/simulator/simulator.ts'

const SWITCHBOARD = join(import.meta.dirname, '../../../server/cli/switchboard.mjs')

export type CliRun = { code: number | null; printed: string; errors: string }
type Options = {
  env?: Record<string, string>
  /** What standard input holds; nothing at all when left out. */
  input?: string
  /** What file descriptor 3 holds. */
  third?: string
  /** Whether nobody reads what it prints, as once `| head` has seen enough. */
  isUnread?: true
  onStart?: (child: ChildProcess) => void
}

/** `switchboard …` in a process of its own, with no setting of whoever runs the tests. */
export async function runCli(
  args: string[],
  { env = {}, input, third, isUnread, onStart }: Options = {},
): Promise<CliRun> {
  const child = spawn(process.execPath, [SWITCHBOARD, ...args], {
    env: { PATH: process.env.PATH ?? '', TZ: 'UTC', ...env },
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  })
  const [stdin, stdout, stderr, descriptor] = child.stdio
  if (!stdin || !stdout || !stderr) throw new Error('The command has no standard streams.')
  if (!descriptor || !('end' in descriptor)) throw new Error('The command has no third descriptor.')
  stdin.end(input ?? '')
  descriptor.on('error', () => {})
  descriptor.end(third ?? '')
  if (isUnread) stdout.destroy()
  onStart?.(child)
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [code, printed, errors] = await Promise.all([ended, isUnread ? '' : text(stdout), text(stderr)])
  return { code, printed, errors }
}

/** The settings that send a command to the simulator instead of Slack. */
export function slackEnv(simulator: Pick<Simulator, 'apiUrl' | 'host'>): Record<string, string> {
  return {
    SLACK_API_URL: simulator.apiUrl,
    SLACK_WEBHOOK_HOSTS: simulator.host,
    SLACK_UPLOAD_HOSTS: simulator.host,
  }
}

/** Every JSON value of an answer, one a line. */
export function jsonLines(printed: string): unknown[] {
  return printed
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
}
