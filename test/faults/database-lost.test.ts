import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type OwnPostgres, startOwnPostgres } from '../support/postgres.ts'
import { type Answered, endServers, type Sending, startSending } from './database-program.ts'

/* PostgreSQL cuts its connections, or is gone for a while, in the middle of taking in and sending. */

const CHANNELS = ['#compliance', '#compliance-alerts', '#security-alerts']
/** How long after the trouble everything has to be as before. */
const RECOVERS_WITHIN_MS = 15_000
const settings = { timeout: 120_000 }

let postgres: OwnPostgres

beforeAll(async () => {
  // What was committed outlives a crash, as on any server that is not a test's.
  postgres = await startOwnPostgres({ synchronous_commit: 'on' })
})

afterAll(async () => {
  endServers()
  await postgres.stop()
})

test('connections cut under load cost nobody an event and double none', settings, async () => {
  await using sending = await startSending({ env: { SWITCHBOARD_DATABASE_URL: await freshDatabase('cut') } })
  await using load = startLoad(sending)

  for (let cut = 1; cut <= 3; cut += 1) {
    const before = load.accepted()
    await cutConnections('cut')
    await expect.poll(load.accepted, { timeout: RECOVERS_WITHIN_MS }).toBeGreaterThan(before + 20)
  }
  const { texts, refused } = await load.stop()

  expectClear(refused)
  await expectEachOnce(sending, texts)
  expect(await countRows('cut')).toEqual({
    events: texts.length,
    deliveries: texts.length * CHANNELS.length,
    waiting: 0,
  })
})

test(
  'a PostgreSQL that crashes and comes back finds everything going on, without a restart of ours',
  settings,
  async () => {
    await using sending = await startSending({ env: { SWITCHBOARD_DATABASE_URL: await freshDatabase('crash') } })
    await using load = startLoad(sending)
    await expect.poll(load.accepted, { timeout: RECOVERS_WITHIN_MS }).toBeGreaterThan(20)

    await postgres.crash()
    await expect.poll(() => sending.ready(), { timeout: 10_000 }).toBe(503)
    await expect.poll(load.refused, { timeout: RECOVERS_WITHIN_MS }).toBeGreaterThan(5)
    const alive = await fetch(`${sending.server().url}/healthz`)
    await postgres.startAgain()
    const cameBackAt = Date.now()
    const before = load.accepted()
    await expect.poll(() => sending.ready(), { timeout: RECOVERS_WITHIN_MS }).toBe(200)
    await expect.poll(load.accepted, { timeout: RECOVERS_WITHIN_MS }).toBeGreaterThan(before + 20)
    const tookMs = Date.now() - cameBackAt
    const { texts, refused } = await load.stop()

    expect(alive.status).toBe(200)
    expect(tookMs).toBeLessThan(RECOVERS_WITHIN_MS)
    expectClear(refused)
    await expectEachOnce(sending, texts)
    expect(await countRows('crash')).toEqual({
      events: texts.length,
      deliveries: texts.length * CHANNELS.length,
      waiting: 0,
    })
  },
)

/** Sends events on end, eight at a time; what is refused is sent again with its own key until it is taken. */
function startLoad(sending: Sending) {
  const refused: Answered[] = []
  const texts: string[] = []
  let accepted = 0
  let isOver = false
  let isDropped = false
  const send = async () => {
    while (!isOver) {
      const text = `message ${texts.length}`
      texts.push(text)
      while (!isDropped) {
        const answer = await sending.post(text, CHANNELS)
        if (answer.status === 202) break
        refused.push(answer)
        await pause(50)
      }
      accepted += 1
      await pause(20)
    }
  }
  const sent = Promise.all(Array.from({ length: 8 }, send))
  sent.catch(() => {}) // it is told by whoever stops them
  return {
    accepted: () => accepted,
    refused: () => refused.length,
    stop: async () => {
      isOver = true
      await sent
      return { texts, refused }
    },
    async [Symbol.asyncDispose]() {
      isOver = true
      isDropped = true
      await sent.catch(() => {})
    },
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

function expectClear(refused: Answered[]): void {
  for (const { status, retryAfter, body } of refused) {
    expect(body.error).toMatchObject({ code: 'unavailable', fix: expect.any(String) })
    expect(status).toBe(503)
    expect(retryAfter).toBeGreaterThanOrEqual(1)
  }
}

async function expectEachOnce(sending: Sending, texts: string[]): Promise<void> {
  const wanted = texts.flatMap((text) => CHANNELS.map(() => text)).sort()
  const standing = async () => (await sending.slack.allMessages()).map(({ text }) => text).sort()
  await expect.poll(async () => (await standing()).length, { timeout: 60_000 }).toBeGreaterThanOrEqual(wanted.length)
  expect(await standing()).toEqual(wanted)
}

async function countRows(database: string): Promise<Record<string, number>> {
  const count = async () => {
    const [row] = await ask(
      `select (select count(*)::int from events) as events, (select count(*)::int from deliveries) as deliveries,
        (select count(*)::int from deliveries where rank is not null) as waiting`,
      database,
    )
    return row as Record<string, number>
  }
  // Outcomes are written a moment after their messages stand in Slack.
  await expect.poll(async () => (await count()).waiting, { timeout: 10_000 }).toBe(0)
  return count()
}

async function freshDatabase(name: string): Promise<string> {
  await ask(`create database ${name}`)
  return addressOf(name)
}

async function cutConnections(name: string): Promise<void> {
  await ask(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}' and pid <> pg_backend_pid()`,
  )
}

const addressOf = (name: string) => new URL(`/${name}`, postgres.url).href

async function ask(text: string, database = 'postgres'): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: addressOf(database) })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}
