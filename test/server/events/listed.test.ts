import { describe, expect, test } from 'vitest'
import { insertEvents, type SavedEvent } from '../../../server/events/store.ts'
import { ENGINES } from '../../support/each-store.ts'
import { type EventsWorld, startEventsWorld } from './world.ts'

const list = async (world: EventsWorld, query: string) => {
  const answer = await world.admin.get(`/api/events?${query}`)
  if (answer.status !== 200) throw new Error(answer.text)
  return answer.body
}
const titles = async (world: EventsWorld, query: string): Promise<string[]> =>
  (await list(world, query)).items.map(({ title }: { title: string }) => title)

describe.each(ENGINES)('the list of events on %s', (engine) => {
  test('tells where each went, and is narrowed to those that reached nothing, the fallback, or were held back', async () => {
    await using world = await startEventsWorld({ engine })
    const general = await world.destinationAt('#general')
    const to = { destinations: [world.destination] }
    await world.send('/api/events', { type: 'lost', title: 'Nobody is told' })
    await world.admin.put('/api/routing-fallback', { destinations: [general] })
    await world.send('/api/events', { type: 'odd', title: 'Only the fallback' })
    await world.send('/api/events', { type: 'door', title: 'First', dedupeKey: 'd1', ...to })
    await world.send('/api/events', { type: 'door', title: 'The same again', dedupeKey: 'd1', ...to })

    const { items } = await list(world, '')

    expect(items.map((each: { title: string }) => each.title)).toEqual([
      'The same again',
      'First',
      'Only the fallback',
      'Nobody is told',
    ])
    expect(items).toMatchObject([
      { deliveries: { suppressed: 1 } },
      { deliveries: { pending: 1 } },
      { landed: 'fallback', deliveries: { pending: 1 } },
      { landed: 'nowhere', deliveries: {} },
    ])
    expect(items[1].landed).toBeUndefined()
    expect(await titles(world, 'landed=nowhere')).toEqual(['Nobody is told'])
    expect(await titles(world, 'landed=fallback')).toEqual(['Only the fallback'])
    expect(await titles(world, 'landed=suppressed')).toEqual(['The same again'])
    expect(await titles(world, 'landed=nowhere&type=odd')).toEqual([])
    expect(await titles(world, 'landed=nowhere&type=lost')).toEqual(['Nobody is told'])
  })

  test('an event whose every destination is dead reached the fallback', async () => {
    await using world = await startEventsWorld({ engine })
    const general = await world.destinationAt('#general')
    await world.admin.put('/api/routing-fallback', { destinations: [general] })
    await world.admin.put('/api/notification-types/door', { destinations: [world.destination] })
    await world.db
      .updateTable('destinations')
      .set({ pausedAt: 1, pauseCode: 'is_archived' })
      .where('id', '=', world.destination)
      .execute()

    await world.send('/api/events', { type: 'door', title: 'Door 3' })

    expect(await titles(world, 'landed=fallback')).toEqual(['Door 3'])
  })

  test('is searched by what an event says, by its id, by its type and by time, page by page', async () => {
    await using world = await startEventsWorld({ engine })
    const ids: string[] = []
    for (const [type, title] of [
      ['a', 'Größe 100% "neu"'],
      ['b', 'Door 3'],
      ['a', 'Door 4'],
    ]) {
      const { body } = await world.send('/api/events', { type, title, data: { owner: 'Ada', floor: 12 } })
      ids.push(body.id)
      world.clock.now += 60_000
    }
    await world.send('/api/events', '{"type":"a","title":"Gr\\u00f6\\u00dfe zwei"}')
    const sentAt = (await list(world, `search=${ids[1]}`)).items[0].acceptedAt

    expect(await titles(world, 'search=door')).toEqual(['Door 4', 'Door 3'])
    expect(await titles(world, 'search=ada&type=b')).toEqual(['Door 3'])
    expect(await titles(world, 'search=12&limit=1')).toEqual(['Door 4'])
    expect(await titles(world, `search=${encodeURIComponent('100% "n')}`)).toEqual(['Größe 100% "neu"'])
    expect(await titles(world, `search=${encodeURIComponent('größe')}`)).toEqual(['Größe zwei', 'Größe 100% "neu"'])
    expect(await titles(world, 'search=owner')).toEqual([])
    expect(await titles(world, `search=${ids[1]}`)).toEqual(['Door 3'])
    expect(await titles(world, `from=${sentAt}`)).toEqual(['Größe zwei', 'Door 4', 'Door 3'])
    expect(await titles(world, `to=${sentAt}`)).toEqual(['Größe 100% "neu"'])
    expect(await titles(world, 'type=a&limit=1')).toEqual(['Größe zwei'])
    const first = await list(world, 'search=o&limit=1')
    expect(await titles(world, `search=o&limit=1&cursor=${first.next}`)).toEqual(['Door 3'])
    expect((await list(world, 'limit=4')).next).toBeUndefined()
  })

  test('what the type of an event withholds is not found by searching for it', async () => {
    await using world = await startEventsWorld({ engine })
    await world.admin.put('/api/notification-types/salary', { allowedFields: ['title'] })
    await world.send('/api/events', {
      type: 'salary',
      title: 'A salary changed',
      recipient: 'ada@example.org',
      data: { amount: 91_700 },
    })

    expect(await titles(world, 'search=changed')).toEqual(['A salary changed'])
    expect(await list(world, 'search=91700')).toEqual({ items: [] })
    expect(await list(world, 'search=ada@example')).toEqual({ items: [] })
  })

  test('where too many would have to be looked at, it says how far it came and goes on from there', async () => {
    await using world = await startEventsWorld({ engine })
    const row = (place: number): SavedEvent => ({
      ...{ id: `evt_${String(place).padStart(22, '0')}`, source: 'a test', type: 'a', acceptedAt: place },
      ...{ body: JSON.stringify({ type: 'a', title: place === 3 ? 'The needle' : `Hay ${place}` }) },
      ...{ routingRevision: null, routingNotes: null, landed: null },
    })
    await insertEvents(
      world.db,
      Array.from({ length: 5_200 }, (_, place) => row(place)),
    )

    const first = await list(world, 'search=needle')
    const second = await list(world, `search=needle&cursor=${first.next}`)

    expect(first).toEqual({ items: [], next: row(200).id, searchedTo: new Date(200).toISOString() })
    expect(second.items).toMatchObject([{ title: 'The needle' }])
    expect(second.next).toBeUndefined()
  })

  test('a filter that is wrong is refused by its name', async () => {
    await using world = await startEventsWorld({ engine })

    for (const [query, field] of [
      ['landed=moon', 'landed'],
      ['from=yesterday', 'from'],
      ['serach=a', 'serach'],
    ]) {
      const { status, body } = await world.admin.get(`/api/events?${query}`)
      expect([status, body.error.field]).toEqual([422, field])
    }
    expect((await world.sender.get('/api/events')).status).toBe(403)
  })
})
