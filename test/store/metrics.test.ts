import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AppContext } from '../../server/context.ts'
import type { AttemptsTable, DeliveriesTable, InvocationsTable, ProbesTable } from '../../server/db/schema.ts'
import { readOverview } from '../../server/metrics/overview.ts'
import { rollUp } from '../../server/metrics/roll-up.ts'
import { MetricsQuery, type Overview } from '../../shared/metrics.ts'
import { ENGINES } from '../support/each-store.ts'
import { startWorld, type World } from '../support/world.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const START = Date.UTC(2026, 0, 5, 9, 41, 17)

/*
 * Rows are made up, the clock is pushed, the roll-up runs or does not, and any window is asked for. What the Overview
 * says has to be what a plain count over all rows says.
 */

type Rows = {
  deliveries: Pick<DeliveriesTable, 'integrationId' | 'state' | 'endedAt' | 'tries'>[]
  attempts: Pick<AttemptsTable, 'integrationId' | 'method' | 'outcome' | 'endedAt' | 'tookMs'>[]
  invocations: Pick<InvocationsTable, 'integrationId' | 'command' | 'userId' | 'receivedAt' | 'ackMs' | 'outcome'>[]
  probes: Pick<ProbesTable, 'integrationId' | 'at' | 'ok'>[]
}

const integrationId = fc.constantFrom('int_a', 'int_b')
const tookMs = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom(0, 200) },
  { weight: 5, arbitrary: fc.double({ min: 1, max: 900, noNaN: true }) },
)
/** How long before now: mostly just now, at most what the roll-up waits for. */
const ago = fc.integer({ min: 0, max: 90_000 })

const someRows = fc.record({
  deliveries: fc.array(
    fc.record({
      integrationId,
      ago,
      state: fc.constantFrom('delivered', 'delivered', 'delivered', 'failed', 'suppressed', 'cancelled'),
      tries: fc.integer({ min: 1, max: 3 }),
    }),
    { maxLength: 12 },
  ),
  attempts: fc.array(
    fc.record({
      integrationId,
      ago,
      tookMs,
      method: fc.constantFrom('chat.postMessage', 'conversations.open', 'webhook'),
      outcome: fc.constantFrom('sent', 'rate_limited', 'transient', 'permanent', 'ambiguous'),
    }),
    { maxLength: 25 },
  ),
  invocations: fc.array(
    fc.record({
      integrationId,
      ago,
      ackMs: tookMs,
      command: fc.constantFrom('/switchboard', '/risk'),
      userId: fc.constantFrom('U1', 'U2', 'U3'),
      outcome: fc.constantFrom('answered', 'answered', 'failed'),
    }),
    { maxLength: 12 },
  ),
  probed: fc.array(fc.record({ integrationId, ok: fc.constantFrom(0, 1) }), { maxLength: 2 }),
})

const query = fc.oneof(
  fc.record({ window: fc.constantFrom('1h', '24h', '7d', '30d') }),
  fc
    .record({
      length: fc.integer({ min: 1, max: 3 * 24 * 60 }),
      endsAgo: fc.integer({ min: -30, max: 24 * 60 }),
      stepMinutes: fc.constantFrom(undefined, 7, 30, 60, 90, 720, 1440),
    })
    .map(({ length, endsAgo, stepMinutes }) => ({ length, endsAgo, stepMinutes })),
)

const step = fc.record({
  /** The clock goes on by minutes, mostly; it may jump far ahead, or be set back. */
  pushMs: fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 0, max: 40 * MINUTE_MS }) },
    { weight: 2, arbitrary: fc.integer({ min: 0, max: 30 * HOUR_MS }) },
    { weight: 1, arbitrary: fc.integer({ min: -3 * HOUR_MS, max: 0 }) },
  ),
  rows: someRows,
  rounds: fc.constantFrom(0, 0, 1, 100),
  query,
  onlyOf: fc.constantFrom(undefined, undefined, 'int_a'),
})

