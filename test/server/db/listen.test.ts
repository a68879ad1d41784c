import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { notifyLoop } from '../../../server/db/engine.ts'
import { listenForLoops } from '../../../server/db/listen.ts'
import { type Db, openDatabase } from '../../../server/db/open.ts'
import { lineUp } from '../../../server/deliveries/lanes/places-store.ts'
import { makeLog } from '../../../server/lib/log.ts'
import { openStore } from '../../support/each-store.ts'
import { deliveryRow, NOW } from '../../support/factories.ts'

/** What a listener has heard, and a way to wait for the next of it. */
function hearing(url: string) {
  const heard: (string | undefined)[] = []
  let waiting: { loop: string | undefined; resolve: () => void }[] = []
  const lines: string[] = []
  const listening = listenForLoops(
    url,
    (loop) => {
      heard.push(loop)
      for (const each of waiting) if (each.loop === loop) each.resolve()
      waiting = waiting.filter((each) => each.loop !== loop)
    },
    makeLog('debug', { write: (line: string) => lines.push(line) }),
  )
  return {
    heard,
    lines,
    next: (loop: string | undefined) => new Promise<void>((resolve) => waiting.push({ loop, resolve })),
    [Symbol.asyncDispose]: () => listening.stop(),
  }
}

const listeners = async (db: Db): Promise<number[]> => {
  const { rows } = await sql<{ pid: number }>`
    select pid from pg_stat_activity where datname = current_database() and query like 'listen %'`.execute(db)
  return rows.map(({ pid }) => pid)
}

describe('processes that share a PostgreSQL', () => {
  test('are told of a delivery that makes its lane due sooner, and not of one behind others that are due', async () => {
    await using store = await openStore('postgres')
    await using one = hearing(store.url)
    await one.next(undefined)
    const toldAfter = async (dueAt: number) => {
      const sentinel = one.next('sentinel')
      const row = deliveryRow({ dueAt, createdAt: dueAt, queueAt: dueAt })
      await store.db.transaction().execute((trx) => lineUp(trx, [row]))
      await notifyLoop(store.db, 'sentinel')
      await sentinel
      return one.heard.filter((loop) => loop === 'deliveries').length
    }

    const told = [await toldAfter(NOW), await toldAfter(NOW + 1), await toldAfter(NOW - 1)]
    await store.db.updateTable('lanes').set({ claimedBy: 'worker-1' }).execute()

    expect([...told, await toldAfter(NOW - 2)]).toEqual([1, 1, 2, 2])
  })

  test('hear of each other’s work when the transaction commits, and not when it is rolled back', async () => {
    await using store = await openStore('postgres')
    await using one = hearing(store.url)
    await using other = hearing(store.url)
    await Promise.all([one.next(undefined), other.next(undefined)])
    const told = Promise.all([one.next('deliveries'), other.next('deliveries')])

    await store.db
      .transaction()
      .execute(async (trx) => {
        await notifyLoop(trx, 'replays')
        throw new Error('undone')
      })
      .catch(() => {})
    await store.db.transaction().execute((trx) => notifyLoop(trx, 'deliveries'))
    await told

    expect([one.heard, other.heard]).toEqual([
      [undefined, 'deliveries'],
      [undefined, 'deliveries'],
    ])
  })

  test('listen again after their connection was cut, and look at everything then', async () => {
    await using store = await openStore('postgres')
    await using one = hearing(store.url)
    await using other = hearing(store.url)
    await Promise.all([one.next(undefined), other.next(undefined)])
    const back = Promise.all([one.next(undefined), other.next(undefined)])

    for (const pid of await listeners(store.db)) await sql`select pg_terminate_backend(${pid})`.execute(store.db)
    await back
    const told = Promise.all([one.next('channels'), other.next('channels')])
    await store.db.transaction().execute((trx) => notifyLoop(trx, 'channels'))
    await told

    expect(one.heard).toEqual([undefined, undefined, 'channels'])
    expect(one.lines.map((line) => JSON.parse(line).msg)).toEqual(['listener.lost', 'listener.reconnected'])
  })

  test('stop listening without a trace', async () => {
    await using store = await openStore('postgres')
    const one = hearing(store.url)
    await one.next(undefined)

    await one[Symbol.asyncDispose]()
    const unreachable = hearing('postgres://nobody@127.0.0.1:1/nothing')
    await unreachable[Symbol.asyncDispose]()

    expect(one.lines).toEqual([])
    expect(unreachable.heard).toEqual([])
  })
})

describe('a PostgreSQL that does not answer', () => {
  test('fails what is asked of a cut connection, and the next one gets another connection', async () => {
    await using store = await openStore('postgres')
    const cut = store.db.transaction().execute(async (trx) => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(trx)
      await sql`select pg_terminate_backend(${rows[0]?.pid})`.execute(store.db)
      await sql`select 1`.execute(trx)
    })

    await expect(cut).rejects.toThrow()
    expect((await sql`select 1 as one`.execute(store.db)).rows).toEqual([{ one: 1 }])
  })

  test('gets cut off: the next one does not wait behind what was never answered', async () => {
    await using store = await openStore('postgres')
    const hasty = await openDatabase(`${store.url}?query_timeout=1000&statement_timeout=0`)

    await expect(sql`select pg_sleep(600)`.execute(hasty)).rejects.toThrow('timeout')
    const next = await sql`select 1 as one`.execute(hasty)
    await hasty.destroy()
    await sql`select pg_terminate_backend(pid) from pg_stat_activity where query like 'select pg_sleep%'`.execute(
      store.db,
    )

    expect(next.rows).toEqual([{ one: 1 }])
  })

  test('is told how long a statement may take and who asks, except by migrations', async () => {
    await using store = await openStore('postgres')
    const patient = await openDatabase(store.url, { isPatient: true })
    const settingsOf = async (db: Db) => {
      const { rows } = await sql<{ limit: string; name: string }>`
        select current_setting('statement_timeout') as limit, current_setting('application_name') as name`.execute(db)
      return rows[0]
    }

    const told = [await settingsOf(store.db), await settingsOf(patient)]
    await patient.destroy()

    expect(told).toEqual([
      { limit: '30s', name: 'switchboard' },
      { limit: '0', name: 'switchboard' },
    ])
  })
})
