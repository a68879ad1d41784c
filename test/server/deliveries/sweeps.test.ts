import { setTimeout } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { AppContext } from '../../../server/context.ts'
import { lineUp } from '../../../server/deliveries/lanes/places-store.ts'
import { startLanes, stopLanes } from '../../../server/deliveries/lanes/stops-store.ts'
import { beginAnew, beginCancelling } from '../../../server/deliveries/sweeps/begin.ts'
import { sweepOn } from '../../../server/deliveries/sweeps/sweep.ts'
import { lockSweep } from '../../../server/deliveries/sweeps/sweeps-store.ts'
import { takeTurn } from '../../../server/deliveries/turn.ts'
import { keepUp } from '../../../server/deliveries/upkeep.ts'
import { TYPE_PAUSED } from '../../../server/deliveries/waiting-store.ts'
import { deleteDestinationRow, type SavedDestination } from '../../../server/destinations/store.ts'
import { readySweeps } from '../../../server/routing/ready-sweeps.ts'
import { ENGINES } from '../../support/each-store.ts'
import { deliveryRow } from '../../support/factories.ts'
import { type Gateway, startGateway } from '../../support/gateway.ts'

const WINDOW = { rows: 10, lanes: 1 }
const FLOOD = 25
const one = { windows: 1, window: WINDOW }

/** Deliveries of a type that wait for a destination, in the order of their ids. */
async function havingFlood({ db, clock }: Gateway, to: SavedDestination, type = 'flood', count = FLOOD) {
  const rows = Array.from({ length: count }, () =>
    deliveryRow({
      ...{ type, destinationId: to.id, integrationId: to.integrationId, destinationName: to.name },
      ...{ createdAt: clock.now, dueAt: clock.now, queueAt: clock.now },
    }),
  )
  await db.transaction().execute((trx) => lineUp(trx, rows))
  return rows.map(({ id }) => id)
}

async function turn({ ctx }: Gateway, act: 'hold' | 'release') {
  await ctx.db.transaction().execute((trx) => beginAnew(ctx, trx, { kind: 'type', subject: 'flood', act }))
}

async function finish(ctx: AppContext) {
  while ((await sweepOn(ctx, { windows: 50, window: WINDOW })).isMore);
}

/** Sends all that may go, as far as this database says, and gives the ids in their order. */
async function sendAll({ ctx, clock }: Gateway): Promise<string[]> {
  const sent: string[] = []
  for (;;) {
    clock.now += 2_000
    const { taken, again } = await takeTurn(ctx, [], { limit: 50 })
    if (taken.length === 0 && !again) return sent
    sent.push(...taken.map(({ delivery }) => delivery.id))
    const finished = taken.map((each) => ({
      ...{ taken: each, step: { state: 'delivered', tries: 1 } as const },
      ...{ attempts: [], sent: {} },
    }))
    await takeTurn(ctx, finished, { limit: 0 })
  }
}

/** How many stand in each state. */
async function states({ db }: Gateway): Promise<Record<string, number>> {
  const rows = await db
    .selectFrom('deliveries')
    .select((row) => ['state', 'code', row.fn.countAll().as('count')])
    .groupBy(['state', 'code'])
    .execute()
  return Object.fromEntries(
    rows.map(({ state, code, count }) => [code === null ? state : `${state} ${code}`, Number(count)]),
  )
}

const sweepsLeft = ({ db }: Gateway) => db.selectFrom('sweeps').selectAll().execute()

