import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Taken } from '../../../server/deliveries/claim.ts'
import { situationOf } from '../../../server/deliveries/deliver.ts'
import { lineUp } from '../../../server/deliveries/lanes/places-store.ts'
import { afterLook, afterUnknown, nextStep, type Step } from '../../../server/deliveries/next-step.ts'
import type { Finished } from '../../../server/deliveries/settle.ts'
import { canChange } from '../../../server/deliveries/states.ts'
import { takeTurn } from '../../../server/deliveries/turn.ts'
import { keepUp } from '../../../server/deliveries/upkeep.ts'
import { updateDestination } from '../../../server/destinations/store.ts'
import type { DeliveryState } from '../../../shared/deliveries.ts'
import { ENGINES } from '../../support/each-store.ts'
import { deliveryRow } from '../../support/factories.ts'
import { type Gateway, startGateway } from '../../support/gateway.ts'

/** What may become of one request, and of the worker that makes it. */
const FATES = [
  'sent',
  'answer_lost',
  'request_lost',
  'limited',
  'hiccup',
  'dead_end',
  'crash_before',
  'crash_after',
] as const
type Fate = (typeof FATES)[number]

type Action =
  | { kind: 'accept'; place: number; rank: number }
  | { kind: 'turn'; worker: number; fates: Fate[] }
  | { kind: 'clock'; byMs: number }

const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('accept'), place: fc.nat(2), rank: fc.integer({ min: 0, max: 2 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('turn'),
      worker: fc.nat(1),
      fates: fc.array(fc.constantFrom(...FATES), { minLength: 3, maxLength: 3 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('clock'), byMs: fc.integer({ min: -20_000, max: 40_000 }) }) },
) as fc.Arbitrary<Action>

const exchange = { method: 'chat.postMessage', tookMs: 1, request: {}, response: {} }

/** The engine on a real database, with a Slack that is only a list of what stands in it. */
class Model {
  readonly standing: string[] = []
  readonly accepted: { id: string; place: string; rank: number }[] = []
  readonly states = new Map<string, DeliveryState>()
  readonly gateway: Gateway
  readonly places: string[]

  constructor(gateway: Gateway, places: string[]) {
    this.gateway = gateway
    this.places = places
  }

  async do(act: Action): Promise<void> {
    if (act.kind === 'accept') await this.accept(act)
    else if (act.kind === 'turn') await this.turn(`worker-${act.worker}`, act.fates)
    else this.gateway.clock.now += act.byMs
    await this.compare()
  }

  private async accept({ place, rank }: { place: number; rank: number }): Promise<void> {
    const { now } = this.gateway.clock
    const destinationId = this.places[place] ?? ''
    const times = { createdAt: now, dueAt: now, queueAt: now }
    const row = deliveryRow({ integrationId: this.gateway.integrationId, destinationId, rank, ...times })
    await this.gateway.db.transaction().execute((trx) => lineUp(trx, [row]))
    this.accepted.push({ id: row.id, place: destinationId, rank })
  }

  private async turn(workerId: string, fates: readonly Fate[]): Promise<void> {
    const ctx = { ...this.gateway.ctx, workerId }
    const { taken } = await takeTurn(ctx, [], { limit: 3 })
    await this.compare()
    const finished = taken.flatMap((each, index) => this.suffer(each, fates[index] ?? 'sent'))
    await takeTurn(ctx, finished, { limit: 0 })
    await this.compare()
  }

  /** A crash leaves nothing to write; whether the message stands in Slack is another matter. */
  private suffer(taken: Taken, fate: Fate): Finished[] {
    const { id } = taken.delivery
    const situation = situationOf(taken, taken.act, 0)
    const half = () => 0.5
    const came = (step: Step): Finished[] => [{ taken, step, attempts: [], sent: {} }]
    if (fate.startsWith('crash')) {
      if (fate === 'crash_after' && taken.act !== 'look') this.standing.push(id)
      return []
    }
    if (taken.act === 'look') {
      const code = taken.delivery.code ?? ''
      const found = this.standing.includes(id)
        ? ({ kind: 'found', messageTs: '1.1', exchange } as const)
        : ({ kind: 'not_found', exchange } as const)
      const hiccup = { kind: 'transient', code: 'http_503', exchange } as const
      return came(afterLook(fate === 'hiccup' ? hiccup : found, situation, code, half))
    }
    if (fate === 'sent' || fate === 'answer_lost') this.standing.push(id)
    switch (fate) {
      case 'sent':
        return came(nextStep({ kind: 'sent' }, situation, half))
      case 'limited':
        return came(nextStep({ kind: 'rate_limited', code: 'ratelimited', waitMs: 2_000 }, situation, half))
      case 'hiccup':
        return came(nextStep({ kind: 'transient', code: 'http_503' }, situation, half))
      case 'dead_end':
        return came(nextStep({ kind: 'permanent', code: 'is_archived', stops: 'destination' }, situation, half))
      default:
        return came(afterUnknown('timeout', taken.delivery.tries + 1, situation, half))
    }
  }

  /** Every change of state that can be seen is one of the table's. */
  async compare(): Promise<void> {
    const rows = await this.gateway.db.selectFrom('deliveries').select(['id', 'state']).execute()
    for (const { id, state } of rows) {
      const before = this.states.get(id) ?? 'pending'
      expect([before, state, before === state || canChange(before, state)]).toEqual([before, state, true])
      this.states.set(id, state)
    }
  }

  /** From now on nothing goes wrong: whoever has to act acts, and time passes. */
  async drain(): Promise<void> {
    for (let round = 0; round < 400; round += 1) {
      for (const place of this.places) {
        await updateDestination(this.gateway.db, place, { pausedAt: null, pauseCode: null, pausedBy: null })
      }
      await keepUp(this.gateway.ctx)
      await this.compare()
      await this.turn('worker-2', ['sent', 'sent', 'sent'])
      this.gateway.clock.now += 35_000
      const left = await this.gateway.db.selectFrom('deliveries').select('id').where('rank', 'is not', null).execute()
      if (left.length === 0) return
    }
  }
}

describe.each(ENGINES)('whatever happens, on %s', (engine) => {
  test('each accepted delivery ends delivered, stands in Slack once, and in its order', {
    timeout: 120_000,
  }, async () => {
    await using gateway = await startGateway({ engine })
    const channels = ['compliance', 'security-alerts', 'compliance-alerts']
    const places = (await Promise.all(channels.map(gateway.channelAt))).map(({ id }) => id)

    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 5, maxLength: 40 }), async (actions) => {
        await gateway.db.deleteFrom('deliveries').execute()
        await gateway.db.deleteFrom('lanes').execute()
        const model = new Model(gateway, places)
        for (const act of actions) await model.do(act)
        await model.drain()

        expect([...model.standing].sort()).toEqual(model.accepted.map(({ id }) => id).sort())
        for (const { state } of await gateway.db.selectFrom('deliveries').select('state').execute()) {
          expect(state).toBe('delivered')
        }
        for (const place of places) {
          for (const rank of [0, 1, 2]) {
            const wanted = model.accepted
              .filter((each) => each.place === place && each.rank === rank)
              .map(({ id }) => id)
            expect(model.standing.filter((id) => wanted.includes(id))).toEqual(wanted)
          }
        }
      }),
      { numRuns: engine === 'sqlite' ? 60 : 15, endOnFailure: false },
    )
  })
})
