import { expect, test } from 'vitest'
import { probeDue } from '../../../server/health/probe.ts'
import { startProbes } from '../../../server/health/worker.ts'
import { startWorld, type World } from '../../support/world.ts'

const MINUTE_MS = 60_000
const WRONG_TOKEN = 'xoxb-1111111111-2222222222-abcdefghijklmnopqrstuvwx'

/** A world at the last seconds of a minute, when every integration's turn has come. */
async function startProbed(options: Parameters<typeof startWorld>[0] = {}) {
  const world = await startWorld(options)
  world.clock.now = Math.floor(world.clock.now / MINUTE_MS) * MINUTE_MS + 55_000
  const integration = await world.havingIntegration()
  const { appId } = await world.slack.app()
  await world.slack.ask('DELETE', '/calls')
  return {
    ...world,
    world,
    integration,
    probes: () => world.db.selectFrom('probes').selectAll().orderBy('at').execute(),
    stateOf: async () => {
      const { body } = await (await world.as('viewer')).get(`/api/integrations/${integration.id}`)
      return { state: body.state, stateCode: body.stateCode }
    },
    nextMinute: async () => {
      world.clock.now += MINUTE_MS
      return probeDue(world.ctx)
    },
    changeToken: (state: 'live' | 'revoked') => world.slack.changeToken(appId, 'bot', { state }),
    async [Symbol.asyncDispose]() {
      await world[Symbol.asyncDispose]()
    },
  }
}

const asked = async (world: World) => (await world.slack.calls('auth.test')).length

test('an integration is probed once a minute', async () => {
  await using probed = await startProbed()

  const rounds = [await probeDue(probed.ctx), await probeDue(probed.ctx), await probed.nextMinute()]

  expect(rounds).toEqual([1, 0, 1])
  expect(await asked(probed.world)).toBe(2)
  expect(await probed.probes()).toMatchObject([
    { integrationId: probed.integration.id, ok: 1, code: null, at: probed.clock.now - MINUTE_MS },
    { integrationId: probed.integration.id, ok: 1, code: null, at: probed.clock.now },
  ])
})

test.each(['sqlite', 'postgres'] as const)('replicas share the work, on %s', async (engine) => {
  await using probed = await startProbed({ engine })

  const rounds = await Promise.all([1, 2, 3].map(() => probeDue(probed.ctx)))

  expect(rounds.toSorted()).toEqual([0, 0, 1])
  expect(await asked(probed.world)).toBe(1)
})

test('several integrations have their turns at different seconds of the minute', async () => {
  await using probed = await startProbed()
  for (let number = 0; number < 11; number += 1) await probed.havingIntegration({ name: `Acme ${number}` })
  probed.clock.now += 5_000

  const bySecond: number[] = []
  for (let second = 0; second < 60; second += 1) {
    bySecond.push(await probeDue(probed.ctx))
    probed.clock.now += 1_000
  }

  expect(bySecond.reduce((sum, count) => sum + count)).toBe(12)
  expect(Math.max(...bySecond)).toBeLessThan(7)
})

test('a dead token makes the integration fail, and a live one again mends it', async () => {
  await using probed = await startProbed()

  await probed.changeToken('revoked')
  await probeDue(probed.ctx)
  expect(await probed.stateOf()).toEqual({ state: 'failing', stateCode: 'token_revoked' })

  await probed.changeToken('live')
  await probed.nextMinute()
  expect(await probed.stateOf()).toEqual({ state: 'ok', stateCode: undefined })
  expect(await probed.probes()).toMatchObject([{ ok: 0, code: 'token_revoked' }, { ok: 1 }])
})

test('a hiccup of Slack before the token lives again does not leave the integration failing', async () => {
  await using probed = await startProbed()
  await probed.changeToken('revoked')
  await probeDue(probed.ctx)
  await probed.slack.fault({ method: 'auth.test', kind: 'http_503_html', times: 1 })
  await probed.nextMinute()

  await probed.changeToken('live')
  await probed.nextMinute()

  expect(await probed.stateOf()).toEqual({ state: 'ok', stateCode: undefined })
})

