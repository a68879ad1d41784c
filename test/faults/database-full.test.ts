import { statSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { type Answered, canMount, endServers, run, type Sending, startSending } from './database-program.ts'

/* The disk of the embedded database has no room left while messages are taken in and sent. */

afterAll(endServers)

const CHANNELS = ['#compliance', '#compliance-alerts', '#security-alerts']
const FULL_FOR_MS = 4_000
const settings = { timeout: 60_000 }

type Disk = {
  name: string
  diskMb?: number
  fill: (sending: Sending) => Promise<void>
  free: (sending: Sending) => Promise<void>
}

/** Writes beyond where the files end are refused, for whoever runs the tests. */
const limited: Disk = {
  name: 'a limit on the size of its files',
  fill: ({ server, dataDir }) => {
    const sizes = ['switchboard.db', 'switchboard.db-wal'].map((file) => statSync(join(dataDir, file)).size)
    return limitFiles(server().pid, String(Math.max(...sizes)))
  },
  free: ({ server }) => limitFiles(server().pid, 'unlimited'),
}

/** A disk of its own, made as small as what stands on it. */
const mounted: Disk = {
  name: 'a disk of its own',
  diskMb: 1_024,
  fill: async ({ server, dataDir }) => {
    const { blocks, bfree, bsize } = await statfs(`/proc/${server().pid}/root${dataDir}`)
    const kilobytes = Math.ceil(((blocks - bfree) * bsize) / 1_024) + 32
    await server().inside('mount', '-o', `remount,size=${kilobytes}k`, dataDir)
  },
  free: async ({ server, dataDir }) => {
    await server().inside('mount', '-o', 'remount,size=1024m', dataDir)
  },
}

const limitFiles = async (pid: number, bytes: string): Promise<void> => {
  await run('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`])
}

test.each((await canMount()) ? [mounted, limited] : [limited])(
  'a full disk refuses events clearly, loses and doubles none, and all goes on once there is room: $name',
  settings,
  async ({ diskMb, fill, free }) => {
    await using sending = await startSending({ ...(diskMb && { diskMb }) })
    const answers = new Map<string, Answered>()
    const post = async (text: string) => {
      answers.set(text, await sending.post(text, CHANNELS))
    }
    await post('message 0')
    // Slack takes its time, so that messages are under way when the disk is full.
    await sending.slack.fault({ method: 'chat.postMessage', kind: 'slow', delayMs: 300, times: null })
    for (let number = 1; number <= 10; number += 1) await post(`message ${number}`)

    await fill(sending)
    const refused: Answered[] = []
    for (const until = Date.now() + FULL_FOR_MS; Date.now() < until || refused.length <= 10; await setTimeout(50)) {
      const text = `message ${answers.size}`
      await post(text)
      const answer = answers.get(text)
      if (answer && answer.status !== 202) refused.push(answer)
    }
    const alive = await fetch(`${sending.server().url}/healthz`)
    await free(sending)
    await sending.slack.clearFaults()

    expect(alive.status).toBe(200)
    for (const { status, retryAfter, body } of refused) {
      expect(status).toBe(503)
      expect(retryAfter).toBeGreaterThanOrEqual(1)
      expect(body.error).toMatchObject({ code: 'unavailable', fix: expect.any(String) })
    }
    await untilAllAccepted(sending, answers)
    await expectEachOnce(sending, [...answers.keys()])
    expect(await rowsOf(sending)).toEqual({
      events: answers.size,
      deliveries: answers.size * CHANNELS.length,
      waiting: 0,
    })
  },
)

/** What was refused is sent again with its own key, until it is taken. */
async function untilAllAccepted(sending: Sending, answers: Map<string, Answered>): Promise<void> {
  for (const [text, { status }] of answers) {
    if (status === 202) continue
    await expect.poll(async () => (await sending.post(text, CHANNELS)).status, { timeout: 15_000 }).toBe(202)
  }
}

async function expectEachOnce(sending: Sending, texts: string[]): Promise<void> {
  const wanted = texts.flatMap((text) => CHANNELS.map(() => text)).sort()
  const standing = async () => (await sending.slack.allMessages()).map(({ text }) => text).sort()
  await expect.poll(async () => (await standing()).length, { timeout: 30_000 }).toBeGreaterThanOrEqual(wanted.length)
  expect(await standing()).toEqual(wanted)
}

/** Counted in the file itself, on whatever disk it is. */
async function rowsOf({ server, dataDir }: Sending): Promise<Record<string, number>> {
  const count = `
    const file = require(${JSON.stringify(import.meta.resolve('better-sqlite3').replace('file://', ''))})
    const count = (text) => file(${JSON.stringify(join(dataDir, 'switchboard.db'))}).prepare(text).pluck().get()
    console.log(JSON.stringify({
      events: count('select count(*) from events'),
      deliveries: count('select count(*) from deliveries'),
      waiting: count('select count(*) from deliveries where rank is not null'),
    }))`
  for (let look = 0; ; look += 1) {
    const { stdout } = await server().inside(process.execPath, '-e', count)
    const rows = JSON.parse(stdout)
    // The last answers of Slack are written a moment after the message stands there.
    if (rows.waiting === 0 || look >= 50) return rows
    await setTimeout(100)
  }
}
