import { describe, expect, test } from 'vitest'
import { ENGINES } from '../../support/each-store.ts'
import { havingSender } from '../../support/sending.ts'
import { startWorld, type World } from '../../support/world.ts'

const NIGHTS = { days: [1, 2, 3, 4, 5, 6, 7], from: '22:00', to: '07:00', timeZone: 'Europe/Berlin' }
const NIGHT = Date.parse('2026-12-01T23:00:00Z')

async function revisionOf({ db }: World): Promise<number> {
  const row = await db.selectFrom('routingState').select('revision').executeTakeFirstOrThrow()
  return Number(row.revision)
}

describe.each(ENGINES)('/api/quiet-hours on %s', (engine) => {
  test('are set, read, changed and deleted, and each change is counted and told in the trail', async () => {
    await using world = await startWorld({ engine })
    world.clock.now = NIGHT
    const { destinationId } = await havingSender(world)
    const admin = await world.as('admin')
    const scope = { kind: 'destination', id: destinationId }
    const before = await revisionOf(world)

    const made = await admin.post('/api/quiet-hours', { scope, ...NIGHTS })
    const path = `/api/quiet-hours/${made.body.id}`
    const changed = await admin.put(path, { scope, ...NIGHTS, days: [2, 1], atEnd: 'send', urgentBreaksThrough: false })
    const off = await admin.put(path, { scope, ...NIGHTS, enabled: false })
    const listed = await admin.get('/api/quiet-hours')
    const gone = await admin.delete(path)

    expect(made).toMatchObject({
      status: 201,
      body: {
        scope,
        scopeName: '#compliance',
        ...NIGHTS,
        urgentBreaksThrough: true,
        atEnd: 'digest',
        enabled: true,
        isQuietNow: true,
        changesAt: '2026-12-02T06:00:00.000Z',
        held: 0,
        updatedBy: 'Ada Ferrer',
      },
    })
    expect(changed.body).toMatchObject({ days: [1, 2], atEnd: 'send', urgentBreaksThrough: false })
    expect(off.body).toMatchObject({ enabled: false, isQuietNow: false })
    expect(off.body.changesAt).toBeUndefined()
    expect(listed.body).toEqual({ items: [off.body] })
    expect([gone.status, (await admin.get(path)).status, (await admin.delete(path)).status]).toEqual([204, 404, 404])
    expect(await revisionOf(world)).toBe(before + 4)
    const trail = await admin.get(`/api/audit?subject=${made.body.id}`)
    expect(trail.body.items.map(({ action }: { action: string }) => action)).toEqual([
      'quiet_hours.deleted',
      'quiet_hours.changed',
      'quiet_hours.changed',
      'quiet_hours.created',
    ])
  })

  test('a mute runs until its end, or until somebody ends it', async () => {
    await using world = await startWorld({ engine })
    const operator = await world.as('operator')
    const until = new Date(world.clock.now + 3_600_000).toISOString()
    const wanted = { scope: { kind: 'type', type: 'deploy.done' }, until, reason: 'Load test' }

    const first = await operator.post('/api/mutes', wanted)
    const second = await operator.post('/api/mutes', { ...wanted, atEnd: 'drop' })
    const ended = await operator.post(`/api/mutes/${first.body.id}/end`)
    const again = await operator.post(`/api/mutes/${first.body.id}/end`)
    const lists = async () => {
      const ids = []
      for (const state of ['active', 'ended']) {
        const { items } = (await operator.get(`/api/mutes?state=${state}`)).body
        ids.push(items.map(({ id }: { id: string }) => id))
      }
      return ids
    }
    const before = await lists()
    world.clock.now += 3_600_000

    expect(first).toMatchObject({
      status: 201,
      body: { scopeName: 'deploy.done', until, reason: 'Load test', by: 'A operator', atEnd: 'digest', held: 0 },
    })
    expect(ended.body).toMatchObject({ endedBy: 'A operator' })
    expect(again.body).toEqual(ended.body)
    expect(before).toEqual([[second.body.id], [first.body.id]])
    expect(await lists()).toEqual([[], [second.body.id, first.body.id]])
    const admin = await world.as('admin')
    const { items } = (await admin.get('/api/audit?action=mute')).body
    expect(items.map(({ action }: { action: string }) => action)).toEqual([
      'mute.ended',
      'mute.created',
      'mute.created',
    ])
  })
})

