import { describe, expect, test } from 'vitest'
import { ENGINES } from '../../support/each-store.ts'
import { MORNING, type Night, startNight } from './quiet-world.ts'

const THREAD = { threadKey: 'fire' }

describe.each(ENGINES)('an urgent message that belongs to one that quiet holds, on %s', (engine) => {
  test.each(['digest', 'drop'])(
    'takes it along, right before itself, whatever was to become of it: %s',
    async (atEnd) => {
      await using night = await startNight(engine)
      await night.quiet({ atEnd })

      const parent = await night.say('Smoke in hall 3', THREAD)
      const other = await night.say('Lunch is at noon')
      const reply = await night.say('It burns', { ...THREAD, priority: 'urgent' })
      await night.run()

      expect(await standing(night, [parent, other, reply])).toEqual(['delivered', 'held', 'delivered'])
      const [first, second] = await inChannel(night)
      expect(first?.text).toContain('Smoke in hall 3')
      expect(second).toMatchObject({ text: 'It burns', thread_ts: first?.ts })
      expect((await night.read(parent)).timeline).toContainEqual(
        expect.objectContaining({ title: 'The wait is over', note: expect.stringContaining('An urgent message') }),
      )
    },
  )

  test('brings what it changes along too, and changes that', async () => {
    await using night = await startNight(engine)
    await night.quiet()

    await night.say('Smoke in hall 3', { updateKey: 'fire' })
    await night.say('It burns', { updateKey: 'fire', priority: 'urgent' })
    await night.run()
    night.clock.now = MORNING + 1_000
    await night.run()

    const channel = await inChannel(night)
    expect(channel.map(({ text }) => text)).toEqual(['It burns'])
  })

  test('begins the thread when other quiet holds it, which becomes a reply at its own end', async () => {
    await using night = await startNight(engine)
    await night.quiet()
    await night.mute(12 * 3_600_000, { scope: { kind: 'type', type: 'smoke' }, urgentBreaksThrough: false })

    const [parent = ''] = await night.happen({ type: 'smoke', title: 'Smoke in hall 3', ...THREAD })
    const reply = await night.say('It burns', { ...THREAD, priority: 'urgent' })
    await night.run()

    expect(await standing(night, [parent, reply])).toEqual(['held', 'delivered'])
    night.clock.now += 13 * 3_600_000
    await night.run()
    const [first, second] = await inChannel(night)
    expect(first?.text).toBe('It burns')
    expect(second?.text).toContain('Smoke in hall 3')
    expect(second?.thread_ts).toBe(first?.ts)
  })

  test('leaves one alone that is paused', async () => {
    await using night = await startNight(engine)
    await night.quiet()
    const parent = await night.say('Smoke in hall 3', THREAD)
    await night.admin.post(`/api/destinations/${night.destinationId}/pause`, {})
    await night.say('It burns', { ...THREAD, priority: 'urgent' })
    await night.run()

    expect((await night.read(parent)).state).toBe('held')
    expect(await inChannel(night)).toEqual([])
  })
})

const standing = async (night: Night, ids: string[]) =>
  Promise.all(ids.map(async (id) => (await night.read(id)).state as string))

const inChannel = async (night: Night) =>
  (await night.slack.messages(await night.slack.channel('compliance'))).sort((a, b) => (a.ts < b.ts ? -1 : 1))
