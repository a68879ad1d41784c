import { sql } from 'kysely'
import { openDatabase } from '../../server/db/open.ts'

/**
 * Fills a database with traffic spread evenly over a span: one delivery an attempt, mostly fast, 1 % failed, a command
 * for every twenty attempts and a probe a minute. Written in SQL, so that a million rows take seconds.
 */
export async function insertTraffic(
  databaseUrl: string,
  { attempts, from, to }: { attempts: number; from: number; to: number },
): Promise<void> {
  const db = await openDatabase(databaseUrl)
  const gap = (to - from) / attempts
  const minutes = Math.floor((to - from) / 60_000)
  const numbers = (count: number) =>
    sql`with recursive n(i) as (select 0 union all select i + 1 from n where i + 1 < ${sql.lit(count)})`
  // A fixed scramble of the number stands for chance: the same rows each time.
  const chance = sql`((i * 2654435761) % 1000003) / 1000003.0`
  const at = sql`cast(${sql.lit(from)} + i * ${sql.lit(gap)} as integer)`
  try {
    await sql`pragma synchronous = off`.execute(db)
    await sql`${numbers(attempts)}
      insert into deliveries (id, integration_id, destination_id, origin, title, message, priority, state, tries, due_at,
        created_at, created_by, ended_at, delivered_at, state_at, code)
      select printf('dlv_%016d', i), 'int_' || (i % 3), 'dst_' || (i % 50), 'message', 'Nightly report is ready',
        ${sql.lit(JSON.stringify({ text: 'x'.repeat(200) }))}, 'normal',
        case when ${chance} < 0.01 then 'failed' else 'delivered' end, 1, ${at}, ${at}, 'bench', ${at},
        case when ${chance} < 0.01 then null else ${at} end, ${at},
        case when ${chance} < 0.01 then 'channel_not_found' end
      from n`.execute(db)
    await sql`${numbers(attempts)}
      insert into attempts (id, delivery_id, integration_id, number, method, started_at, ended_at, took_ms, outcome,
        http_status, request, response)
      select printf('att_%016d', i), printf('dlv_%016d', i), 'int_' || (i % 3), 1,
        case i % 10 when 0 then 'webhook' when 1 then 'conversations.open' else 'chat.postMessage' end, ${at}, ${at},
        40 * exp(3.2 * ${chance} * ${chance} * ${chance} + 0.4 * ${chance}),
        case when ${chance} < 0.01 then 'permanent' else 'sent' end, 200,
        ${sql.lit(JSON.stringify({ channel: 'C0BENCH', text: 'x'.repeat(200) }))},
        ${sql.lit(JSON.stringify({ ok: true, ts: '1700000000.000100', message: 'x'.repeat(200) }))}
      from n`.execute(db)
    await sql`${numbers(attempts / 20)}
      insert into invocations (id, integration_id, command, text, user_id, user_name, channel_id, channel_name, team_id,
        signature, received_at, ack_ms, outcome)
      select printf('inv_%016d', i), 'int_' || (i % 3), case i % 4 when 0 then '/risk' else '/switchboard' end, 'help',
        'U' || ((i * 7919) % 400), 'someone', 'C1', 'general', 'T1', 'v0=' || i,
        cast(${sql.lit(from)} + i * ${sql.lit(gap * 20)} as integer), 1 + 20 * ${chance},
        case when ${chance} < 0.01 then 'failed' else 'answered' end
      from n`.execute(db)
    await sql`${numbers(minutes)}
      insert into probes (id, integration_id, at, took_ms, ok)
      select printf('prb_%016d', i), 'int_0', ${sql.lit(from)} + i * 60000, 80, case when i % 2000 = 0 then 0 else 1 end
      from n`.execute(db)
    // The rows are older than the mark that the server set when it first started: it begins again.
    await db.deleteFrom('rollupMarks').execute()
  } finally {
    await db.destroy()
  }
}
