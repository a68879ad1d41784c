import { expect, test } from 'vitest'
import { insertDeliveries, type SavedDelivery } from '../../../server/deliveries/store.ts'
import { MOST_FOLLOWERS, MOST_OF_ONE } from '../../../server/deliveries/tail.ts'
import { firstIdAt } from '../../../server/lib/ids.ts'
import { DeliveryStreamEvent, type DeliverySummary } from '../../../shared/deliveries.ts'
import { deliveryRow } from '../../support/factories.ts'
import { type Caller, startWorld, type World } from '../../support/world.ts'

type Told = { id: string; event: DeliveryStreamEvent }

/** A stream that is read event by event; heartbeats are passed over. */
async function follow(world: World, caller: Caller, query = '', headers: Record<string, string> = {}) {
  const response = await fetch(`${world.url}/api/deliveries/stream${query}`, {
    headers: { ...caller.headers, ...headers },
  })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  const next = async (): Promise<Told | undefined> => {
    for (;;) {
      const end = text.indexOf('\n\n')
      if (end >= 0) {
        const block = text.slice(0, end)
        text = text.slice(end + 2)
        const data = /^data: (.*)$/m.exec(block)?.[1]
        if (data)
          return { id: /^id: (\d+)$/m.exec(block)?.[1] ?? '', event: DeliveryStreamEvent.parse(JSON.parse(data)) }
        continue
      }
      const read = await reader?.read()
      if (!read || read.done) return undefined
      text += read.value
    }
  }
  return { response, next, leave: () => reader?.cancel() }
}

const deliveryOf = (told: Told | undefined): DeliverySummary | undefined =>
  told?.event.kind === 'delivery' ? told.event.delivery : undefined

let made = 0
async function having(world: World, change: Partial<SavedDelivery> = {}): Promise<SavedDelivery> {
  const at = world.clock.now
  made += 1
  const id = `${firstIdAt('dlv', at)}${String(made).padStart(12, '0')}`
  const row = deliveryRow({ id, createdAt: at, stateAt: at, queueAt: at, ...change })
  await insertDeliveries(world.db, [row])
  return row
}

test.each(['sqlite', 'postgres'] as const)(
  'a new delivery is told, and each change of its state, on %s',
  async (engine) => {
    await using world = await startWorld({ engine })
    const stream = await follow(world, await world.as('viewer'))
    world.clock.now += 10_000

    const { id } = await having(world, { title: 'Fresh' })
    const fresh = await stream.next()
    world.clock.now += 1_000
    await world.db
      .updateTable('deliveries')
      .set({ state: 'delivered', stateAt: world.clock.now, endedAt: world.clock.now, rank: null })
      .where('id', '=', id)
      .execute()
    const sent = await stream.next()
    await stream.leave()

    expect(stream.response.headers.get('content-type')).toContain('text/event-stream')
    expect(deliveryOf(fresh)).toMatchObject({ id, title: 'Fresh', state: 'pending' })
    expect(deliveryOf(sent)).toMatchObject({ id, state: 'delivered' })
    expect(Number(sent?.id)).toBeGreaterThanOrEqual(world.clock.now)
  },
)

test('a filter means what it means in the list', async () => {
  await using world = await startWorld()
  const stream = await follow(world, await world.as('viewer'), '?state=failed&search=wanted')
  world.clock.now += 10_000
  await having(world, { title: 'wanted, but waits' })
  await having(world, { title: 'another', state: 'failed', endedAt: world.clock.now })

  const { id } = await having(world, { title: 'WANTED', state: 'failed', endedAt: world.clock.now })
  const told = await stream.next()
  await stream.leave()

  expect(deliveryOf(told)?.id).toBe(id)
})

test('whoever comes back is told what happened meanwhile, or that it was away too long', async () => {
  await using world = await startWorld()
  const viewer = await world.as('viewer')
  const since = world.clock.now
  world.clock.now += 60_000
  const { id } = await having(world)
  world.clock.now += 60_000

  const back = await follow(world, viewer, '', { 'last-event-id': String(since) })
  const late = await follow(world, viewer, '', { 'last-event-id': String(since - 3_600_000) })

  expect(deliveryOf(await back.next())?.id).toBe(id)
  expect((await late.next())?.event).toEqual({ kind: 'behind' })
  await Promise.all([back.leave(), late.leave()])
})

test('it ends when the server stops', async () => {
  await using world = await startWorld()
  const stream = await follow(world, await world.as('viewer'))

  await world.endStreams()

  expect(await stream.next()).toBeUndefined()
  expect((await (await world.as('viewer')).get('/api/deliveries/stream')).status).toBe(503)
})

test('a wrong filter, a wrong last event and one stream too many of a person are refused', async () => {
  await using world = await startWorld()
  const viewer = await world.as('viewer')

  const filter = await viewer.get('/api/deliveries/stream?state=lost')
  const last = await follow(world, viewer, '', { 'last-event-id': 'yesterday' })
  const streams = await Promise.all(Array.from({ length: MOST_OF_ONE }, () => follow(world, viewer)))
  const tooMany = await viewer.get('/api/deliveries/stream')
  const other = await follow(world, await world.as('operator'))

  expect([filter.status, last.response.status, tooMany.status]).toEqual([422, 422, 429])
  expect(other.response.status).toBe(200)
  expect(Number(tooMany.headers.get('retry-after'))).toBeGreaterThan(0)
  await streams.pop()?.leave()
  await expect.poll(async () => (await follow(world, viewer)).response.status).toBe(200)
})

test('a process that serves as many as it can says so, and when to come back', async () => {
  await using world = await startWorld()
  const keys = Array.from({ length: Math.ceil(MOST_FOLLOWERS / MOST_OF_ONE) }, () => world.withKey(['deliveries:read']))
  const places = (await Promise.all(keys)).flatMap((key) => Array.from({ length: MOST_OF_ONE }, () => key))
  await Promise.all(places.slice(0, MOST_FOLLOWERS).map((key) => follow(world, key)))

  const full = await (await world.as('viewer')).get('/api/deliveries/stream')

  expect(full).toMatchObject({ status: 503, body: { error: { code: 'unavailable', fix: expect.any(String) } } })
  expect(Number(full.headers.get('retry-after'))).toBeGreaterThan(0)
})

test('nobody follows without being signed in', async () => {
  await using world = await startWorld()

  expect((await world.anonymous.get('/api/deliveries/stream')).status).toBe(401)
})

test('whoever asks for the headers alone takes no place', async () => {
  await using world = await startWorld()
  const viewer = await world.as('viewer')

  for (let asked = 0; asked <= MOST_OF_ONE; asked += 1) {
    await fetch(`${world.url}/api/deliveries/stream`, { method: 'HEAD', headers: viewer.headers })
  }
  const stream = await follow(world, viewer)
  await stream.leave()

  expect(stream.response.status).toBe(200)
})
