import type { Engine } from '../../../server/db/engine.ts'
import { sweepOn } from '../../../server/deliveries/sweeps/sweep.ts'
import { deliverDue } from '../../../server/deliveries/worker.ts'
import { recipientsOf } from '../../../server/events/recipients-of.ts'
import { endDueWaits } from '../../../server/quiet-hours/end-waits.ts'
import { readySweeps } from '../../../server/routing/ready-sweeps.ts'
import { havingSender } from '../../support/sending.ts'
import { type Answer, startWorld } from '../../support/world.ts'
import { textsIn } from '../deliveries/steering-world.ts'

/** A Tuesday, 22:30 in Berlin. */
export const NIGHT = Date.parse('2026-12-01T21:30:00Z')
/** Seven in the morning there. */
export const MORNING = Date.parse('2026-12-02T06:00:00Z')
export const NIGHTS = { days: [1, 2, 3, 4, 5, 6, 7], from: '22:00', to: '07:00', timeZone: 'Europe/Berlin' }

/** A world at night, where somebody may send to #compliance. No quiet hours are set yet. */
export async function startNight(engine?: Engine, onLogLine?: (line: string) => void) {
  const world = await startWorld({ ...(engine && { engine }), ...(onLogLine && { onLogLine }) })
  world.clock.now = NIGHT
  const having = await havingSender(world)
  const admin = await world.as('admin')
  const posted = async (asked: Promise<Answer>) => {
    const answer = await asked
    if (answer.status >= 300) throw new Error(answer.text)
    return answer.body
  }
  return {
    ...world,
    ...having,
    admin,
    /** Quiet hours of everything unless told otherwise. Gives their id. */
    quiet: async (change: Record<string, unknown> = {}): Promise<string> =>
      (await posted(admin.post('/api/quiet-hours', { scope: { kind: 'everything' }, ...NIGHTS, ...change }))).id,
    /** A mute of everything for so long unless told otherwise. Gives its id. */
    mute: async (ms: number, change: Record<string, unknown> = {}): Promise<string> => {
      const until = new Date(world.clock.now + ms).toISOString()
      const wanted = { scope: { kind: 'everything' }, until, reason: 'A deploy', ...change }
      return (await posted(admin.post('/api/mutes', wanted))).id
    },
    /** Sends one message, a second after the one before. Gives its id. */
    say: async (text: string, change: Record<string, unknown> = {}): Promise<string> => {
      world.clock.now += 1_000
      const wanted = { destination: having.destinationId, text, ...change }
      return (await posted(having.messenger.post('/api/messages', wanted))).id
    },
    /** Sends one event. Gives the ids of its deliveries. */
    happen: async (change: Record<string, unknown> = {}): Promise<string[]> => {
      world.clock.now += 1_000
      const { deliveries } = await posted(having.sender.post('/api/events', { ...having.event, ...change }))
      return deliveries.map(({ id }: { id: string }) => id)
    },
    read: async (id: string) => (await admin.get(`/api/deliveries/${id}`)).body,
    /** What the loops do for what waits, in the order in which one makes work for the next, each to its end. */
    run: async () => {
      await readySweeps(world.ctx)
      while ((await sweepOn(world.ctx, { windows: 20 })).isMore);
      while (await endDueWaits(world.ctx, recipientsOf));
      await deliverDue(world.ctx)
    },
    texts: () => textsIn(world, 'compliance'),
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  }
}

export type Night = Awaited<ReturnType<typeof startNight>>
