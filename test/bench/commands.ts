import { signed } from '../support/signed.ts'
import { type Measured, measure, median } from './load.ts'
import { post, signUp, startChild, startSwitchboard, withFolder } from './servers.ts'

const SECRET = '8f742231b10e8888abcd99baac0c85a5'
const CONNECTIONS = 50
const REQUESTS = 20_000
const WARM_UP = 5_000
const ROUNDS = 5

/** Signed slash command to 200: ours, kept with synchronous FULL before it is answered, against Bolt, which keeps nothing. */
export async function benchCommands(print: (line: string) => void): Promise<void> {
  await withFolder(async (dataDir) => {
    const ours = await startSwitchboard(dataDir)
    const path = await connect(ours.url)
    const env = { SIGNING_SECRET: SECRET, ANSWER: await ask(ours.url, path) }
    const bolt = await startChild(['test/bench/bolt-server.ts'], env, /Bolt is at \S+\n/)
    try {
      const sides = [
        { name: 'Switchboard', url: ours.url, path, runs: [] as Measured[] },
        { name: '@slack/bolt', url: bolt.url, path: '/slack/commands', runs: [] as Measured[] },
      ]
      for (const { url, path } of sides) await run(url, path, WARM_UP)
      for (let round = 0; round < ROUNDS; round += 1) {
        for (const side of sides) side.runs.push(await run(side.url, side.path, REQUESTS))
      }
      print(`Signed slash commands, ${CONNECTIONS} connections, ${ROUNDS} runs of ${REQUESTS} in turn, medians:`)
      const figures = sides.map(({ name, runs }) => {
        const of = (figure: 'requestsPerSecond' | 'p50Ms' | 'p99Ms') => median(runs.map((each) => each[figure]))
        const [perSecond, p50, p99] = [of('requestsPerSecond'), of('p50Ms'), of('p99Ms')]
        print(
          `  ${name.padEnd(12)} ${perSecond.toFixed(0).padStart(6)} req/s   p50 ${p50.toFixed(2)} ms   p99 ${p99.toFixed(2)} ms`,
        )
        return { perSecond, p99 }
      })
      const [mine, theirs] = figures
      if (mine && theirs) {
        print(
          `  ratio ${(mine.perSecond / theirs.perSecond).toFixed(2)}x req/s, ${(theirs.p99 / mine.p99).toFixed(2)}x shorter p99`,
        )
      }
    } finally {
      await bolt.stop()
      await ours.stop()
    }
  })
}

async function run(url: string, path: string, count: number): Promise<Measured> {
  const requests = Array.from({ length: count }, () => newRequest(url, path))
  const measured = await measure({ url, requests, connections: CONNECTIONS })
  const refused = [...measured.statuses].filter(([status]) => status !== 200)
  if (refused.length > 0) throw new Error(`${url}${path} answered ${JSON.stringify(refused)}`)
  return measured
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
