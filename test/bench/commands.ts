import { signed } from '../support/signed.ts'
import { type Measured, measure, median } from './load.ts'
import { type BenchServer, cpuMs, post, signUp, startChild, startSwitchboard, withFolder } from './servers.ts'

const SECRET = '8f742231b10e8888abcd99baac0c85a5'
const CONNECTIONS = 50
const REQUESTS = 10_000
const WARM_UP = 5_000
const ROUNDS = 11

/** Signed slash command to 200: ours, kept with synchronous FULL before it is answered, against Bolt, which keeps nothing. */
export async function benchCommands(print: (line: string) => void): Promise<void> {
  await withFolder(async (dataDir) => {
    const ours = await startSwitchboard(dataDir)
    const path = await connect(ours.url)
    const env = { SIGNING_SECRET: SECRET, ANSWER: await ask(ours.url, path) }
    const bolt = await startChild(['test/bench/bolt-server.ts'], env, /Bolt is at \S+\n/)
    try {
      const sides: Side[] = [
        { name: 'Switchboard', server: ours, path, runs: [] },
        { name: '@slack/bolt', server: bolt, path: '/slack/commands', runs: [] },
      ]
      for (const { server, path } of sides) await run(server, path, WARM_UP)
      for (let round = 0; round < ROUNDS; round += 1) {
        for (const side of sides) side.runs.push(await run(side.server, side.path, REQUESTS))
      }
      print(`Signed slash commands, ${CONNECTIONS} connections, ${ROUNDS} runs of ${REQUESTS} in turn, medians:`)
      for (const side of sides) print(`  ${told(side)}`)
      print(`  ${compared(...sides.map(({ runs }) => runs))}`)
    } finally {
      await bolt.stop()
      await ours.stop()
    }
  })
}

type Run = Measured & { cpuUs: number }
type Side = { name: string; server: BenchServer; path: string; runs: Run[] }

async function run({ url, process }: BenchServer, path: string, count: number): Promise<Run> {
  const requests = Array.from({ length: count }, () => newRequest(url, path))
  const cpuBefore = cpuMs(process.pid)
  const measured = await measure({ url, requests, connections: CONNECTIONS })
  const cpuUs = ((cpuMs(process.pid) - cpuBefore) * 1_000) / count
  const refused = [...measured.statuses].filter(([status]) => status !== 200)
  if (refused.length > 0) throw new Error(`${url}${path} answered ${JSON.stringify(refused)}`)
  return { ...measured, cpuUs }
}

const of = (runs: Run[], figure: 'requestsPerSecond' | 'p50Ms' | 'p99Ms' | 'cpuUs') =>
  median(runs.map((each) => each[figure]))

function told({ name, runs }: Side): string {
  const perSecond = of(runs, 'requestsPerSecond').toFixed(0).padStart(6)
  const latency = `p50 ${of(runs, 'p50Ms').toFixed(2)} ms   p99 ${of(runs, 'p99Ms').toFixed(2)} ms`
  return `${name.padEnd(12)} ${perSecond} req/s   ${latency}   ${of(runs, 'cpuUs').toFixed(0)} µs of CPU a request`
}

function compared(ours: Run[] = [], theirs: Run[] = []): string {
  const faster = of(ours, 'requestsPerSecond') / of(theirs, 'requestsPerSecond')
  const shorter = of(theirs, 'p99Ms') / of(ours, 'p99Ms')
  const lighter = of(theirs, 'cpuUs') / of(ours, 'cpuUs')
  return `ratio ${faster.toFixed(2)}x req/s, p99 ${shorter.toFixed(2)}x shorter, ${lighter.toFixed(2)}x less CPU`
}

let made = 0

/** No two are alike: a request that was seen before is refused. */
function newRequest(url: string, path: string): Buffer {
  made += 1
  const body = new URLSearchParams({
    token: 'xyzz0WbapA4vBCDEFasx0q6G',
    team_id: 'T1DC2JH3J',
    team_domain: 'testteamnow',
    channel_id: 'G8PSS9T3V',
    channel_name: 'foobar',
    user_id: 'U2CERLKJA',
    user_name: 'roadrunner',
    command: '/switchboard',
    text: 'help',
    api_app_id: 'A0BENCH01',
    is_enterprise_install: 'false',
    response_url: 'https://hooks.slack.com/commands/T1DC2JH3J/397700885554/96rGlfmibIGlgcZRskXaIFfN',
    trigger_id: `398738663015.47445629121.${made}`,
  }).toString()
  const headers = {
    host: new URL(url).host,
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': String(body.length),
    'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
    accept: 'application/json,*/*',
    ...signed(SECRET, body, Math.floor(Date.now() / 1_000)),
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.from(`POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`)
}

/** An integration that takes the bench's signature; the path Slack would call. */
async function connect(url: string): Promise<string> {
  const made = await post(url, '/api/integrations', await signUp(url), {
    provider: 'slack',
    name: 'Bench',
    appId: 'A0BENCH01',
    clientId: '1234567890.1234567890',
    clientSecret: 'c'.repeat(32),
    signingSecret: SECRET,
  })
  const { id } = (await made.json()) as { id: string }
  return `/slack/${id}/commands`
}

/** What we answer, so that the peer answers with the same bytes. */
async function ask(url: string, path: string): Promise<string> {
  const [, body = ''] = newRequest(url, path).toString().split('\r\n\r\n')
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    ...signed(SECRET, body, Math.floor(Date.now() / 1_000)),
  }
  const answer = await fetch(url + path, { method: 'POST', headers, body })
  if (!answer.ok) throw new Error(`answered ${answer.status}`)
  return ((await answer.json()) as { text: string }).text
}