test.each([
  ['a destination that is not there', { scope: { kind: 'destination', id: 'dst_none' } }, 'scope.id'],
  ['a zone that does not exist', { timeZone: 'Europe/Atlantis' }, 'timeZone'],
  ['a zone with a line break', { timeZone: 'Europe/Berlin\n' + 'x' }, 'timeZone'],
  ['a time that no clock shows', { from: '24:00' }, 'from'],
  ['no day', { days: [] }, 'days'],
  ['a day too many', { days: [8] }, 'days.0'],
  ['an end nobody knows', { atEnd: 'explode' }, 'atEnd'],
  ['a field nobody knows', { __proto__x: 1 }, '__proto__x'],
  ['a scope of two kinds', { scope: { kind: 'everything', id: 'dst_1' } }, 'scope.id'],
])('quiet hours with %s are refused by name, and nothing is kept', async (_, change, field) => {
  await using world = await startWorld()
  const admin = await world.as('admin')

  const answer = await admin.post('/api/quiet-hours', { scope: { kind: 'everything' }, ...NIGHTS, ...change })

  expect(answer).toMatchObject({ status: 422, body: { error: { field } } })
  expect((await admin.get('/api/quiet-hours')).body).toEqual({ items: [] })
})

test.each([
  ['that is over before it begins', -1],
  ['that would go on for longer than a quarter', 93 * 86_400_000],
])('a mute %s is refused', async (_, ms) => {
  await using world = await startWorld()
  const admin = await world.as('admin')
  const until = new Date(world.clock.now + ms).toISOString()

  const answer = await admin.post('/api/mutes', { scope: { kind: 'everything' }, until, reason: 'x' })

  expect(answer).toMatchObject({ status: 422, body: { error: { field: 'until' } } })
})

test.each([
  ['everything', { scope: { kind: 'everything' } }],
  ['something that is then dropped', { atEnd: 'drop' }],
])('muting %s for more than a day is for an admin, and the refusal says so', async (_, change) => {
  await using world = await startWorld()
  const operator = await world.as('operator')
  const key = await world.withKey(['config:write'])
  const lasting = (ms: number) => ({
    ...{ scope: { kind: 'type', type: 'deploy.done' }, reason: 'x', ...change },
    until: new Date(world.clock.now + ms).toISOString(),
  })
  const DAY = 86_400_000

  const refused = await operator.post('/api/mutes', lasting(DAY + 1_000))
  const short = await operator.post('/api/mutes', lasting(DAY))
  const byAdmin = await (await world.as('admin')).post('/api/mutes', lasting(92 * DAY))
  const byKey = await key.post('/api/mutes', lasting(2 * DAY))
  const mild = await operator.post('/api/mutes', {
    ...lasting(30 * DAY),
    ...{ scope: { kind: 'type', type: 'deploy.done' }, atEnd: 'digest' },
  })

  expect(refused).toMatchObject({
    status: 403,
    body: { error: { field: 'until', message: expect.stringContaining('admin'), fix: expect.stringContaining('24') } },
  })
  expect([short.status, byAdmin.status, byKey.status, mild.status]).toEqual([201, 201, 201, 201])
})

test('what waits for what decides is refused to those who may only look, and to keys that may only send', async () => {
  await using world = await startWorld()
  const viewer = await world.as('viewer')
  const operator = await world.as('operator')
  const key = await world.withKey(['events:write', 'messages:write', 'deliveries:write'])
  const until = new Date(world.clock.now + 1_000).toISOString()
  const mute = { scope: { kind: 'everything' }, until, reason: 'x' }
  const hours = { scope: { kind: 'everything' }, ...NIGHTS }

  expect((await viewer.post('/api/mutes', mute)).status).toBe(403)
  expect((await key.post('/api/mutes', mute)).status).toBe(403)
  expect((await operator.post('/api/quiet-hours', hours)).status).toBe(403)
  expect((await viewer.get('/api/quiet-hours')).body).toEqual({ items: [] })
})