test.each([
  ['a wrong token that was right', (right: string) => [right, WRONG_TOKEN]],
  ['a right token that was wrong', (right: string) => [WRONG_TOKEN, right]],
])('a probe says nothing about %s while it ran', async (_, tokens) => {
  await using probed = await startProbed()
  const admin = await probed.as('admin')
  const [before, after] = tokens((await probed.slack.app()).botToken)
  await admin.patch(`/api/integrations/${probed.integration.id}`, { botToken: before })
  await probed.slack.fault({ method: 'auth.test', kind: 'slow', delayMs: 1_000 })

  const probing = probeDue(probed.ctx)
  await expect.poll(() => asked(probed.world), { timeout: 10_000 }).toBe(1)
  await admin.patch(`/api/integrations/${probed.integration.id}`, { botToken: after })
  await probing

  expect(await probed.stateOf()).toEqual({ state: 'untested', stateCode: undefined })
  expect(await probed.probes()).toEqual([])
})

test('an integration that is deleted while it is probed breaks nothing', async () => {
  await using probed = await startProbed()
  await probed.slack.fault({ method: 'auth.test', kind: 'slow', delayMs: 1_000 })

  const probing = probeDue(probed.ctx)
  await expect.poll(() => asked(probed.world), { timeout: 10_000 }).toBe(1)
  await (await probed.as('admin')).delete(`/api/integrations/${probed.integration.id}?name=Acme%20production`)

  expect(await probing).toBe(1)
  expect(await probed.probes()).toEqual([])
})

test('a hiccup of Slack counts against that minute and marks nothing', async () => {
  await using probed = await startProbed()
  await probed.slack.fault({ method: 'auth.test', kind: 'http_503_html', times: 1 })

  await probeDue(probed.ctx)

  expect(await probed.probes()).toMatchObject([{ ok: 0, code: 'http_503' }])
  expect(await probed.stateOf()).toMatchObject({ state: 'untested' })
})

test('a wait that Slack asks for counts neither way', async () => {
  await using probed = await startProbed()
  await probed.slack.fault({ method: 'auth.test', kind: 'rate_limited', retryAfterSeconds: 30, times: 1 })

  await probeDue(probed.ctx)

  expect(await probed.probes()).toEqual([])
})

test('what a connection test found failing is not mended by a probe that can’t see it', async () => {
  await using probed = await startProbed()
  const admin = await probed.as('admin')
  await admin.patch(`/api/integrations/${probed.integration.id}`, { appToken: `xapp-1-A0WRONG-1-${'7e'.repeat(32)}` })
  await admin.post(`/api/integrations/${probed.integration.id}/test`)
  const found = await probed.stateOf()

  await probeDue(probed.ctx)
  await probed.nextMinute()

  expect(found.state).toBe('failing')
  expect(await probed.stateOf()).toEqual(found)
})

test('what is disabled or has no bot token is left alone', async () => {
  await using probed = await startProbed()
  const admin = await probed.as('admin')
  await admin.patch(`/api/integrations/${probed.integration.id}`, { enabled: false })
  const { body } = await admin.post('/api/integrations', {
    provider: 'slack',
    name: 'Webhooks only',
    appId: 'A0WEBHOOKS',
    clientId: '1.2',
    clientSecret: 'c'.repeat(32),
    signingSecret: 'd'.repeat(32),
  })

  const count = await probeDue(probed.ctx)

  expect(body.id).toMatch(/^int_/)
  expect(count).toBe(0)
  expect(await asked(probed.world)).toBe(0)
  expect(await probed.probes()).toEqual([])
})

test('the loop probes by itself, drops old probes, and stops', async () => {
  await using probed = await startProbed()
  const old = { id: 'prb_old', integrationId: probed.integration.id, tookMs: 1, ok: 1, code: null }
  await probed.db
    .insertInto('probes')
    .values({ ...old, at: probed.clock.now - 91 * 86_400_000 })
    .execute()

  const loop = startProbes(probed.ctx)
  await expect
    .poll(async () => (await probed.probes()).map(({ id }) => id), { timeout: 20_000 })
    .toEqual([expect.stringMatching(/^prb_0/)])
  await loop.stop()

  expect(await asked(probed.world)).toBe(1)
})
