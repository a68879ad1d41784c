import { setTimeout } from 'node:timers/promises'
import { openDatabase } from '../../server/db/open.ts'
import { type Measured, measure } from './load.ts'
import { signUp, startSwitchboard, withFolder } from './servers.ts'
import { insertTraffic } from './traffic.ts'

const ATTEMPTS = 1_000_000
const DAYS = 30
const DAY_MS = 86_400_000
const ASKED = 200

/** The Overview over 30 days and a million attempts, as the page asks for it, and how long the backlog of figures took. */
export async function benchOverview(print: (line: string) => void): Promise<void> {
  await withFolder(async (dataDir) => {
    const first = await startSwitchboard(dataDir)
    const headers = await signUp(first.url)
    await first.stop()
    const databaseUrl = `sqlite:${dataDir}/switchboard.db`
    const to = Date.now()
    await insertTraffic(databaseUrl, { attempts: ATTEMPTS, from: to - DAYS * DAY_MS, to })

    const server = await startSwitchboard(dataDir)
    try {
      const startedMs = performance.now()
      await isRolledUp(databaseUrl, to)
      const rolledUpS = (performance.now() - startedMs) / 1_000
      print(`Overview, ${ATTEMPTS.toLocaleString('en')} attempts over ${DAYS} days, ${ASKED} requests each:`)
      for (const window of ['30d', '7d', '24h', '1h']) {
        const took = await ask(server.url, `/api/metrics/overview?window=${window}`, headers)
        print(`  ${window.padStart(4)}  p50 ${took.p50Ms.toFixed(1)} ms   p95 ${took.p95Ms.toFixed(1)} ms`)
      }
      for (const path of ['/api/metrics/health', '/api/metrics/attention']) {
        const took = await ask(server.url, path, headers)
        print(`  ${path}  p50 ${took.p50Ms.toFixed(1)} ms   p95 ${took.p95Ms.toFixed(1)} ms`)
      }
      print(`  rolled up from nothing in ${rolledUpS.toFixed(0)} s, while the server answered`)
    } finally {
      await server.stop()
    }
  })
}

/** One request after the other, as one open page asks. */
async function ask(url: string, path: string, headers: Record<string, string>): Promise<Measured> {
  const lines = Object.entries({ host: new URL(url).host, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`)
  const request = Buffer.from(`GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`)
  await measure({ url, requests: Array(WARM_UP).fill(request), connections: 1 })
  const measured = await measure({ url, requests: Array(ASKED).fill(request), connections: 1 })
  if (measured.statuses.get(200) !== ASKED) throw new Error(`${path} answered ${[...measured.statuses]}`)
  return measured
}

const WARM_UP = 20

/** Waits for the loop to reach the present. */
async function isRolledUp(databaseUrl: string, to: number): Promise<void> {
  const db = await openDatabase(databaseUrl)
  try {
    for (;;) {
      const mark = await db.selectFrom('rollupMarks').select('at').executeTakeFirst()
      if (mark && Number(mark.at) >= to - 5 * 60_000) return
      await setTimeout(250)
    }
  } finally {
    await db.destroy()
  }
}
