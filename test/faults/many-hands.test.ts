import { expect, test } from 'vitest'
import type { AppContext } from '../../server/context.ts'
import { keepUp } from '../../server/deliveries/upkeep.ts'
import { deliverDue } from '../../server/deliveries/worker.ts'
import { rollUp } from '../../server/metrics/roll-up.ts'
import { endDueWaits } from '../../server/quiet-hours/end-waits.ts'
import { replayNext } from '../../server/replays/replay-next.ts'
import { readySweeps } from '../../server/routing/ready-sweeps.ts'
import { type EventsWorld, startEventsWorld } from '../server/events/world.ts'
import { ENGINES } from '../support/each-store.ts'
import { chanceOf, isLong, SEED } from './chance.ts'
import { gather } from './crowd.ts'
import { letAllGo, steer } from './steer.ts'

/* Everything at the same moment: programs that send, people who steer, and two replicas that work. */

const ROUNDS = isLong ? 150 : 25

test.for(ENGINES)(
  'many who send and steer at once meet no error, and nothing is lost or doubled, on %s',
  { timeout: isLong ? 900_000 : 180_000 },
  async (engine) => {
    const errors: string[] = []
    const onLogLine = (line: string) => {
      if (/"level":"(error|fatal)"/.test(line)) errors.push(line)
    }
    await using world = await startEventsWorld({ engine, onLogLine })
    const crowd = await gather(world, chanceOf(SEED))

    await Promise.all([
      ...Array.from({ length: 4 }, () => repeating(() => crowd.send())),
      ...Array.from({ length: 4 }, () => repeating(() => steer(crowd))),
      ...['replica 1', 'replica 2'].map((workerId) => repeating(() => work({ ...world.ctx, workerId }))),
    ])
    await letAllGo(crowd)
    for (let minute = 0; minute < 30; minute += 1) {
      world.clock.now += 60_000
      await work(world.ctx)
    }

    expect({ seed: SEED, wrong: crowd.wrong, errors }).toEqual({ seed: SEED, wrong: [], errors: [] })
    expect(await waitingStill(world)).toEqual([])
    expect(await wrongInSlack(world)).toEqual([])
  },
)

async function repeating(deed: () => Promise<unknown>): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) await deed()
}

/** What the loops of one replica do, each once. */
async function work(ctx: AppContext): Promise<void> {
  const loops = [deliverDue, keepUp, endDueWaits, readySweeps, replayNext, rollUp]
  await Promise.all(loops.map((loop) => loop(ctx)))
}

const waitingStill = ({ db }: EventsWorld) =>
  db
    .selectFrom('deliveries')
    .select(['id', 'state', 'code', 'type', 'destinationName'])
    .where('state', 'not in', ['delivered', 'cancelled', 'suppressed', 'failed'])
    .execute()

/** Delivered and not there, there twice, or there though it was not delivered. */
async function wrongInSlack({ db, slack }: EventsWorld): Promise<string[]> {
  const seen = new Map<string, number>()
  for (const { deliveryId = '' } of await slack.allMessages()) seen.set(deliveryId, (seen.get(deliveryId) ?? 0) + 1)
  const rows = await db
    .selectFrom('deliveries')
    .select(['id', 'state', 'mark', 'title'])
    .where('action', '=', 'post')
    .where('foldedInto', 'is', null)
    // What was changed in place carries the delivery of its last change, if it was not deleted.
    .where('updateKey', 'is', null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('deliveries as change').select('change.id').whereRef('change.targetId', '=', 'deliveries.id'),
        ),
      ),
    )
    .execute()
  return rows.flatMap(({ id, state, mark, title }) => {
    const count = seen.get(id) ?? 0
    const may = mark === 'maybe_sent' ? [0, 1] : [state === 'delivered' ? 1 : 0]
    return may.includes(count) ? [] : [`${id} (${title}) is ${state} and stands there ${count} times`]
  })
}
