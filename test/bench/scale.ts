import { setTimeout } from 'node:timers/promises'
import { sql } from 'kysely'
import type { Db } from '../../server/db/schema.ts'
import { deliverAll, type Gateway, type Sent, startGateway } from './gateway.ts'
import { median } from './load.ts'
import { insertLog } from './log.ts'
import type { BenchOptions } from './options.ts'
import {
  type BenchServer,
  cpuMs,
  residentMb,
  type Simulator,
  startSimulator,
  startSwitchboard,
  withFolder,
} from './servers.ts'

const MESSAGES = 5_000
const ROUNDS = 3
const ROWS = 5_000_000
const WAITING = 1_000_000
const DAY_MS = 86_400_000
const DAYS = 90
const MANY = 10_000
const SOME = 200
const FEW = 10
const WATCHED_S = 20

/** What grows when the log, the destinations or the line grow: CPU and time of a delivery, memory of the process. */
export async function benchScale(print: (line: string) => void, options: BenchOptions): Promise<void> {
  const { messages = MESSAGES, rounds = ROUNDS, rows = ROWS, waiting = WAITING } = options
  const simulator = await startSimulator('fast')
  try {
    const sizes = { messages, rounds }
    print(`Scale on SQLite, ${rounds} runs of ${messages.toLocaleString('en')} messages in turn, medians:`)
    await compare(simulator, sizes, print, [
      { name: 'an empty log', destinations: SOME },
      { name: `${rows.toLocaleString('en')} rows in the log`, destinations: SOME, rows },
    ])
    await compare(simulator, sizes, print, [
      { name: `${FEW} destinations`, destinations: FEW },
      { name: `${MANY.toLocaleString('en')} destinations`, destinations: MANY },
    ])
    for (const count of [1_000, waiting]) await watchMemory(simulator, count, print)
  } finally {
    await simulator.stop()
  }
}

type Variant = { name: string; destinations: number; rows?: number }

async function compare(
  simulator: Simulator,
  { messages, rounds }: { messages: number; rounds: number },
  print: (line: string) => void,
  variants: [Variant, Variant],
): Promise<void> {
  await withFolder((first) =>
    withFolder(async (second) => {
      const sides: { variant: Variant; gateway: Gateway; runs: Sent[] }[] = []
      try {
        for (const [place, variant] of variants.entries()) {
          const gateway = await prepared(place === 0 ? first : second, simulator, variant)
          sides.push({ variant, gateway, runs: [] })
        }
        for (let round = 0; round <= rounds; round += 1) {
          for (const { gateway, runs } of sides) {
            await simulator.reset()
            const sent = await deliverAll(gateway, messages)
            if (round > 0) runs.push(sent)
          }
        }
        const told = sides.map(({ variant, runs }) => {
          const cpuUs = median(runs.map((run) => run.cpuMsEach)) * 1_000
          const usEach = 1_000_000 / median(runs.map((run) => run.perSecond))
          print(`  ${variant.name.padEnd(26)} ${cpuUs.toFixed(0)} µs of CPU, ${usEach.toFixed(0)} µs a delivery`)
          return { cpuUs, usEach }
        })
        const [small, large] = told
        if (!small || !large) throw new Error('Two are compared.')
        const [cpu, time] = [large.cpuUs / small.cpuUs, large.usEach / small.usEach]
        print(`  ${''.padEnd(26)} ${cpu.toFixed(2)}x the CPU, ${time.toFixed(2)}x the time`)
      } finally {
        for (const { gateway } of sides) await gateway.stop()
      }
    }),
  )
}

/** A server that has done whatever its start and its rows gave it to do. */
async function prepared(dataDir: string, simulator: Simulator, { destinations, rows }: Variant): Promise<Gateway> {
  const made = await connected(dataDir, simulator, destinations)
  const { db, integrationId } = made
  await made.server.stop()
  if (rows) {
    const to = Date.now()
    await insertLog(db, { deliveries: rows, from: to - DAYS * DAY_MS, to, of: { integrationId, destinations } })
  }
  const server = await startSwitchboard(dataDir, { SLACK_API_URL: simulator.apiUrl, SWITCHBOARD_PACE: 'off' })
  await isIdle(server)
  const stop = async () => {
    await server.stop()
    await db.destroy()
  }
  return { ...made, server, stop }
}

