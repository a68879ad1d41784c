import { channelAt } from '../server/deliveries/steering-world.ts'
import type { EventsWorld } from '../server/events/world.ts'
import type { Answer } from '../support/world.ts'
import type { Chance } from './chance.ts'

export const TYPES = ['deploy', 'invoice', 'door.open']
const CHANNELS = ['#security-alerts', '#compliance-alerts', '#compliance-reports', '#incident-room']

export type Crowd = Awaited<ReturnType<typeof gather>>

/** Those who send to some channels of a world and those who steer there, and every answer that no caller should get. */
export async function gather(world: EventsWorld, chance: Chance) {
  const { admin, sender, clock, integration } = world
  const ids = [world.destination]
  for (const channel of CHANNELS) ids.push((await channelAt(world, integration.id, channel)).id)
  const wrong: string[] = []
  let number = 0

  /** Whoever steers meets refusals, such as for what somebody else has deleted; none may be the fault of ours. */
  const ask = async (what: string, asked: Promise<Answer>): Promise<Answer> => {
    const answer = await asked
    if (answer.status >= 500) wrong.push(`${what}: ${answer.status} ${answer.text}`)
    return answer
  }
  const event = (destinations: string[] = [chance.pick(ids), chance.pick(ids)]) => {
    number += 1
    return {
      type: chance.pick(TYPES),
      title: `Event ${number}`,
      priority: chance.pick(['urgent', 'normal', 'low']),
      ...chance.pick([{}, {}, { threadKey: 'a' }, { updateKey: 'b' }, { dedupeKey: `c${chance.between(0, 3)}` }]),
      destinations: [...new Set(destinations)],
    }
  }
  /** Whoever sends is refused nothing. */
  const send = async (body: unknown = chance.next() < 0.3 ? Array.from({ length: 10 }, () => event()) : event()) => {
    clock.now += 100
    const { status, text } = await sender.post('/api/events', body)
    if (status !== 202) wrong.push(`/api/events: ${status} ${text}`)
  }

  return {
    world,
    chance,
    wrong,
    event,
    send,
    ask,
    post: (path: string, body?: unknown) => ask(path, admin.post(path, body)),
    integrationPath: `/api/integrations/${integration.id}`,
    destinationIds: ids,
    destinationPath: () => `/api/destinations/${chance.pick(ids)}`,
    typePath: () => `/api/notification-types/${chance.pick(TYPES)}`,
    scope: () =>
      chance.pick([
        { kind: 'everything' },
        { kind: 'destination', id: chance.pick(ids) },
        { kind: 'type', type: chance.pick(TYPES) },
      ]),
  }
}
