import fc from 'fast-check'
import { expect, test } from 'vitest'
import { insertArrivals, place } from '../../../server/deliveries/accept/place.ts'
import { beginAnew } from '../../../server/deliveries/sweeps/begin.ts'
import { sweepOn } from '../../../server/deliveries/sweeps/sweep.ts'
import { takeTurn } from '../../../server/deliveries/turn.ts'
import type { SavedDestination } from '../../../server/destinations/store.ts'
import { readySweeps } from '../../../server/routing/ready-sweeps.ts'
import { ENGINES } from '../../support/each-store.ts'
import { deliveryRow } from '../../support/factories.ts'
import { type Gateway, startGateway } from '../../support/gateway.ts'

type Action =
  | { kind: 'accept'; to: number; isFlood: boolean }
  | { kind: 'pause' | 'resume' | 'window' | 'ready' | 'turn' }

const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('accept' as const), to: fc.nat(1), isFlood: fc.boolean() }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constantFrom('pause', 'resume', 'window', 'window', 'ready', 'turn' as const) }),
  },
)

/** A type that is paused and resumed at whatever moment, with a sweep that goes two deliveries at a time. */
class Model {
  isPaused = false
  readonly accepted: { id: string; type: string; to: string }[] = []
  readonly sent: string[] = []
  readonly gateway: Gateway
  readonly places: SavedDestination[]

  constructor(gateway: Gateway, places: SavedDestination[]) {
    this.gateway = gateway
    this.places = places
  }

  async do(action: Action): Promise<void> {
    const { ctx } = this.gateway
    switch (action.kind) {
      case 'accept':
        return this.accept(this.places[action.to], action.isFlood ? 'flood' : 'calm')
      case 'pause':
      case 'resume': {
        const isPause = action.kind === 'pause'
        if (isPause === this.isPaused) return
        this.isPaused = isPause
        const act = isPause ? 'hold' : 'release'
        return ctx.db.transaction().execute((trx) => beginAnew(ctx, trx, { kind: 'type', subject: 'flood', act }))
      }
      case 'window':
        await sweepOn(ctx, { windows: 1, window: { rows: 2, lanes: 1 } })
        return
      case 'ready':
        return readySweeps(ctx)
      case 'turn':
        await this.turn()
    }
  }

  private async accept(to: SavedDestination | undefined, type: string): Promise<void> {
    if (!to) return
    const { db, clock } = this.gateway
    const at = clock.now
    const row = deliveryRow({
      ...{ type, destinationId: to.id, integrationId: to.integrationId, destinationName: to.name },
      ...{ createdAt: at, dueAt: at, queueAt: at },
    })
    const arrival = { rows: [row] as [typeof row], dedupeWindowMs: 0, isTypePaused: this.isPaused && type === 'flood' }
    await db.transaction().execute(async (trx) => {
      await place(trx, [arrival], at)
      await insertArrivals(trx, [arrival])
    })
    this.accepted.push({ id: row.id, type, to: to.id })
  }

  /** Sends one of each line, if any may go; it must not be of a type that is paused. */
  private async turn(): Promise<number> {
    const { ctx, clock } = this.gateway
    clock.now += 2_000
    const { taken } = await takeTurn(ctx, [], { limit: 10 })
    for (const { delivery } of taken) {
      expect(this.isPaused && delivery.type === 'flood').toBe(false)
      this.sent.push(delivery.id)
    }
    const step = { state: 'delivered', tries: 1 } as const
    await takeTurn(
      ctx,
      taken.map((each) => ({ taken: each, step, attempts: [], sent: {} })),
      { limit: 0 },
    )
    return taken.length
  }

  /** Everything is let go: all of it arrives, and of each type in the order in which it was accepted for each place. */
  async finish(): Promise<void> {
    const { ctx } = this.gateway
    await this.do({ kind: 'resume' })
    await readySweeps(ctx)
    while ((await sweepOn(ctx, { windows: 10, window: { rows: 2, lanes: 1 } })).isMore);
    while ((await this.turn()) > 0);
    for (const to of this.places) {
      for (const type of ['flood', 'calm']) {
        const meant = this.accepted.filter((each) => each.to === to.id && each.type === type).map(({ id }) => id)
        expect(this.sent.filter((id) => meant.includes(id))).toEqual(meant)
      }
    }
  }
}

test.each(ENGINES)(
  'a type that is paused and resumed at any moment of a sweep sends nothing while it is paused, loses nothing and keeps its order, on %s',
  { timeout: 240_000 },
  async (engine) => {
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 10, maxLength: 40 }), async (actions) => {
        await using gateway = await startGateway({ engine })
        const places = [await gateway.channelAt('compliance'), await gateway.channelAt('security-alerts')]
        const model = new Model(gateway, places)
        for (const each of actions) await model.do(each)
        await model.finish()
      }),
      { numRuns: 12 },
    )
  },
)
