import { sql } from 'kysely'
import { openDatabase } from '../../server/db/open.ts'
import type { Db } from '../../server/db/schema.ts'
import { countByState, listDeliveryRows } from '../../server/deliveries/list-store.ts'
import { ListDeliveries } from '../../shared/deliveries.ts'
import { startSwitchboard, withFolder } from './servers.ts'

const DELIVERIES = Number(process.env.BENCH_DELIVERIES ?? 3_000_000)
const DAYS = 90
const DAY_MS = 86_400_000
const ASKED = 30

/** The log over millions of deliveries on SQLite: a page, the third page and the counts of each filter. */
export async function benchLog(print: (line: string) => void): Promise<void> {
  await withFolder(async (dataDir) => {
    const first = await startSwitchboard(dataDir)
    await first.stop()
    const to = Date.now()
    const db = await openDatabase(`sqlite:${dataDir}/switchboard.db`)
    try {
      await insertLog(db, { deliveries: DELIVERIES, from: to - DAYS * DAY_MS, to })
      print(
        `Log, ${DELIVERIES.toLocaleString('en')} deliveries over ${DAYS} days, ${ASKED} requests each, milliseconds:`,
      )
      for (const [name, query] of Object.entries(filtersAt(to))) await benchFilter(db, name, query, print)
    } finally {
      await db.destroy()
    }
  })
}

async function benchFilter(db: Db, name: string, query: Record<string, string>, print: (line: string) => void) {
  const asked = ListDeliveries.parse(query)
  let page = await listDeliveryRows(db, asked)
  const firstFound = page.rows.length
  const took = await measured(() => listDeliveryRows(db, asked))
  if (page.next) page = await listDeliveryRows(db, { ...asked, cursor: page.next })
  const third = page.next === undefined ? undefined : { ...asked, cursor: page.next }
  const tookThird = third && (await measured(() => listDeliveryRows(db, third)))
  const tookCount = await measured(() => countByState(db, asked))
  print(
    `  ${name.padEnd(34)} p50 ${ms(took.p50)}  p95 ${ms(took.p95)}  third page p95 ${ms(tookThird?.p95)}  ` +
      `counts p95 ${ms(tookCount.p95)}  ${firstFound} rows`,
  )
}

const ms = (value: number | undefined) => (value === undefined ? '-' : value.toFixed(1)).padStart(7)

async function measured(ask: () => Promise<unknown>): Promise<{ p50: number; p95: number }> {
  const tookMs: number[] = []
  for (let asked = 0; asked < ASKED; asked += 1) {
    const startedMs = performance.now()
    await ask()
    tookMs.push(performance.now() - startedMs)
  }
  tookMs.sort((a, b) => a - b)
  const at = (part: number) => tookMs[Math.min(ASKED - 1, Math.floor(part * ASKED))] ?? 0
  return { p50: at(0.5), p95: at(0.95) }
}

function filtersAt(to: number): Record<string, Record<string, string>> {
  const instant = (ago: number) => new Date(to - ago).toISOString()
  const old = { from: instant(60 * DAY_MS), to: instant(59 * DAY_MS) }
  const minute = { from: instant(30 * DAY_MS), to: instant(30 * DAY_MS - 60_000) }
  return {
    everything: {},
    'state=failed': { state: 'failed' },
    'state=failed,unconfirmed,held': { state: 'failed,unconfirmed,held' },
    'state=pending (none)': { state: 'pending' },
    'state=sending (none)': { state: 'sending' },
    'state=delivered': { state: 'delivered' },
    'one destination': { destinationId: 'dst_7' },
    'one destination, failed': { destinationId: 'dst_7', state: 'failed' },
    'one integration': { integrationId: 'int_1' },
    'one integration, failed': { integrationId: 'int_1', state: 'failed' },
    'one type': { type: 'type.3' },
    'one type, of nobody here': { type: 'type.3', search: 'nobody says this' },
    'one person': { recipient: 'user-77@acme.example' },
    'one event': { eventId: 'evt_000000000000001234' },
    'one code': { code: 'channel_not_found' },
    'a code that none has': { code: 'no_text' },
    'a mark that none has': { mark: 'maybe_sent' },
    'text in most titles': { search: 'nightly' },
    'text in no title': { search: 'nobody says this' },
    'a day two months ago': old,
    'that day, failed': { ...old, state: 'failed' },
    'that day, one destination': { ...old, destinationId: 'dst_7' },
    'that day, by end': { ...old, by: 'ended' },
    'that day, by end, failed': { ...old, by: 'ended', state: 'failed' },
    'a minute, by attempt': { ...minute, by: 'attempted' },
    'a day, by attempt': { ...old, by: 'attempted' },
    'a method': { method: 'webhook' },
    'a method that none had': { method: 'files.upload' },
  }
}