test.each(ENGINES)(
  'every figure is that of the rows, whatever is rolled up by then, on %s',
  { timeout: 120_000 },
  async (engine) => {
    await using world = await startWorld({ engine })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 15 }), async (steps) => {
        await empty(world)
        world.clock.now = START
        const all: Rows = { deliveries: [], attempts: [], invocations: [], probes: [] }
        for (const { pushMs, rows, rounds, query, onlyOf } of steps) {
          world.clock.now += pushMs
          // The loop looks every few seconds, so a clock that was set back is noticed before much else happens.
          if (pushMs < 0) await rollUpRounds(world.ctx, 1)
          await insert(world, rowsAt(rows, world.clock.now), all)
          await rollUpRounds(world.ctx, rounds)
          const asked = MetricsQuery.parse({ ...queryAt(query, world.clock.now), integrationId: onlyOf })

          const told = await readOverview(world.ctx, asked)

          compare(told, all, onlyOf, world.clock.now)
        }
      }),
      { numRuns: 8, interruptAfterTimeLimit: 60_000 },
    )
  },
)

async function rollUpRounds(ctx: AppContext, rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round += 1) if (!(await rollUp(ctx))) return
}

function queryAt(asked: typeof query extends fc.Arbitrary<infer Query> ? Query : never, now: number) {
  if ('window' in asked) return asked
  const to = now - asked.endsAgo * MINUTE_MS
  return {
    from: new Date(to - asked.length * MINUTE_MS).toISOString(),
    to: new Date(to).toISOString(),
    ...(asked.stepMinutes !== undefined && { step: asked.stepMinutes * MINUTE_MS }),
  }
}

/** What a plain count over all rows says, point by point. */
function compare(told: Overview, all: Rows, onlyOf: string | undefined, now: number): void {
  const [from, to] = [Date.parse(told.from), Date.parse(told.to)]
  const rows = ofOne(all, onlyOf)
  const whole = within(rows, from, to)
  const before = within(rows, from - (to - from), from)
  const { deliveries, responses, commands, tiles } = told

  expect(deliveries).toMatchObject({
    delivered: count(whole.deliveries, ({ state }) => state === 'delivered'),
    failed: count(whole.deliveries, ({ state }) => state === 'failed'),
    suppressed: count(whole.deliveries, ({ state }) => state === 'suppressed'),
    cancelled: count(whole.deliveries, ({ state }) => state === 'cancelled'),
    firstTry: share(
      count(whole.deliveries, ({ state, tries }) => state === 'delivered' && tries === 1),
      count(whole.deliveries, ({ state }) => state === 'delivered'),
    ),
  })
  expect(tiles.deliveryRate).toMatchObject({ value: deliveryRate(whole), before: deliveryRate(before) })
  expect(tiles.commandSuccess).toMatchObject({ value: commandSuccess(whole), before: commandSuccess(before) })
  expect(tiles.availability).toMatchObject({ value: availability(whole), before: availability(before) })
  expectNear(
    tiles.responseP95Ms.value,
    quantile(
      whole.attempts.map(({ tookMs }) => tookMs),
      0.95,
    ),
  )
  expectNear(
    tiles.responseP95Ms.before,
    quantile(
      before.attempts.map(({ tookMs }) => tookMs),
      0.95,
    ),
  )
  expectBudgets(told, rows, now)

  expectQuantiles(
    responses.total,
    whole.attempts.map(({ tookMs }) => tookMs),
  )
  expect(responses.methods.map(({ method, count }) => ({ method, count })).sort(by('method'))).toEqual(
    grouped(whole.attempts, ({ method }) => method).map(([method, some]) => ({ method, count: some.length })),
  )
  for (const { method, ...quantiles } of responses.methods) {
    expectQuantiles(
      quantiles,
      whole.attempts.filter((row) => row.method === method).map(({ tookMs }) => tookMs),
    )
  }
  expect(commands).toMatchObject({
    total: whole.invocations.length,
    failed: count(whole.invocations, ({ outcome }) => outcome === 'failed'),
    people: new Set(whole.invocations.map(({ userId }) => userId)).size,
  })
  expect([...commands.byCommand].sort(by('command'))).toEqual(
    grouped(whole.invocations, ({ command }) => command).map(([command, some]) => ({
      command,
      count: some.length,
      failed: count(some, ({ outcome }) => outcome === 'failed'),
    })),
  )
  expectQuantiles(
    commands.ack,
    whole.invocations.map(({ ackMs }) => ackMs),
  )

  const points = (to - from) / told.stepMs
  expect([deliveries.points.length, responses.points.length, commands.points.length]).toEqual([points, points, points])
  for (let place = 0; place < points; place += 1) {
    const at = from + place * told.stepMs
    const inPoint = within(whole, at, at + told.stepMs)
    expect(deliveries.points[place]).toEqual({
      at: new Date(at).toISOString(),
      delivered: count(inPoint.deliveries, ({ state }) => state === 'delivered'),
      failed: count(inPoint.deliveries, ({ state }) => state === 'failed'),
      rate: deliveryRate(inPoint),
    })
    expectQuantiles(
      responses.points[place],
      inPoint.attempts.map(({ tookMs }) => tookMs),
    )
    expect(commands.points[place]).toEqual({
      at: new Date(at).toISOString(),
      byCommand: Object.fromEntries(
        grouped(inPoint.invocations, ({ command }) => command).map(([command, some]) => [command, some.length]),
      ),
      failed: count(inPoint.invocations, ({ outcome }) => outcome === 'failed'),
    })
  }
}

