import { expect, test } from 'vitest'
import { insertEvents } from '../../server/events/store.ts'
import { listEventTypes } from '../../server/events/types-store.ts'
import { eachStore } from '../support/each-store.ts'
import { NOW } from '../support/factories.ts'

eachStore('types of events', (open) => {
  test('are listed once each, with their newest event, in the order of their names', async () => {
    await using store = await open()
    const types = ['b.two', 'a.one', 'b.two', 'a.one', 'c.three']
    await insertEvents(
      store.db,
      types.map((type, place) => ({
        ...{ id: `evt_${place}`, source: 'a test', type, body: '{}', acceptedAt: NOW + place },
        ...{ routingRevision: null, routingNotes: null, landed: null },
      })),
    )

    const all = await listEventTypes(store.db, 10)

    expect(all.map(({ type, acceptedAt }) => [type, Number(acceptedAt)])).toEqual([
      ['a.one', NOW + 3],
      ['b.two', NOW + 2],
      ['c.three', NOW + 4],
    ])
    expect(await listEventTypes(store.db, 2)).toHaveLength(2)
  })

  test('are none before the first event', async () => {
    await using store = await open()

    expect(await listEventTypes(store.db, 10)).toEqual([])
  })
})
