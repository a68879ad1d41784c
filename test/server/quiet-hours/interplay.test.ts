import { describe, expect, test } from 'vitest'
import { endDueWaits } from '../../../server/quiet-hours/end-waits.ts'
import { ENGINES } from '../../support/each-store.ts'
import { MORNING, startNight } from './quiet-world.ts'

describe.each(ENGINES)('quiet hours beside other switches, on %s', (engine) => {
  test('with a paused destination both must end first, in either order', async () => {
    await using night = await startNight(engine)
    const path = `/api/destinations/${night.destinationId}`
    await night.quiet()
    await night.admin.post(`${path}/pause`)
    const first = await night.say('Resumed first')
    await night.admin.post(`${path}/resume`)
    await night.run()
    const resumed = await night.read(first)

    await night.admin.post(`${path}/pause`)
    night.clock.now = MORNING
    await night.run()
    const morning = await night.read(first)
    await night.admin.post(`${path}/resume`)
    await night.run()

    expect(resumed).toMatchObject({ state: 'held', code: 'quiet_hours' })
    expect(morning).toMatchObject({ state: 'held', code: 'destination_paused' })
    expect(await night.read(first)).toMatchObject({ state: 'delivered' })
  })

  test('a digest for a paused destination waits for it, and comes once', async () => {
    await using night = await startNight(engine)
    const path = `/api/destinations/${night.destinationId}`
    await night.quiet()
    const ids = [await night.say('one'), await night.say('two')]
    await night.admin.post(`${path}/pause`)
    night.clock.now = MORNING
    await night.run()
    const before = await night.texts()
    await night.admin.post(`${path}/resume`)
    await night.run()

    expect(before).toEqual([])
    expect(await night.texts()).toHaveLength(1)
    for (const id of ids) expect(await night.read(id)).toMatchObject({ state: 'delivered' })
  })

  test('one that is cancelled, or whose line is dropped, is in no digest', async () => {
    await using night = await startNight(engine)
    await night.quiet()
    const [kept, cancelled] = [await night.say('kept'), await night.say('cancelled')]
    await night.admin.post(`/api/deliveries/${cancelled}/cancel`)
    night.clock.now = MORNING
    await night.run()
    const texts = await night.texts()
    await night.mute(3_600_000)
    const purged = await night.say('purged')
    const preview = await night.admin.get(`/api/queue/purge?destinationId=${night.destinationId}`)
    await night.admin.post('/api/queue/purge', { destinationId: night.destinationId, expected: 1 })
    night.clock.now += 3_600_000
    await night.run()

    expect(texts.map((text) => text.split('\n')[0])).toEqual(['kept'])
    expect(preview.body).toMatchObject({ count: 1 })
    expect(await night.read(kept)).toMatchObject({ state: 'delivered' })
    expect(await night.read(cancelled)).toMatchObject({ state: 'cancelled' })
    expect(await night.read(purged)).toMatchObject({ state: 'cancelled', code: 'purged' })
  })

  test('a digest that is cancelled takes back what it would have said', async () => {
    await using night = await startNight(engine)
    await night.quiet()
    const ids = [await night.say('one'), await night.say('two')]
    night.clock.now = MORNING
    await endDueWaits(night.ctx)
    const { items } = (await night.admin.get('/api/deliveries?state=pending')).body
    const digest = items.find(({ title }: { title: string }) => title === '2 messages that waited')
    await night.admin.post(`/api/deliveries/${digest.id}/cancel`)
    await night.run()

    expect(await night.texts()).toEqual([])
    for (const id of ids) expect(await night.read(id)).toMatchObject({ state: 'cancelled' })
  })

  test('a deleted destination ends what waits for it', async () => {
    await using night = await startNight(engine)
    await night.quiet()
    const id = await night.say('gone')
    await night.admin.delete(`/api/destinations/${night.destinationId}`)
    night.clock.now = MORNING
    await night.run()

    expect(await night.read(id)).toMatchObject({ state: 'cancelled', code: 'destination_deleted' })
  })

  test('two replicas at once make one digest', async () => {
    await using night = await startNight(engine)
    await night.quiet()
    for (let place = 0; place < 12; place += 1) await night.say(`Message ${place}`)
    night.clock.now = MORNING

    await Promise.all(
      Array.from({ length: 4 }, (_, place) => endDueWaits({ ...night.ctx, workerId: `replica ${place}` })),
    )
    await night.run()

    expect((await night.texts()).map((text) => text.split('*')[1])).toEqual(['12 messages waited'])
  })

  test('mutes that begin and end while messages come in and waits end leave nothing behind', async () => {
    await using night = await startNight(engine)
    const sent = Array.from({ length: 30 }, (_, place) => night.say(`Message ${place}`))
    const turns = Array.from({ length: 5 }, async () => {
      const id = await night.mute(3_600_000, { atEnd: 'send' })
      await endDueWaits(night.ctx)
      expect((await night.admin.post(`/api/mutes/${id}/end`)).status).toBe(200)
      await endDueWaits(night.ctx)
    })
    const ids = await Promise.all(sent)
    await Promise.all(turns)
    await night.run()

    for (const id of ids) expect(await night.read(id)).toMatchObject({ state: 'delivered' })
  })

  test('a database that breaks off in the middle leaves everything as it was, and the next look makes one digest', async () => {
    await using night = await startNight(engine)
    await night.quiet()
    const ids = [await night.say('one'), await night.say('two')]
    night.clock.now = MORNING
    let made = 0
    const breaking = {
      ...night.ctx,
      // Each id is one more step inside the transaction.
      newId: (prefix: Parameters<typeof night.ctx.newId>[0]) => {
        made += 1
        throw new Error(`Cut off at ${prefix}`)
      },
    }

    await expect(endDueWaits(breaking)).rejects.toThrow('Cut off at dlv')
    const between = await Promise.all(ids.map((id) => night.read(id)))
    await night.run()

    expect(made).toBe(1)
    expect(between.map(({ state }) => state)).toEqual(['held', 'held'])
    expect(await night.texts()).toHaveLength(1)
  })
})
