import { describe, expect, test } from 'vitest'
import { deliver } from '../../../server/deliveries/deliver.ts'
import { takeTurn } from '../../../server/deliveries/turn.ts'
import { deliverDue } from '../../../server/deliveries/worker.ts'
import { ENGINES } from '../../support/each-store.ts'
import { startWorld } from '../../support/world.ts'
import { channelAt, textsIn, waiting } from './steering-world.ts'

const SECOND_MS = 1_000

describe.each(ENGINES)('a paused destination, on %s', (engine) => {
  test('holds what waits and what comes, lets tests through, and once resumed sends it all in order', async () => {
    await using world = await startWorld({ engine })
    const { id: integrationId } = await world.havingIntegration()
    const compliance = await channelAt(world, integrationId, '#compliance')
    const security = await channelAt(world, integrationId, '#security-alerts')
    const operator = await world.as('operator')
    await waiting(world, compliance.id, ['one', 'two'])

    const paused = await operator.post(`/api/destinations/${compliance.id}/pause`, { note: 'The channel moves' })
    await waiting(world, compliance.id, ['three'])
    await waiting(world, compliance.id, ['urgent'], { priority: 'urgent' })
    await waiting(world, security.id, ['elsewhere'])
    await waiting(world, compliance.id, ['a test'], { origin: 'test', priority: 'urgent' })
    await deliverDue(world.ctx)
    const held = await operator.get(`/api/deliveries/counts?destinationId=${compliance.id}`)
    const texts = await textsIn(world, 'compliance')

    expect(paused).toMatchObject({ status: 200, body: { state: 'paused', pausedBy: 'A operator' } })
    expect(paused.body).not.toHaveProperty('code')
    expect(held.body.byState).toEqual({ held: 4, delivered: 1 })
    expect(texts).toEqual(['a test'])
    expect(await textsIn(world, 'security-alerts')).toEqual(['elsewhere'])

    const resumed = await operator.post(`/api/destinations/${compliance.id}/resume`)
    world.clock.now += SECOND_MS
    await deliverDue(world.ctx)

    expect(resumed.body).toMatchObject({ state: 'ok' })
    expect(resumed.body).not.toHaveProperty('pausedBy')
    expect(await textsIn(world, 'compliance')).toEqual(['a test', 'urgent', 'one', 'two', 'three'])
  })
})

test('pausing and resuming twice is the same as once, and the trail tells of each change with its note', async () => {
  await using world = await startWorld()
  const { id: integrationId } = await world.havingIntegration()
  const { id } = await channelAt(world, integrationId, '#compliance')
  const admin = await world.as('admin')
  const act = (what: string, body?: unknown) => admin.post(`/api/${what}`, body)

  for (const subject of [`destinations/${id}`, `integrations/${integrationId}`]) {
    for (const verb of ['resume', 'pause', 'pause', 'resume', 'resume']) {
      expect((await act(`${subject}/${verb}`, { note: `Please ${verb}` })).status).toBe(200)
    }
  }
  const trail = (await admin.get('/api/audit?limit=5')).body.items

  expect(trail.map(({ action, detail }: { action: string; detail: object }) => [action, detail]).slice(0, 4)).toEqual([
    ['integration.resumed', { pausedBy: 'Ada Ferrer', note: 'Please resume' }],
    ['integration.paused', { note: 'Please pause' }],
    ['destination.resumed', { pausedBy: 'Ada Ferrer', note: 'Please resume' }],
    ['destination.paused', { note: 'Please pause' }],
  ])
})

test('a resumed integration leaves the destinations held that are paused or off by themselves', async () => {
  await using world = await startWorld()
  const { id: integrationId } = await world.havingIntegration()
  const [compliance, security, random] = await Promise.all(
    ['#compliance', '#security-alerts', '#compliance-alerts'].map((channel) =>
      channelAt(world, integrationId, channel),
    ),
  )
  const admin = await world.as('admin')
  const each = [compliance, security, random].map((destination) => destination?.id ?? '')
  for (const id of each) await waiting(world, id, ['waits'])

  const paused = await admin.post(`/api/integrations/${integrationId}/pause`)
  await admin.post(`/api/destinations/${each[1]}/pause`)
  await admin.patch(`/api/destinations/${each[2]}`, { enabled: false })
  await deliverDue(world.ctx)
  const before = await Promise.all(
    ['compliance', 'security-alerts', 'compliance-alerts'].map((name) => textsIn(world, name)),
  )
  await admin.post(`/api/integrations/${integrationId}/resume`)
  await deliverDue(world.ctx)
  world.clock.now += SECOND_MS
  await deliverDue(world.ctx)

  expect(paused.body).toMatchObject({ state: 'paused', pausedBy: 'Ada Ferrer' })
  expect(before).toEqual([[], [], []])
  expect(await textsIn(world, 'compliance')).toEqual(['waits'])
  expect((await admin.get(`/api/deliveries?state=held&destinationId=${each[1]}`)).body.items).toMatchObject([
    { code: 'destination_paused' },
  ])
  expect((await admin.get(`/api/deliveries?state=held&destinationId=${each[2]}`)).body.items).toMatchObject([
    { code: 'destination_disabled' },
  ])
})

