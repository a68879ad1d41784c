import { describe, expect, test } from 'vitest'
import { ENGINES } from '../../support/each-store.ts'
import { MORNING, startNight } from './quiet-world.ts'

describe.each(ENGINES)('while it is quiet, on %s', (engine) => {
  test('a message waits for the end, says so, and is then sent, marked as delayed', async () => {
    await using night = await startNight(engine)
    const quietId = await night.quiet()

    const id = await night.say('Good night')
    await night.run()
    const waiting = await night.read(id)
    const held = (await night.admin.get(`/api/quiet-hours/${quietId}`)).body.held
    const before = await night.texts()
    night.clock.now = MORNING - 1
    await night.run()
    const early = await night.texts()
    night.clock.now = MORNING
    await night.run()

    expect(waiting).toMatchObject({ state: 'held', code: 'quiet_hours', dueAt: '2026-12-02T06:00:00.000Z' })
    expect(waiting.timeline.map(({ title, note }: Record<string, string>) => [title, note])).toContainEqual([
      'Waits for the end of quiet hours',
      'Quiet hours of everything, 22:00 to 07:00 (Europe/Berlin).',
    ])
    expect(waiting.timeline.at(-1)).toMatchObject({ at: '2026-12-02T06:00:00.000Z', title: 'The wait ends' })
    expect([held, before, early]).toEqual([1, [], []])
    const sent = await night.read(id)
    expect(sent).toMatchObject({ state: 'delivered' })
    expect(sent.code).toBeUndefined()
    expect(sent.timeline.map(({ title }: { title: string }) => title)).toContain('The wait is over')
    const [text] = await night.texts()
    expect(text).toMatch(/^Good night\n\nDelayed: first meant for <!date\^/)
    expect((await night.admin.get(`/api/quiet-hours/${quietId}`)).body.held).toBe(0)
  })

  test('several become one digest, each telling where it is said', async () => {
    await using night = await startNight(engine)
    await night.quiet()

    const ids = [await night.say('Disk is full'), await night.say('Look <https://acme.example/1|here>\nIt is red.')]
    night.clock.now = MORNING
    await night.run()

    const texts = await night.texts()
    expect(texts).toHaveLength(2)
    expect(texts[0]).toContain('*2 messages waited*')
    expect(texts[0]).toContain('Quiet hours of everything, 22:00 to 07:00 (Europe/Berlin)')
    expect(texts[0]).toMatch(/Disk is full\n•.*<https:\/\/acme\.example\/1\|/)
    expect(texts[1]).toContain('It is red.')
    for (const id of ids) {
      const told = await night.read(id)
      expect(told).toMatchObject({ state: 'delivered' })
      expect(told.messageTs).toBeDefined()
      expect(told.timeline.map(({ title }: { title: string }) => title)).toContain('Folded into a summary')
    }
  })

  test('what is set to be sent goes out one by one, in the order it was accepted in', async () => {
    await using night = await startNight(engine)
    await night.quiet({ atEnd: 'send' })

    for (const text of ['one', 'two', 'three']) await night.say(text)
    night.clock.now = MORNING
    const later = await night.say('four')
    await night.run()

    const first = (text: string) => text.split('\n')[0]
    expect((await night.texts()).map(first)).toEqual(['one', 'two', 'three', 'four'])
    expect((await night.read(later)).message.text).toBe('four')
  })

  test('what is set to be dropped is suppressed, with the reason', async () => {
    await using night = await startNight(engine)
    await night.mute(3_600_000, { atEnd: 'drop' })

    const id = await night.say('Never mind')
    night.clock.now += 3_600_000
    await night.run()

    const dropped = await night.read(id)
    expect(dropped).toMatchObject({ state: 'suppressed', code: 'quiet_dropped' })
    expect(dropped.timeline.map(({ note }: { note?: string }) => note)).toContain('What waited is dropped, as was set.')
    expect(await night.texts()).toEqual([])
  })

  test('an urgent one does not wait, and tells of it, unless it has to', async () => {
    await using night = await startNight(engine)
    const id = await night.quiet()

    const through = await night.say('Fire', { priority: 'urgent' })
    await night.admin.put(`/api/quiet-hours/${id}`, {
      ...{ scope: { kind: 'everything' }, days: [1, 2, 3, 4, 5, 6, 7], from: '22:00', to: '07:00' },
      ...{ timeZone: 'Europe/Berlin', urgentBreaksThrough: false },
    })
    const waits = await night.say('Smoke', { priority: 'urgent' })
    await night.run()

    expect(await night.texts()).toEqual(['Fire'])
    const told = await night.read(through)
    expect(told.timeline.map(({ title }: { title: string }) => title)).toContain(
      'Urgent: does not wait for quiet hours',
    )
    expect(await night.read(waits)).toMatchObject({ state: 'held', code: 'quiet_hours' })
  })

  test('a test and a replay go out at once', async () => {
    await using night = await startNight(engine)
    const id = await night.say('Once')
    await night.admin.post(`/api/deliveries/${id}/cancel`)
    await night.quiet()

    await night.admin.post(`/api/deliveries/${id}/replay`)
    await night.admin.post(`/api/destinations/${night.destinationId}/test`, {})
    await night.run()

    expect(await night.texts()).toHaveLength(2)
  })

  test('the queue tells for whom it waits, and why', async () => {
    await using night = await startNight(engine)
    await night.mute(3_600_000, { reason: 'The move of the database' })
    await night.say('One')
    await night.say('Two')

    const { body } = await night.admin.get('/api/queue')

    expect(body.quiet).toMatchObject([
      { code: 'muted', waiting: 2, reason: expect.stringMatching(/^Muted by .*: The move of the database$/) },
    ])
  })

  test('a mute that is ended by hand lets what it held go, and quiet hours that are deleted too', async () => {
    await using night = await startNight(engine)
    const mute = await night.mute(7_200_000, { scope: { kind: 'destination', id: night.destinationId } })
    const first = await night.say('Muted')
    await night.admin.post(`/api/mutes/${mute}/end`)
    await night.run()
    const quiet = await night.quiet()
    const second = await night.say('Quiet')
    await night.admin.delete(`/api/quiet-hours/${quiet}`)
    await night.run()

    expect(await night.read(first)).toMatchObject({ state: 'delivered' })
    expect(await night.read(second)).toMatchObject({ state: 'delivered' })
  })

  test('quiet hours that change are asked anew: what they still hold waits for their new end', async () => {
    await using night = await startNight(engine)
    const id = await night.quiet()
    const waiting = await night.say('Still')
    const hours = {
      scope: { kind: 'everything' },
      days: [1, 2, 3, 4, 5, 6, 7],
      from: '22:00',
      timeZone: 'Europe/Berlin',
    }

    await night.admin.put(`/api/quiet-hours/${id}`, { ...hours, to: '09:30' })
    await night.run()
    const longer = await night.read(waiting)
    await night.admin.put(`/api/quiet-hours/${id}`, { ...hours, to: '22:30' })
    await night.run()

    expect(longer).toMatchObject({ state: 'held', dueAt: '2026-12-02T08:30:00.000Z' })
    expect(await night.read(waiting)).toMatchObject({ state: 'delivered' })
  })

  test('where one ends and another begins the message waits on, and each holds it once', async () => {
    await using night = await startNight(engine)
    await night.quiet()
    await night.quiet({ from: '07:00', to: '22:00', atEnd: 'send' })
    const id = await night.say('Patience')

    night.clock.now = MORNING
    await night.run()
    const second = await night.read(id)
    night.clock.now = Date.parse('2026-12-02T21:00:00Z')
    await night.run()

    expect(second).toMatchObject({ state: 'held', code: 'quiet_hours', dueAt: '2026-12-02T21:00:00.000Z' })
    expect(await night.read(id)).toMatchObject({ state: 'delivered' })
  })

  test('what one of them wants kept is not dropped by another that goes on longer', async () => {
    await using night = await startNight(engine)
    await night.quiet({ atEnd: 'send' })
    const before = await night.say('Accepted before the mute')
    await night.mute(12 * 3_600_000, { atEnd: 'drop' })
    const after = await night.say('Accepted under both')

    night.clock.now = MORNING
    await night.run()
    const waiting = await night.read(before)
    night.clock.now = MORNING + 6 * 3_600_000
    await night.run()

    expect(waiting).toMatchObject({ state: 'held', code: 'muted' })
    expect(await night.read(before)).toMatchObject({ state: 'delivered' })
    expect(await night.read(after)).toMatchObject({ state: 'delivered' })
  })

  test('what is meant for later is asked for that time, and keeps it when the quiet is called off', async () => {
    await using night = await startNight(engine)
    const id = await night.quiet({ from: '00:00', to: '06:00' })
    const sendAt = '2026-12-02T01:00:00.000Z'
    const early = await night.say('Before midnight')
    const planned = await night.say('Planned', { sendAt })
    await night.run()
    const waiting = await night.read(planned)
    await night.admin.delete(`/api/quiet-hours/${id}`)
    await night.run()
    const scheduled = await night.read(planned)
    night.clock.now = Date.parse(sendAt)
    await night.run()

    expect(await night.read(early)).toMatchObject({ state: 'delivered' })
    expect(waiting).toMatchObject({ state: 'held', dueAt: '2026-12-02T05:00:00.000Z' })
    expect(scheduled).toMatchObject({ state: 'pending', dueAt: sendAt })
    expect(await night.texts()).toEqual(['Before midnight', 'Planned'])
  })
})
