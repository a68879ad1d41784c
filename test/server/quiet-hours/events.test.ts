import { describe, expect, test } from 'vitest'
import { ENGINES } from '../../support/each-store.ts'
import { MORNING, NIGHTS, type Night, startNight } from './quiet-world.ts'

const standing = async (night: Night, ids: readonly (string | undefined)[]) => {
  const read = await Promise.all(ids.map((id) => night.read(id ?? '')))
  return read.map(({ state, code }) => (code ? `${state} ${code}` : state))
}

describe.each(ENGINES)('events while it is quiet, on %s', (engine) => {
  test('wait by their type, their person, or not at all, and each digest is grouped by type, oldest first', async () => {
    await using night = await startNight(engine)
    await night.quiet({ scope: { kind: 'type', type: 'disk.full' } })
    await night.mute(9 * 3_600_000, { scope: { kind: 'person', recipient: 'kim@acme.example' } })

    const [first] = await night.happen({ type: 'disk.full', title: 'A & B', url: 'https://acme.example/a' })
    const [second] = await night.happen({ type: 'login.new', title: 'New login', recipient: 'Kim@acme.example' })
    const [third] = await night.happen({ type: 'disk.full', title: 'Also C' })
    const [free] = await night.happen({ type: 'login.new', title: 'Of Ada', recipient: 'ada@acme.example' })
    await night.run()
    const before = await standing(night, [first, second, third, free])
    night.clock.now = MORNING + 3_600_000
    await night.run()

    expect(before).toEqual(['held quiet_hours', 'held muted', 'held quiet_hours', 'delivered'])
    const digest = (await night.texts()).at(1) ?? ''
    expect(digest).toMatch(/\*3 messages waited\*/)
    expect(digest).toMatch(
      /\*disk\.full\* \(2\)\n•.*<https:\/\/acme\.example\/a\|A &amp; B>\n•.*Also C\n\n\*login\.new\* \(1\)\n•.*New login/,
    )
    expect(digest).toContain('Muted by Ada Ferrer: A deploy')
    expect(await standing(night, [first, second, third])).toEqual(['delivered', 'delivered', 'delivered'])
  })

  test('a person’s mute holds what does not tell whom it is about', async () => {
    await using night = await startNight(engine)
    await night.admin.patch('/api/notification-types/login.new', { allowedFields: ['title'] })
    await night.mute(3_600_000, { scope: { kind: 'person', recipient: 'kim@acme.example' } })

    const [id] = await night.happen({ type: 'login.new', title: 'New login', recipient: 'kim@acme.example' })

    const told = await night.read(id ?? '')
    expect(told).toMatchObject({ state: 'held', code: 'muted' })
    expect(told.recipient).toBeUndefined()
  })

  test('a person’s quiet hours that change go on holding what does not tell whom it is about', async () => {
    await using night = await startNight(engine)
    await night.admin.patch('/api/notification-types/login.new', { allowedFields: ['title'] })
    const scope = { kind: 'person', recipient: 'kim@acme.example' }
    const quietId = await night.quiet({ scope })
    const [id] = await night.happen({ type: 'login.new', title: 'New login', recipient: 'kim@acme.example' })

    await night.admin.put(`/api/quiet-hours/${quietId}`, { scope, ...NIGHTS, to: '09:30' })
    await night.run()

    expect(await night.read(id ?? '')).toMatchObject({
      ...{ state: 'held', code: 'quiet_hours', dueAt: '2026-12-02T08:30:00.000Z' },
    })
  })

  test('with a paused type both must end first, whichever began or ends before the other', async () => {
    await using night = await startNight(engine)
    const path = '/api/notification-types/compliance.violation'
    await night.quiet({ atEnd: 'send' })
    const [quietFirst] = await night.happen({ title: 'Quiet first' })
    await night.admin.post(`${path}/pause`)
    const [pausedFirst] = await night.happen({ title: 'Paused first' })
    const paused = await standing(night, [quietFirst, pausedFirst])
    await night.admin.post(`${path}/resume`)
    await night.run()
    const resumed = await standing(night, [quietFirst, pausedFirst])
    await night.admin.post(`${path}/pause`)
    night.clock.now = MORNING
    await night.run()
    const morning = await standing(night, [quietFirst, pausedFirst])
    await night.admin.post(`${path}/resume`)
    await night.run()

    expect(paused).toEqual(['held type_paused', 'held type_paused'])
    expect(resumed).toEqual(['held quiet_hours', 'held quiet_hours'])
    expect(morning).toEqual(['held type_paused', 'held type_paused'])
    expect(await standing(night, [quietFirst, pausedFirst])).toEqual(['delivered', 'delivered'])
  })

  test('a repeat of what waits is still a repeat, and a change of it still a change', async () => {
    await using night = await startNight(engine)
    await night.quiet()
    const [said] = await night.happen({ title: 'Said', dedupeKey: 'k' })
    const [again] = await night.happen({ title: 'Said', dedupeKey: 'k' })
    const first = await night.happen({ title: 'Build runs', updateKey: 'build' })
    const later = await night.happen({ title: 'Build is done', updateKey: 'build' })
    night.clock.now = MORNING
    await night.run()

    expect(await standing(night, [said, again])).toEqual(['delivered', 'suppressed duplicate'])
    expect(await standing(night, [...first, ...later])).toEqual(['delivered', 'delivered'])
    const texts = await night.texts()
    expect(texts).toHaveLength(2)
    expect(texts.some((text) => text.startsWith('Build is done'))).toBe(true)
  })

  test('a mute that runs out is over, also for whoever decides by what was read before', async () => {
    await using night = await startNight(engine)
    const mute = await night.mute(60_000)
    night.clock.now += 60_000
    const [id] = await night.happen()
    await night.run()

    expect(await standing(night, [id])).toEqual(['delivered'])
    const { items } = (await night.admin.get('/api/mutes?state=ended')).body
    expect(items).toEqual([expect.objectContaining({ id: mute })])
  })
})
