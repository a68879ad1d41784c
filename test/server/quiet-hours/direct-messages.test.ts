import { describe, expect, test } from 'vitest'
import { followFeatures, refreshDirectories } from '../../../server/mentions/refresh-directories.ts'
import { ENGINES } from '../../support/each-store.ts'
import { MORNING, type Night, startNight } from './quiet-world.ts'

describe.each(ENGINES)('a person’s quiet hours and mutes, on %s', (engine) => {
  test('hold a direct message that is sent to them by address, and its time line says so', async () => {
    await using night = await startNight(engine)
    const { email, place } = await havingPerson(night)
    await night.quiet({ scope: { kind: 'person', recipient: email.toUpperCase() }, atEnd: 'send' })

    const id = await night.say('For you', { destination: { integrationId: night.integrationId, person: email } })
    const other = await night.say('For all')

    const held = await night.read(id)
    expect(held).toMatchObject({ state: 'held', code: 'quiet_hours', destination: { id: place.id } })
    expect(held.timeline).toContainEqual(
      expect.objectContaining({ title: 'Waits for the end of quiet hours', code: 'quiet_hours' }),
    )
    expect((await night.read(other)).state).toBe('pending')
    night.clock.now = MORNING + 1_000
    await night.run()
    expect((await night.read(id)).state).toBe('delivered')
  })

  test('hold one that names the destination, by the member ID and by the address in the list of people', async () => {
    await using night = await startNight(engine)
    const { email, place } = await havingPerson(night)
    const byId = await night.mute(3_600_000, { scope: { kind: 'person', recipient: place.target } })
    const first = await night.say('One', { destination: place.id })
    await night.admin.post(`/api/mutes/${byId}/end`)
    await followFeatures(night.ctx)
    for (let round = 0; round < 4; round += 1) {
      night.clock.now += 10_000
      await refreshDirectories(night.ctx)
    }
    await night.mute(3_600_000, { scope: { kind: 'person', recipient: email } })
    const second = await night.say('Two', { destination: place.id })

    expect((await night.read(first)).state).toBe('held')
    expect(await night.read(second)).toMatchObject({ state: 'held', code: 'muted' })
  })

  test('are asked again at the end of another wait', async () => {
    await using night = await startNight(engine)
    const { place } = await havingPerson(night)
    await night.mute(60_000, { scope: { kind: 'destination', id: place.id }, atEnd: 'send' })
    const id = await night.say('For you', { destination: place.id })
    await night.mute(3_600_000, { scope: { kind: 'person', recipient: place.target }, atEnd: 'send' })

    night.clock.now += 60_000
    await night.run()
    const between = await night.read(id)
    night.clock.now += 3_600_000
    await night.run()

    expect(between).toMatchObject({ state: 'held', code: 'muted' })
    expect((await night.read(id)).state).toBe('delivered')
  })

  test('let an urgent one through, which tells of it, unless they say no', async () => {
    await using night = await startNight(engine)
    const { place } = await havingPerson(night)
    const scope = { kind: 'person', recipient: place.target }
    await night.quiet({ scope })

    const through = await night.say('Now', { destination: place.id, priority: 'urgent' })
    await night.mute(3_600_000, { scope, urgentBreaksThrough: false })
    const held = await night.say('Now as well', { destination: place.id, priority: 'urgent' })

    const told = await night.read(through)
    expect(told.state).toBe('pending')
    expect(told.timeline).toContainEqual(expect.objectContaining({ title: 'Urgent: does not wait for quiet hours' }))
    expect(await night.read(held)).toMatchObject({ state: 'held', code: 'muted' })
  })
})

async function havingPerson(night: Night) {
  const person = (await night.slack.people()).find(({ email }) => email)
  const email = person?.email ?? ''
  const wanted = { integrationId: night.integrationId, kind: 'person', person: email }
  const place = (await night.admin.post('/api/destinations', wanted)).body as { id: string; target: string }
  return { email, place }
}