describe.each(ENGINES)('sweeps over what waits, on %s', (engine) => {
  test('nothing of a type goes out from its pause on, however far the sweep is; other types do', async () => {
    await using gateway = await startGateway({ engine })
    const [loud, calm] = [await gateway.channelAt('compliance'), await gateway.channelAt('security-alerts')]
    await havingFlood(gateway, loud)
    const others = await havingFlood(gateway, calm, 'calm', 3)
    await turn(gateway, 'hold')

    const sentUnready = await sendAll(gateway)
    await readySweeps(gateway.ctx)
    const sentBetween: string[] = []
    while ((await sweepOn(gateway.ctx, one)).isMore) sentBetween.push(...(await sendAll(gateway)))

    expect(sentUnready).toEqual(others)
    expect(sentBetween).toEqual([])
    expect(await states(gateway)).toEqual({ delivered: 3, [`held ${TYPE_PAUSED}`]: FLOOD })
    expect(await sweepsLeft(gateway)).toEqual([])
  })

  test('what follows a paused type in its line goes once the sweep has been there', async () => {
    await using gateway = await startGateway({ engine })
    const channel = await gateway.channelAt('compliance')
    await havingFlood(gateway, channel)
    const behind = await havingFlood(gateway, channel, 'calm', 2)
    await turn(gateway, 'hold')
    await readySweeps(gateway.ctx)

    await finish(gateway.ctx)

    expect(await sendAll(gateway)).toEqual(behind)
  })

  test('a type that goes on sends nothing of a line until all of it is back there, then in the old order', async () => {
    await using gateway = await startGateway({ engine })
    const channel = await gateway.channelAt('compliance')
    const early = await havingFlood(gateway, channel)
    await turn(gateway, 'hold')
    await readySweeps(gateway.ctx)
    await finish(gateway.ctx)

    await turn(gateway, 'release')
    const late = await havingFlood(gateway, channel, 'flood', 2)
    await readySweeps(gateway.ctx)
    await sweepOn(gateway.ctx, one)
    await sweepOn(gateway.ctx, one)
    const sentBetween = await sendAll(gateway)
    await finish(gateway.ctx)

    expect(sentBetween).toEqual([])
    expect(await sendAll(gateway)).toEqual([...early, ...late])
  })

  test('a process that is killed between windows, or before the first, leaves the rest to another', async () => {
    await using gateway = await startGateway({ engine })
    await havingFlood(gateway, await gateway.channelAt('compliance'))
    await turn(gateway, 'hold')
    const other = { ...gateway.ctx, workerId: 'worker-2' }

    const unready = await sweepOn(other, one)
    await readySweeps(other)
    await sweepOn(gateway.ctx, { ...one, windows: 3 })
    const halfWay = await states(gateway)
    await keepUp(other)

    expect(unready).toEqual({ moved: 0, isMore: false })
    expect(halfWay).toEqual({ pending: 15, [`held ${TYPE_PAUSED}`]: 10 })
    expect(await states(gateway)).toEqual({ [`held ${TYPE_PAUSED}`]: FLOOD })
    expect(await sweepsLeft(gateway)).toEqual([])
  })

  test('two replicas at once move each delivery once', async () => {
    await using gateway = await startGateway({ engine })
    for (const name of ['compliance', 'security-alerts']) await havingFlood(gateway, await gateway.channelAt(name))
    await turn(gateway, 'hold')
    await readySweeps(gateway.ctx)
    const replica = async (workerId: string) => {
      let total = 0
      while ((await sweepsLeft(gateway)).length > 0) {
        total += (await sweepOn({ ...gateway.ctx, workerId }, { windows: 3, window: WINDOW })).moved
      }
      return total
    }

    const moved = await Promise.all([replica('worker-1'), replica('worker-2')])

    expect(moved[0] + moved[1]).toBe(2 * FLOOD)
    expect(await states(gateway)).toEqual({ [`held ${TYPE_PAUSED}`]: 2 * FLOOD })
  })

  test('a place that is deleted while its types are being paused gets nothing, and keeps nothing waiting', async () => {
    await using gateway = await startGateway({ engine })
    const { ctx, db } = gateway
    const channel = await gateway.channelAt('compliance')
    await havingFlood(gateway, channel)
    await turn(gateway, 'hold')
    await readySweeps(ctx)
    await sweepOn(ctx, { ...one, windows: 3 })

    await db.transaction().execute(async (trx) => {
      await deleteDestinationRow(trx, channel.id)
      await beginCancelling(ctx, trx, { kind: 'destination', subject: channel.id })
    })
    const sent = await sendAll(gateway)
    await finish(ctx)

    expect(sent).toEqual([])
    expect(await states(gateway)).toEqual({ 'cancelled destination_deleted': FLOOD })
    expect(await sweepsLeft(gateway)).toEqual([])
  })

  test('what is found waiting for a place that is no more is ended, though nobody said so', async () => {
    await using gateway = await startGateway({ engine })
    const channel = await gateway.channelAt('compliance')
    await havingFlood(gateway, channel)
    await deleteDestinationRow(gateway.db, channel.id)

    const sent = await sendAll(gateway)
    await finish(gateway.ctx)

    expect(sent).toEqual([])
    expect(await states(gateway)).toEqual({ 'cancelled destination_deleted': FLOOD })
  })

  test('what a cancelled replay made is not sent from then on', async () => {
    await using gateway = await startGateway({ engine })
    await havingFlood(gateway, await gateway.channelAt('compliance'))
    await gateway.db.updateTable('deliveries').set({ replayId: 'rpl_1' }).execute()
    await beginCancelling(gateway.ctx, gateway.db, { kind: 'replay', subject: 'rpl_1' })

    await sweepOn(gateway.ctx, one)
    const sent = await sendAll(gateway)
    await finish(gateway.ctx)

    expect(sent).toEqual([])
    expect(await states(gateway)).toEqual({ 'cancelled cancelled_by_request': FLOOD })
  })

  test('a line that is stopped, given another reason and started again is marked so, window by window', async () => {
    await using gateway = await startGateway({ engine })
    const { ctx, db, clock } = gateway
    const { id } = await gateway.channelAt('compliance').then(async (channel) => {
      await havingFlood(gateway, channel)
      return channel
    })

    await stopLanes(db, { destinationIds: [id] }, 'destination_paused', clock.now)
    await sweepOn(ctx, one)
    const halfWay = await states(gateway)
    await stopLanes(db, { destinationIds: [id] }, 'is_archived', clock.now)
    await finish(ctx)
    const relabelled = await states(gateway)
    await startLanes(db, [id], clock.now)
    await finish(ctx)

    expect(halfWay).toEqual({ pending: 15, 'held destination_paused': 10 })
    expect(relabelled).toEqual({ 'held is_archived': FLOOD })
    expect(await states(gateway)).toEqual({ pending: FLOOD })
  })

  test('whoever asks for one by name waits for its turn with it', async () => {
    await using gateway = await startGateway({ engine })
    const { ctx, db } = gateway
    await havingFlood(gateway, await gateway.channelAt('compliance'))
    await db.updateTable('deliveries').set({ replayId: 'rpl_1' }).execute()
    const swept = { kind: 'replay', subject: 'rpl_1' } as const
    await beginCancelling(ctx, db, swept)

    const asked = await db.transaction().execute(async (trx) => {
      await lockSweep(trx)
      const asked = sweepOn(ctx, { windows: 2, only: swept })
      await setTimeout(50)
      return { asked }
    })

    expect(await asked.asked).toEqual({ moved: FLOOD, isMore: false })
    expect(await states(gateway)).toEqual({ 'cancelled cancelled_by_request': FLOOD })
  })

  test('changes that come at once make each other’s sweeps ready, and none waits for another in a circle', async () => {
    await using gateway = await startGateway({ engine })
    const { ctx } = gateway
    const change = async (subject: string) => {
      await ctx.db.transaction().execute((trx) => beginAnew(ctx, trx, { kind: 'quiet', subject, act: 'decide' }))
      await readySweeps(ctx)
      await sweepOn(ctx, { windows: 1, only: { kind: 'quiet', subject } })
    }

    for (let round = 0; round < 10; round += 1) {
      await Promise.all(Array.from({ length: 10 }, (_, place) => change(`mut_${round}_${place}`)))
    }

    expect(await sweepsLeft(gateway)).toEqual([])
  })

  test('somebody who reads the settings for long makes nobody wait; the sweep begins once they are done', async () => {
    await using gateway = await startGateway({ engine })
    const { ctx, db } = gateway
    await havingFlood(gateway, await gateway.channelAt('compliance'))
    const read = await db.startTransaction().execute()
    await read.selectFrom('routingState').selectAll().execute()
    // SQLite has one connection: whoever wants it next waits for it.
    if (engine === 'sqlite') await read.commit().execute()
    await turn(gateway, 'hold')

    await readySweeps(ctx)
    const before = (await sweepsLeft(gateway)).map(({ readyAt }) => readyAt !== null)
    if (engine === 'postgres') await read.commit().execute()
    await readySweeps(ctx)
    await finish(ctx)

    expect(before).toEqual([engine === 'sqlite'])
    expect(await states(gateway)).toEqual({ 'held type_paused': FLOOD })
  })
})
