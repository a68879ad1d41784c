import { chmodSync } from 'node:fs'
import { dirname, join } from 'node:path'
import SqliteFile from 'better-sqlite3'
import { sql } from 'kysely'
import { afterAll, expect, test } from 'vitest'
import { createApp } from '../../server/app.ts'
import { openDatabase } from '../../server/db/open.ts'
import { startWorld } from '../support/world.ts'
import { type Answered, endServers, run, type Sending, startSending } from './database-program.ts'

/* The embedded database is there and takes no changes: somebody holds it, or it may only be read. */

afterAll(endServers)

const CHANNELS = ['#compliance', '#security-alerts']
const settings = { timeout: 60_000 }

test(
  'while another program holds the database, events are refused with the time to come back; then all goes on',
  settings,
  async () => {
    await using sending = await startSending()
    expect((await sending.post('before', CHANNELS)).status).toBe(202)
    await sending.slack.fault({ method: 'chat.postMessage', kind: 'slow', delayMs: 300, times: null })
    expect((await sending.post('under way', CHANNELS)).status).toBe(202)
    const other = new SqliteFile(join(sending.dataDir, 'switchboard.db'))
    other.exec('begin exclusive')

    const refused = await sending.post('meanwhile', CHANNELS)
    other.exec('rollback')
    other.close()
    await sending.slack.clearFaults()

    expectRefused(refused, 'busy')
    await expect.poll(() => sending.ready(), { timeout: 15_000 }).toBe(200)
    await expect.poll(async () => (await sending.post('meanwhile', CHANNELS)).status, { timeout: 15_000 }).toBe(202)
    await expectEachOnce(sending, ['before', 'under way', 'meanwhile'])
  },
)

test('a disk that takes nothing more is told to whoever sends; once it does, all goes on', settings, async () => {
  await using sending = await startSending()
  expect((await sending.post('before', CHANNELS)).status).toBe(202)
  await run('prlimit', ['--pid', String(sending.server().pid), '--fsize=0:'])

  const refused = await sending.post('meanwhile', CHANNELS)
  const read = await sending.ask('GET', '/api/deliveries')
  await run('prlimit', ['--pid', String(sending.server().pid), '--fsize=unlimited:'])

  expectRefused(refused, 'disk')
  expect(read.status).toBe(200)
  await expect.poll(async () => (await sending.post('meanwhile', CHANNELS)).status, { timeout: 15_000 }).toBe(202)
  await expectEachOnce(sending, ['before', 'meanwhile'])
})

test('a database that may only be read refuses events as such, and is read', async () => {
  await using world = await startWorld()
  const { id: integrationId } = await world.havingIntegration()
  const { headers } = await world.withKey(['events:write', 'deliveries:read'])
  const [{ file = '' } = {}] = (await sql<{ file: string }>`pragma database_list`.execute(world.db)).rows
  await using readOnly = await openReadOnly(file)
  const options = {
    ...{ setupToken: undefined, locked: undefined, servesApi: true },
    ...{ metricsOpen: false, proxyHops: 0, clientDir: '' },
  }
  const { app, close } = createApp({ ...world.ctx, db: readOnly.db }, options)
  const event = { type: 'test.fault', text: 'not kept', destinations: [{ integrationId, channel: '#compliance' }] }

  const refused = await app.request(`${world.url}/api/events`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(event),
  })
  const read = await app.request(`${world.url}/api/deliveries`, { headers })
  await close()

  expect(refused.status).toBe(503)
  expect(refused.headers.get('retry-after')).toBe('30')
  expect(await refused.json()).toMatchObject({
    error: { code: 'unavailable', message: 'The database takes no changes at the moment.', fix: expect.any(String) },
  })
  expect(read.status).toBe(200)
})

function expectRefused({ status, retryAfter, body }: Answered, why: string): void {
  expect(status).toBe(503)
  expect(retryAfter).toBeGreaterThanOrEqual(1)
  expect(body.error).toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining(why),
    fix: expect.any(String),
  })
}

async function expectEachOnce(sending: Sending, texts: string[]): Promise<void> {
  const wanted = texts.flatMap((text) => CHANNELS.map(() => text)).sort()
  const standing = async () => (await sending.slack.allMessages()).map(({ text }) => text).sort()
  await expect.poll(async () => (await standing()).length, { timeout: 20_000 }).toBeGreaterThanOrEqual(wanted.length)
  expect(await standing()).toEqual(wanted)
}

/** Opened by somebody who may read the file and not write it. Rights don't bind root, who is nobody meanwhile. */
async function openReadOnly(file: string) {
  chmodSync(dirname(file), 0o755)
  for (const each of [file, `${file}-wal`, `${file}-shm`]) chmodSync(each, 0o444)
  const isRoot = process.getuid?.() === 0
  if (isRoot) process.seteuid?.(NOBODY)
  try {
    const db = await openDatabase(`sqlite:${file}`)
    return { db, [Symbol.asyncDispose]: () => db.destroy() }
  } finally {
    if (isRoot) process.seteuid?.(0)
  }
}

const NOBODY = 65_534
