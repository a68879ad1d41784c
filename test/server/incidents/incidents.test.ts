import { describe, expect, test } from 'vitest'
import { deliverDue } from '../../../server/deliveries/worker.ts'
import { ENGINES } from '../../support/each-store.ts'
import { startWorld } from '../../support/world.ts'
import { channelAt, textsIn, waiting } from '../deliveries/steering-world.ts'

describe.each(ENGINES)('an archived channel, on %s', (engine) => {
  test('opens one incident with the fix and what waits behind it; resuming closes it and sends that in order', async () => {
    await using world = await startWorld({ engine })
    const { id: integrationId } = await world.havingIntegration()
    const { id } = await channelAt(world, integrationId, '#compliance')
    const operator = await world.as('operator')
    const channel = await world.slack.channel('compliance')
    await world.slack.changeChannel(channel, { archived: true })
    const [first] = await waiting(world, id, ['one', 'two', 'three'])

    await deliverDue(world.ctx)
    await deliverDue(world.ctx)
    const open = await operator.get('/api/incidents?open=true')
    const destination = await operator.get(`/api/destinations/${id}`)
    const attention = await operator.get('/api/metrics/attention')

    expect(open.body.items).toMatchObject([
      {
        subject: { kind: 'destination', id, name: '#compliance' },
        integrationId,
        code: 'is_archived',
        meaning: expect.stringMatching(/archived/i),
        fix: expect.any(String),
        deliveryId: first,
        held: 3,
      },
    ])
    expect(destination.body).toMatchObject({ state: 'paused', code: 'is_archived', pausedBy: 'Switchboard' })
    expect(attention.body.items).toMatchObject([
      {
        tone: 'bad',
        title: 'Messages to #compliance are held',
        action: { to: `/integrations/${integrationId}/destinations` },
      },
    ])

    await world.slack.changeChannel(channel, { archived: false })
    await operator.post(`/api/destinations/${id}/resume`)
    await deliverDue(world.ctx)
    const closed = await operator.get(`/api/incidents/${open.body.items[0].id}`)

    expect(closed.body).toMatchObject({ closedBy: 'A operator', closedAt: expect.any(String), held: 0 })
    expect((await operator.get('/api/incidents?open=true')).body.items).toEqual([])
    expect((await operator.get('/api/incidents?open=false')).body.items).toHaveLength(1)
    expect(await textsIn(world, 'compliance')).toEqual(['one', 'two', 'three'])
    expect((await operator.get('/api/metrics/attention')).body.items).toEqual([])
  })
})

test('a revoked token pauses the integration, with a link to the page of the app where it is mended', async () => {
  await using world = await startWorld()
  const { id: integrationId, appId } = await world.havingIntegration()
  const compliance = await channelAt(world, integrationId, '#compliance')
  const security = await channelAt(world, integrationId, '#security-alerts')
  const viewer = await world.as('viewer')
  await world.slack.changeToken(appId, 'bot', { state: 'revoked' })
  await waiting(world, compliance.id, ['one', 'two'])
  await waiting(world, security.id, ['three'])

  await deliverDue(world.ctx)
  const { items } = (await viewer.get('/api/incidents')).body
  const integration = (await viewer.get(`/api/integrations/${integrationId}`)).body

  expect(items).toMatchObject([
    {
      subject: { kind: 'integration', id: integrationId, name: 'Acme production' },
      held: 3,
      link: { url: expect.stringContaining(`/apps/${appId}/`) },
    },
  ])
  expect(integration).toMatchObject({ state: 'paused', stateCode: items[0].code, pausedBy: 'Switchboard' })
})

test('incidents are told page by page, of one integration if asked, and one that is not there is not found', async () => {
  await using world = await startWorld()
  const viewer = await world.as('viewer')
  const ids = ['inc_1', 'inc_2', 'inc_3']
  for (const [place, id] of ids.entries()) {
    await world.db
      .insertInto('incidents')
      .values({
        ...{ id, subjectKind: 'destination', subjectId: `dst_${id}`, subjectName: '#compliance' },
        ...{ integrationId: place === 0 ? 'int_other' : 'int_1', code: 'is_archived', detail: null, deliveryId: null },
        ...{ openedAt: world.clock.now, closedAt: null, closedBy: null },
      })
      .execute()
  }

  const first = (await viewer.get('/api/incidents?limit=2')).body
  const second = (await viewer.get(`/api/incidents?limit=2&cursor=${first.next}`)).body
  const others = (await viewer.get('/api/incidents?integrationId=int_other')).body
  const missing = await viewer.get('/api/incidents/inc_none')
  const senseless = await viewer.get('/api/incidents?open=perhaps')

  expect([...first.items, ...second.items].map(({ id }: { id: string }) => id)).toEqual(['inc_3', 'inc_2', 'inc_1'])
  expect(second).not.toHaveProperty('next')
  expect(others.items.map(({ id }: { id: string }) => id)).toEqual(['inc_1'])
  expect(missing.status).toBe(404)
  expect([senseless.status, senseless.body.error.field]).toEqual([422, 'open'])
})

test('what is deleted asks for nobody any more: its incidents are closed', async () => {
  await using world = await startWorld()
  const { id: integrationId, name } = await world.havingIntegration()
  const compliance = await channelAt(world, integrationId, '#compliance')
  const security = await channelAt(world, integrationId, '#security-alerts')
  const admin = await world.as('admin')
  for (const { id } of [compliance, security]) await waiting(world, id, ['one'])
  for (const channel of ['compliance', 'security-alerts']) {
    await world.slack.changeChannel(await world.slack.channel(channel), { archived: true })
  }
  await deliverDue(world.ctx)
  const countOpen = async () => (await admin.get('/api/incidents?open=true')).body.items.length

  const before = await countOpen()
  await admin.delete(`/api/destinations/${compliance.id}`)
  const between = await countOpen()
  await admin.delete(`/api/integrations/${integrationId}?name=${encodeURIComponent(name)}`)

  expect([before, between, await countOpen()]).toEqual([2, 1, 0])
})