/** 1 - (1 - measured) / (1 - target) over the 30 days that end now and begin with a whole half hour. */
function expectBudgets({ tiles }: Overview, rows: Rows, now: number): void {
  const to = Math.ceil(now / MINUTE_MS) * MINUTE_MS
  const from = Math.floor((to - 30 * 24 * HOUR_MS) / (30 * MINUTE_MS)) * 30 * MINUTE_MS
  const month = within(rows, from, to)
  const fast = share(
    count(month.attempts, ({ tookMs }) => tookMs <= 200),
    month.attempts.length,
  )
  const left = (measured: number | null, target: number) =>
    measured === null ? null : expect.closeTo(1 - (1 - measured) / (1 - target), 9)

  expect(tiles.deliveryRate.budgetLeft).toEqual(left(deliveryRate(month), 0.99))
  expect(tiles.commandSuccess.budgetLeft).toEqual(left(commandSuccess(month), 0.98))
  expect(tiles.availability.budgetLeft).toEqual(left(availability(month), 0.999))
  expect(tiles.responseP95Ms.budgetLeft).toEqual(left(fast, 0.95))
}

function expectQuantiles(told: Overview['responses']['total'] | undefined, values: number[]): void {
  expect(told?.count).toBe(values.length)
  expectNear(told?.p50, quantile(values, 0.5))
  expectNear(told?.p95, quantile(values, 0.95))
  expectNear(told?.p99, quantile(values, 0.99))
}

function expectNear(told: number | null | undefined, wanted: number | null): void {
  const distance = told === wanted ? 0 : Math.abs((told ?? Number.NaN) - (wanted ?? Number.NaN))
  expect(distance).toBeLessThanOrEqual((wanted ?? 0) * 0.010001)
}

function quantile(values: number[], share: number): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1] ?? null
}

const count = <Row>(rows: Row[], fits: (row: Row) => boolean): number => rows.filter(fits).length
const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole)
const by =
  <Key extends string>(key: Key) =>
  (a: Record<Key, string>, b: Record<Key, string>) =>
    a[key] < b[key] ? -1 : 1

function grouped<Row>(rows: Row[], keyOf: (row: Row) => string): [string, Row[]][] {
  return [...Map.groupBy(rows, keyOf)].sort(([a], [b]) => (a < b ? -1 : 1))
}

const deliveryRate = ({ deliveries }: Rows) =>
  share(
    count(deliveries, ({ state }) => state === 'delivered'),
    count(deliveries, ({ state }) => state === 'delivered' || state === 'failed'),
  )
const commandSuccess = ({ invocations }: Rows) =>
  share(
    count(invocations, ({ outcome }) => outcome === 'answered'),
    invocations.length,
  )
const availability = ({ probes }: Rows) =>
  share(
    count(probes, ({ ok }) => ok === 1),
    probes.length,
  )

