import { WebClient } from '@slack/web-api'
import { Logger, makeWorkerUtils, run } from 'graphile-worker'
import pg from 'pg'
import { messageOf } from './messages.ts'
import { onRuns } from './peer.ts'

/*
 * The peer of `deliveries-postgres`: the same work as a program would do it with graphile-worker. A delivery and a job
 * for each message, written in batches; the task sends it and writes the attempt and the new state in one statement.
 */
const [how = '', connectionString = '', apiUrl = '', token = '', ...channels] = process.argv.slice(2)
const IN_FLIGHT = 50
const BATCH = 100
const ADDING = 4

type Payload = { deliveryId: string; channel: string; number: number }

const client = new WebClient(token, { slackApiUrl: apiUrl, retryConfig: { retries: 0 } })
const pool = new pg.Pool({ connectionString, max: IN_FLIGHT + 10 })
// Without these graphile-worker complains.
pool.on('error', () => {})
pool.on('connect', (connection) => connection.on('error', () => {}))
await pool.query(`
  create table deliveries (id text primary key, channel text not null, message text not null, state text not null,
    created_at bigint not null, delivered_at bigint, message_ts text);
  create index on deliveries (state) where state <> 'delivered';
  create table attempts (id bigint generated always as identity primary key, delivery_id text not null,
    started_at bigint not null, took_ms bigint not null, outcome text not null, request text not null,
    response text not null);
  create index on attempts (delivery_id)`)

let left = 0
let onLast = () => {}

async function deliver({ deliveryId, channel, number }: Payload): Promise<void> {
  const message = messageOf(number)
  const startedAt = Date.now()
  const response = await client.chat.postMessage({ channel, ...message })
  const endedAt = Date.now()
  await pool.query({
    name: 'outcome',
    text: `with written as (
        insert into attempts (delivery_id, started_at, took_ms, outcome, request, response)
        values ($1, $2, $3, 'sent', $4, $5))
      update deliveries set state = 'delivered', delivered_at = $6, message_ts = $7 where id = $1`,
    values: [
      ...[deliveryId, startedAt, endedAt - startedAt, JSON.stringify({ channel, ...message })],
      ...[JSON.stringify(response), endedAt, response.ts],
    ],
  })
  left -= 1
  if (left === 0) onLast()
}

const logger = new Logger(() => () => {})
/** Fetched and completed in batches, as its documentation advises for many short jobs. */
const BATCHED: GraphileConfig.WorkerOptions = { localQueue: { size: 500 }, completeJobBatchDelay: 20 }
const worker: GraphileConfig.WorkerOptions = { concurrentJobs: IN_FLIGHT, logger, ...(how === 'batched' && BATCHED) }
const utils = await makeWorkerUtils({ pgPool: pool, logger })
await utils.migrate()
await run({
  pgPool: pool,
  preset: { worker },
  noHandleSignals: true,
  taskList: { deliver: (payload) => deliver(payload as Payload) },
})

let made = 0

async function addBatch(first: number, count: number): Promise<void> {
  const jobs = Array.from({ length: count }, (_, place) => {
    made += 1
    const number = first + place
    return { deliveryId: `dlv_${made}`, channel: channels[number % channels.length] ?? '', number }
  })
  await pool.query(
    `insert into deliveries (id, channel, message, state, created_at)
     select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[])`,
    [
      jobs.map(({ deliveryId }) => deliveryId),
      jobs.map(({ channel }) => channel),
      jobs.map(({ number }) => JSON.stringify(messageOf(number))),
      jobs.map(() => 'pending'),
      jobs.map(() => Date.now()),
    ],
  )
  await utils.addJobs(jobs.map((payload) => ({ identifier: 'deliver', payload, maxAttempts: 1 })))
}

onRuns(async (count) => {
  left = count
  const isDone = new Promise<void>((resolve) => {
    onLast = resolve
  })
  let next = 0
  const addOn = async () => {
    while (next < count) {
      const first = next
      next = Math.min(count, first + BATCH)
      await addBatch(first, next - first)
    }
  }
  await Promise.all(Array.from({ length: ADDING }, addOn))
  await isDone
})