test.each(['before', 'while'])(
  'an integration that finds its token dead %s somebody pauses it holds its webhooks too',
  async (when) => {
    await using world = await startWorld()
    const { id: integrationId } = await world.havingIntegration()
    const compliance = await channelAt(world, integrationId, '#compliance')
    const operator = await world.as('operator')
    const admin = await world.as('admin')
    const url = (await world.slack.app()).webhooks[0]?.url
    const { body: webhook } = await admin.post('/api/destinations', {
      integrationId,
      kind: 'webhook',
      url,
      name: 'Alerts',
    })
    await world.slack.fault({ method: 'chat.postMessage', kind: 'error', code: 'token_revoked' })
    await waiting(world, compliance.id, ['through the bot'])

    const { taken } = await takeTurn(world.ctx, [], { limit: 1 })
    const finished = await Promise.all(taken.map((each) => deliver(world.ctx, each)))
    const settle = () => takeTurn(world.ctx, finished, { limit: 0 })
    if (when === 'before') await settle()
    const paused = await operator.post(`/api/integrations/${integrationId}/pause`)
    if (when === 'while') await settle()
    await waiting(world, webhook.id, ['through the webhook'])
    await deliverDue(world.ctx)
    const { body: held } = await operator.get('/api/deliveries?state=held')
    const { body: integration } = await operator.get(`/api/integrations/${integrationId}`)
    await operator.post(`/api/integrations/${integrationId}/resume`)
    await deliverDue(world.ctx)

    expect(paused).toMatchObject({ status: 200, body: { state: 'paused', pausedBy: 'A operator' } })
    expect(held.items.map(({ code }: { code: string }) => code)).toEqual(['integration_paused', 'integration_paused'])
    expect(integration).toMatchObject({ state: 'paused', pausedBy: 'A operator' })
    expect((await operator.get('/api/deliveries?state=delivered')).body.items).toHaveLength(2)
  },
)

test('a token that is replaced while the old one is refused sends the message, and pauses nothing', async () => {
  await using world = await startWorld()
  const { id } = await world.havingIntegration()
  const { body: destination } = await (await world.as('admin')).post('/api/destinations', {
    ...{ integrationId: id, kind: 'channel', channel: '#compliance' },
  })
  const { botToken } = await world.slack.app()
  const admin = await world.as('admin')
  await admin.patch(`/api/integrations/${id}`, { botToken: 'xoxb-1111111111-2222222222-abcdefghijklmnopqrstuvwx' })
  await waiting(world, destination.id, ['one'])
  await world.slack.fault({ method: 'chat.postMessage', kind: 'slow', delayMs: 1_000 })

  const delivering = deliverDue(world.ctx)
  const posted = async () => (await world.slack.calls('chat.postMessage')).length
  await expect.poll(posted, { timeout: 10_000 }).toBe(1)
  await admin.patch(`/api/integrations/${id}`, { botToken })
  await delivering

  expect(await textsIn(world, 'compliance')).toEqual(['one'])
  expect((await admin.get(`/api/integrations/${id}`)).body).toMatchObject({ state: 'untested' })
  expect((await admin.get('/api/incidents')).body.items).toEqual([])
})

test('only operators and keys for deliveries steer; a note that is no text is refused by name', async () => {
  await using world = await startWorld()
  const { id: integrationId } = await world.havingIntegration()
  const { id } = await channelAt(world, integrationId, '#compliance')
  const viewer = await world.as('viewer')
  const reader = await world.withKey(['deliveries:read', 'config:write'])
  const writer = await world.withKey(['deliveries:write'])

  const refused = await Promise.all(
    [viewer, reader].flatMap((caller) =>
      ['pause', 'resume'].flatMap((verb) => [
        caller.post(`/api/destinations/${id}/${verb}`),
        caller.post(`/api/integrations/${integrationId}/${verb}`),
      ]),
    ),
  )
  const bad = await writer.post(`/api/destinations/${id}/pause`, { note: 7 })
  const unknown = await writer.post('/api/destinations/dst_none/pause')

  expect(refused.map(({ status }) => status)).toEqual(Array(8).fill(403))
  expect([bad.status, bad.body.error.field]).toEqual([422, 'note'])
  expect(unknown.status).toBe(404)
  expect((await writer.post(`/api/destinations/${id}/pause`)).body.pausedBy).toBe('test')
})