function ofOne(rows: Rows, integrationId: string | undefined): Rows {
  const fits = (row: { integrationId: string }) => integrationId === undefined || row.integrationId === integrationId
  return {
    deliveries: rows.deliveries.filter(fits),
    attempts: rows.attempts.filter(fits),
    invocations: rows.invocations.filter(fits),
    probes: rows.probes.filter(fits),
  }
}

function within(rows: Rows, from: number, to: number): Rows {
  const fits = (at: number | null) => at !== null && at >= from && at < to
  return {
    deliveries: rows.deliveries.filter(({ endedAt }) => fits(endedAt)),
    attempts: rows.attempts.filter(({ endedAt }) => fits(endedAt)),
    invocations: rows.invocations.filter(({ receivedAt }) => fits(receivedAt)),
    probes: rows.probes.filter(({ at }) => fits(at)),
  }
}

function rowsAt(made: typeof someRows extends fc.Arbitrary<infer Made> ? Made : never, now: number): Rows {
  return {
    deliveries: made.deliveries.map(({ ago, ...row }) => ({ ...row, endedAt: now - ago })),
    attempts: made.attempts.map(({ ago, ...row }) => ({ ...row, endedAt: now - ago })),
    invocations: made.invocations.map(({ ago, ...row }) => ({ ...row, receivedAt: now - ago })),
    probes: made.probed.map((row) => ({ ...row, at: now })),
  }
}

async function empty({ db }: World): Promise<void> {
  for (const table of ['deliveries', 'attempts', 'invocations', 'probes', 'rollups', 'rollupMarks'] as const) {
    await db.deleteFrom(table).execute()
  }
}

/** Puts the rows into the store, and into what is counted plainly; a minute that was probed is not probed again. */
async function insert({ db, ctx }: World, rows: Rows, all: Rows): Promise<void> {
  const minuteOf = (at: number) => Math.floor(at / MINUTE_MS)
  const probes = rows.probes.filter(
    (row, place) =>
      ![...all.probes, ...rows.probes.slice(0, place)].some(
        ({ integrationId, at }) => integrationId === row.integrationId && minuteOf(at) === minuteOf(row.at),
      ),
  )
  const named = <Row>(some: Row[]) => some.map((row) => ({ ...row, id: ctx.newId('att') }))
  const deliveries = named(rows.deliveries).map((row) => ({ ...delivery, ...row }))
  const attempts = named(rows.attempts).map((row) => ({ ...attempt, ...row }))
  const invocations = named(rows.invocations).map((row) => ({ ...invocation, ...row, signature: row.id }))
  const probed = named(probes).map((row) => ({ ...row, tookMs: 1, code: null }))
  if (deliveries.length > 0) await db.insertInto('deliveries').values(deliveries).execute()
  if (attempts.length > 0) await db.insertInto('attempts').values(attempts).execute()
  if (invocations.length > 0) await db.insertInto('invocations').values(invocations).execute()
  if (probed.length > 0) await db.insertInto('probes').values(probed).execute()
  all.deliveries.push(...rows.deliveries)
  all.attempts.push(...rows.attempts)
  all.invocations.push(...rows.invocations)
  all.probes.push(...probes)
}

const delivery = {
  eventId: null,
  destinationId: 'dst_x',
  origin: 'test' as const,
  title: 'x',
  message: '{}',
  priority: 'normal' as const,
  dueAt: 0,
  claimedBy: null,
  leaseEndsAt: null,
  createdAt: 0,
  createdBy: 'x',
  deliveredAt: null,
  messageTs: null,
  conversationId: null,
  permalink: null,
  code: null,
  mark: null,
  integrationName: null,
  destinationKind: null,
  destinationName: null,
  replayOf: null,
  stateAt: null,
}
const attempt = {
  deliveryId: 'dlv_x',
  number: 1,
  startedAt: 0,
  code: null,
  httpStatus: null,
  requestId: null,
  retryAfterMs: null,
  request: '{}',
  response: '{}',
}
const invocation = {
  text: '',
  userName: 'x',
  channelId: 'C1',
  channelName: 'x',
  teamId: 'T1',
  code: null,
}
