import { describe, expect, test } from 'vitest'
import { ENGINES } from '../../support/each-store.ts'
import { startEventsWorld } from '../events/world.ts'

describe.each(ENGINES)('what breaks while the people of mentions are looked up, on %s', (engine) => {
  test('fails no change that is committed, and is told in the log', async () => {
    const lines: string[] = []
    await using world = await startEventsWorld({ engine, onLogLine: (line) => lines.push(line) })
    await world.db.schema.dropTable('slackEmailLookups').execute()
    const mentions = ['somebody@acme.example']

    const type = await world.admin.patch('/api/notification-types/door.open', {
      destinations: [world.destination],
      mentions,
    })
    const rule = await world.admin.post('/api/routing-rules', {
      ...{ name: 'All', condition: 'true', destinations: [world.destination], mentions },
    })

    expect([type.status, rule.status]).toEqual([200, 201])
    expect((await world.admin.get('/api/routing-rules')).body.items).toHaveLength(1)
    expect(lines.filter((line) => line.includes('mentions.lookup_broke'))).toHaveLength(2)
  })
})