type LogRows = {
  deliveries: number
  from: number
  to: number
  /** Whose they are: destinations are dst_0 and so on. */
  of?: { integrationId: string; destinations: number }
}

/** Deliveries spread evenly over a span with ids as they would have been made; 2 % did not arrive. */
export async function insertLog(db: Db, { deliveries, from, to, of }: LogRows): Promise<void> {
  const integration = of ? sql`${sql.lit(of.integrationId)}` : sql`'int_' || (i % 3)`
  const destinations = sql.lit(of?.destinations ?? 50)
  const gap = (to - from) / deliveries
  const numbers = sql`with recursive n(i) as (select 0 union all select i + 1 from n where i + 1 < ${sql.lit(deliveries)})`
  const at = sql`cast(${sql.lit(from)} + i * ${sql.lit(gap)} as integer)`
  // A fixed scramble of the number stands for chance: the same rows each time.
  const chance = sql`((i * 2654435761) % 1000003) / 1000003.0`
  const state = sql`case when ${chance} < 0.01 then 'failed' when ${chance} < 0.015 then 'cancelled'
    when ${chance} < 0.02 then 'suppressed' else 'delivered' end`
  await sql`pragma synchronous = off`.execute(db)
  await sql`${numbers}
    insert into deliveries (id, event_id, integration_id, destination_id, origin, title, message, priority, state, tries,
      due_at, created_at, created_by, ended_at, delivered_at, state_at, code, integration_name, destination_kind,
      destination_name, queue_at, type, recipient, action)
    select 'dlv_' || ${timeChars(at)} || printf('%012d', i), printf('evt_%018d', i / 2), ${integration},
      'dst_' || (i % ${destinations}), 'event', 'Nightly report ' || i || ' is ready', ${sql.lit(JSON.stringify({ text: 'x'.repeat(400) }))},
      'normal', ${state}, 1, ${at}, ${at}, 'bench', ${at} + 300, ${at} + 300, ${at} + 300,
      case when ${chance} < 0.01 then 'channel_not_found' end, 'Acme production', 'channel', '#channel-' || (i % ${destinations}),
      ${at}, 'type.' || (i % 20), 'user-' || (i % 5000) || '@acme.example', 'post'
    from n`.execute(db)
  await sql`${numbers}
    insert into attempts (id, delivery_id, integration_id, number, method, started_at, ended_at, took_ms, outcome,
      http_status, request, response)
    select printf('att_%016d', i), 'dlv_' || ${timeChars(at)} || printf('%012d', i), ${integration}, 1,
      case i % 10 when 0 then 'webhook' else 'chat.postMessage' end, ${at} + 100, ${at} + 300, 200, 'sent', 200,
      ${sql.lit(JSON.stringify({ channel: 'C0BENCH', text: 'x'.repeat(400) }))}, '{"ok":true}'
    from n`.execute(db)
  // Else whoever opens it reads gigabytes out of the log before it is folded in.
  await sql`pragma wal_checkpoint(truncate)`.execute(db)
}

/** The beginning of an id in SQL, as server/lib/ids.ts makes it. */
function timeChars(at: ReturnType<typeof sql>) {
  const digits = Array.from({ length: 10 }, (_, place) => sql.lit(5 * (9 - place)))
  const chars = digits.map(
    (shift) => sql`substr('0123456789abcdefghjkmnpqrstvwxyz', ((${at} >> ${shift}) & 31) + 1, 1)`,
  )
  return sql.join(chars, sql` || `)
}