/** Connected to so many channels, with nothing that works on them. */
async function connected(dataDir: string, simulator: Simulator, destinations: number): Promise<Gateway> {
  const channels = await simulator.channels(destinations)
  const env = { SWITCHBOARD_ROLES: 'api' }
  const gateway = await startGateway({ dataDir, simulator, channels: channels.slice(0, 1), env })
  const ids = await insertDestinations(gateway, channels)
  return { ...gateway, destinationIds: ids }
}

/** Copies of the one that was made through the API, which would take a while for thousands. */
async function insertDestinations({ db, destinationIds }: Gateway, channels: string[]): Promise<string[]> {
  const [model = ''] = destinationIds
  const row = await db.selectFrom('destinations').selectAll().where('id', '=', model).executeTakeFirstOrThrow()
  const copies = channels.map((channel, number) => ({
    ...row,
    id: `dst_${number}`,
    name: `#copy-${number}`,
    target: channel,
    conversationId: channel,
  }))
  await db.deleteFrom('destinations').where('id', '=', model).execute()
  for (let at = 0; at < copies.length; at += 500) {
    await db
      .insertInto('destinations')
      .values(copies.slice(at, at + 500))
      .execute()
  }
  return copies.map(({ id }) => id)
}

/** Until the server has used next to none of the processors for a while. */
async function isIdle({ process }: BenchServer): Promise<void> {
  for (let calm = 0; calm < 3; ) {
    const before = cpuMs(process.pid)
    await setTimeout(1_000)
    calm = cpuMs(process.pid) - before < 50 ? calm + 1 : 0
  }
}

/** Under Slack's limits, so that nearly all of them still wait at the end. */
async function watchMemory(simulator: Simulator, waiting: number, print: (line: string) => void): Promise<void> {
  await withFolder(async (dataDir) => {
    const first = await connected(dataDir, simulator, SOME)
    await insertWaiting(first.db, first.integrationId, waiting)
    await first.stop()
    await simulator.reset()
    const server = await startSwitchboard(dataDir, { SLACK_API_URL: simulator.apiUrl })
    try {
      const cpuBefore = cpuMs(server.process.pid)
      const seenMb: number[] = []
      for (let second = 0; second < WATCHED_S; second += 1) {
        await setTimeout(1_000)
        seenMb.push(residentMb(server.process.pid))
      }
      const cpu = (cpuMs(server.process.pid) - cpuBefore) / WATCHED_S / 10
      const last = seenMb.at(-1)?.toFixed(0)
      print(
        `  ${`${waiting.toLocaleString('en')} waiting`.padEnd(26)} ${last} MB resident, at most ` +
          `${Math.max(...seenMb).toFixed(0)} MB, ${cpu.toFixed(1)} % of a processor over ${WATCHED_S} s`,
      )
    } finally {
      await server.stop()
    }
  })
}

async function insertWaiting(db: Db, integrationId: string, waiting: number): Promise<void> {
  const at = Date.now()
  await sql`pragma synchronous = off`.execute(db)
  await sql`with recursive n(i) as (select 0 union all select i + 1 from n where i + 1 < ${sql.lit(waiting)})
    insert into deliveries (id, integration_id, destination_id, origin, title, message, priority, state, tries, due_at,
      created_at, created_by, state_at, integration_name, destination_kind, destination_name, queue_at, rank, action)
    select printf('dlv_%016d', i), ${integrationId}, 'dst_' || (i % ${sql.lit(SOME)}), 'event', 'Nightly report is ready',
      ${JSON.stringify({ text: 'x'.repeat(400) })}, 'normal', 'pending', 0, ${at}, ${at}, 'bench', ${at}, 'Bench',
      'channel', '#copy-' || (i % ${sql.lit(SOME)}), ${at} + i, 1, 'post'
    from n`.execute(db)
  await sql`insert into lanes (destination_id, integration_id, rank, next_at, tail_at)
    select destination_id, min(integration_id), 1, ${at}, max(queue_at) from deliveries where rank is not null
    group by destination_id`.execute(db)
}
