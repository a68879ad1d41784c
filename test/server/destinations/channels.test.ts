import { describe, expect, test } from 'vitest'
import { destinationFinder } from '../../../server/destinations/find-or-create.ts'
import { refreshChannels } from '../../../server/destinations/refresh-channels.ts'
import { getDestination, markDestination } from '../../../server/destinations/store.ts'
import { startChannelRefresh } from '../../../server/destinations/worker.ts'
import { ADA, type Gateway, startGateway } from '../../support/gateway.ts'

const pick = (gateway: Gateway, query = '') =>
  gateway.ask('GET', `/api/integrations/${gateway.integrationId}/channels?${query}`)

/** Drives the clock from page to page until nothing is due within a minute; says how many pages that took. */
async function readAll(gateway: Gateway): Promise<number> {
  let pages = 0
  for (let idleMs = 0; idleMs < 60_000; idleMs += 1_000) {
    const read = await refreshChannels(gateway.ctx)
    if (read > 0) idleMs = 0
    pages += read
    gateway.clock.now += 1_000
  }
  return pages
}

const namesOf = (answer: { body: { items: { name: string }[] } }) => answer.body.items.map(({ name }) => name)

describe('the channel directory', () => {
  test('is whole in a workspace of 20,000 channels, without one call over Slack’s limit', {
    timeout: 60_000,
  }, async () => {
    await using gateway = await startGateway({ seed: 'large', pace: 'slack' })
    const started = gateway.clock.now

    const first = await pick(gateway)
    expect(first.body).toMatchObject({ items: [], total: 0, refresh: { state: 'running', pages: 0 } })
    const pages = await readAll(gateway)

    const list = await pick(gateway, 'limit=100&archived=true')
    const inSlack = await gateway.slack.channels()
    const calls = await gateway.slack.calls('conversations.list')
    expect(inSlack.length).toBeGreaterThan(20_000)
    // The one private channel without the bot is nobody's to see.
    expect(list.body.total).toBe(inSlack.length - 1)
    expect(list.body.refresh).toMatchObject({ state: 'complete', pages })
    expect(calls.filter((call) => call.status === 429)).toEqual([])
    expect(gateway.clock.now - started).toBeLessThan(5 * 60_000)

    const found = await pick(gateway, `archived=true&query=${inSlack.at(-1)?.name}`)
    expect(namesOf(found)[0]).toBe(inSlack.at(-1)?.name)
  })

  test('answers from what is read so far, and asks Slack for a channel pasted by id', async () => {
    await using gateway = await startGateway({ seed: 'large' })
    await pick(gateway)
    await refreshChannels(gateway.ctx)
    const last = (await gateway.slack.channels()).at(-1)

    const partly = await pick(gateway, 'archived=true')
    const byId = await pick(gateway, `query=${last?.id}`)
    const byLink = await pick(gateway, `query=https://acme.slack.com/archives/${last?.id}`)

    expect(partly.body.refresh).toMatchObject({ state: 'running', pages: 1 })
    expect(partly.body.total).toBeGreaterThan(100)
    expect(namesOf(byId)).toEqual([last?.name])
    expect(namesOf(byLink)).toEqual([last?.name])
  })

  test('goes on from the page it had come to, in another process, once the lease of the first has ended', async () => {
    await using gateway = await startGateway({ seed: 'large' })
    await pick(gateway)
    await refreshChannels(gateway.ctx)
    gateway.clock.now += 3_000
    await gateway.db
      .updateTable('channelRefreshes')
      .set({ claimedBy: 'dead worker', leaseEndsAt: gateway.clock.now + 60_000 })
      .execute()

    expect(await refreshChannels(gateway.ctx)).toBe(0)
    gateway.clock.now += 60_000
    expect(await refreshChannels({ ...gateway.ctx, workerId: 'worker-2' })).toBe(1)

    const calls = await gateway.slack.calls('conversations.list')
    expect(calls.map((call) => Boolean(call.args.cursor))).toEqual([false, true])
    expect((await pick(gateway)).body.refresh).toMatchObject({ state: 'running', pages: 2 })
  })

  test('keeps to the wait that Slack asks for', async () => {
    await using gateway = await startGateway()
    await gateway.slack.fault({ method: 'conversations.list', kind: 'rate_limited', retryAfterSeconds: 30 })
    await pick(gateway)
    await refreshChannels(gateway.ctx)

    gateway.clock.now += 29_999
    expect(await refreshChannels(gateway.ctx)).toBe(0)
    expect((await pick(gateway)).body.refresh).toMatchObject({ state: 'running', code: 'ratelimited' })

    gateway.clock.now += 1
    expect(await refreshChannels(gateway.ctx)).toBe(1)
    expect((await pick(gateway)).body.refresh).toMatchObject({ state: 'complete' })
  })

  test('says why it can not be read, and keeps what it knew', async () => {
    await using gateway = await startGateway()
    await pick(gateway)
    await refreshChannels(gateway.ctx)
    await gateway.slack.fault({ method: 'conversations.list', kind: 'error', code: 'token_revoked' })

    gateway.clock.now += 15 * 60_000
    await refreshChannels(gateway.ctx)

    const list = await pick(gateway)
    expect(list.body.refresh).toMatchObject({ state: 'failed', code: 'token_revoked' })
    expect(list.body.total).toBeGreaterThan(5)
  })

  test('recovers by itself once somebody looks again after the trouble is over', async () => {
    await using gateway = await startGateway()
    await gateway.slack.fault({ method: 'conversations.list', kind: 'error', code: 'token_revoked' })
    await pick(gateway)
    await refreshChannels(gateway.ctx)
    expect((await pick(gateway)).body.refresh.state).toBe('failed')

    gateway.clock.now += 30_000
    await pick(gateway)
    await refreshChannels(gateway.ctx)

    expect((await pick(gateway)).body.refresh.state).toBe('complete')
  })

  test('says that it failed when the saved credentials can not be opened', async () => {
    await using gateway = await startGateway()
    await pick(gateway)
    await gateway.db.updateTable('credentials').set({ sealed: 'v1.altered' }).execute()

    await refreshChannels(gateway.ctx)

    expect((await pick(gateway)).body.refresh).toMatchObject({ state: 'failed', code: 'not_prepared' })
  })

  test('says that the integration is disabled, and is read soon after it is enabled', async () => {
    await using gateway = await startGateway({ seed: 'large' })
    const enable = (disabledAt: number | null) => gateway.db.updateTable('integrations').set({ disabledAt }).execute()
    await pick(gateway)
    await refreshChannels(gateway.ctx)

    await enable(gateway.clock.now)
    gateway.clock.now += 3_000
    await refreshChannels(gateway.ctx)
    expect((await pick(gateway)).body.refresh).toMatchObject({ state: 'failed', code: 'integration_disabled' })

    await enable(null)
    gateway.clock.now += 30_000
    await refreshChannels(gateway.ctx)
    expect((await pick(gateway)).body.refresh).toEqual({ state: 'running', at: expect.any(String), pages: 1 })
  })

  test.each([
    ['to the same page', () => 'same'],
    ['in a circle', (page: number) => `page-${page % 3}`],
  ])('ends when the list leads %s, and keeps what it read', async (_, cursorOf) => {
    await using gateway = await startGateway()
    for (let page = 0; page < 20; page += 1) {
      await gateway.slack.fault({
        ...{ method: 'conversations.list', kind: 'http_500', status: 200 },
        body: JSON.stringify({
          ok: true,
          channels: [{ id: `C0AAAAAAA${page % 3}`, name: `room-${page % 3}` }],
          response_metadata: { next_cursor: cursorOf(page) },
        }),
      })
    }
    await pick(gateway)

    const pages = await readAll(gateway)

    expect(pages).toBeLessThanOrEqual(4)
    expect((await pick(gateway)).body).toMatchObject({ refresh: { state: 'failed', code: 'invalid_cursor' } })
    expect(namesOf(await pick(gateway)).length).toBeGreaterThan(1)
  })

  test('begins anew when a cursor has run out, drops what went meanwhile, and gives up when it runs out again', async () => {
    await using gateway = await startGateway({ seed: 'large' })
    const lost = { method: 'conversations.list', kind: 'error', code: 'invalid_cursor' }
    const [gone] = await gateway.slack.channels()
    await pick(gateway)
    await refreshChannels(gateway.ctx)
    await gateway.slack.ask('DELETE', `/channels/${gone?.id}`)
    await gateway.slack.fault(lost)
    await readAll(gateway)
    expect((await pick(gateway)).body.refresh).toMatchObject({ state: 'complete' })
    expect(namesOf(await pick(gateway, `archived=true&query=${gone?.name}`))).not.toContain(gone?.name)

    gateway.clock.now += 15 * 60_000
    await refreshChannels(gateway.ctx)
    await gateway.slack.fault(lost)
    gateway.clock.now += 3_000
    await refreshChannels(gateway.ctx)
    gateway.clock.now += 3_000
    await refreshChannels(gateway.ctx)
    await gateway.slack.fault(lost)
    gateway.clock.now += 3_000
    await refreshChannels(gateway.ctx)

    expect((await pick(gateway)).body.refresh).toMatchObject({ state: 'failed', code: 'invalid_cursor' })
  })

  test('is read again every 15 minutes, or on demand, and drops what is gone', async () => {
    await using gateway = await startGateway()
    const made = await gateway.slack.ask<{ id: string }>('POST', '/channels', { name: 'short-lived' })
    await pick(gateway)
    await refreshChannels(gateway.ctx)
    expect(namesOf(await pick(gateway, 'query=short-lived'))).toEqual(['short-lived'])
    await gateway.slack.ask('DELETE', `/channels/${made.id}`)

    gateway.clock.now += 60_000
    expect(await refreshChannels(gateway.ctx)).toBe(0)
    const asked = await gateway.ask('POST', `/api/integrations/${gateway.integrationId}/channels/refresh`)
    expect(asked.status).toBe(202)
    expect(gateway.nudged).toContain('channels')
    expect(await refreshChannels(gateway.ctx)).toBe(1)
    expect(namesOf(await pick(gateway, 'query=short-lived'))).toEqual([])

    gateway.clock.now += 15 * 60_000
    expect(await refreshChannels(gateway.ctx)).toBe(1)
  })

  test('a started loop reads it by itself', async () => {
    await using gateway = await startGateway()
    await pick(gateway)

    const loop = startChannelRefresh(gateway.ctx)
    await expect.poll(async () => (await pick(gateway)).body.refresh.state).toBe('complete')
    await loop.stop()

    expect((await pick(gateway)).body.total).toBeGreaterThan(5)
  })
})

describe('type-ahead', () => {
  test('finds text anywhere in the name, what begins with it first, and leaves out archived channels unless asked', async () => {
    await using gateway = await startGateway()
    await pick(gateway)
    await refreshChannels(gateway.ctx)

    const alerts = await pick(gateway, 'query=ALERTS')
    const begins = await pick(gateway, 'query=%23compliance')
    const archived = await pick(gateway, 'query=alerts&archived=true')
    const bounded = await pick(gateway, 'query=com&limit=1')
    const literal = await pick(gateway, 'query=%25')

    expect(namesOf(alerts)).toEqual(['compliance-alerts', 'security-alerts'])
    expect(namesOf(begins)).toEqual(['compliance', 'compliance-alerts', 'compliance-reports'])
    expect(namesOf(archived)).toContain('old-alerts')
    expect(bounded.body.items).toHaveLength(1)
    expect(bounded.body.matched).toBe(3)
    expect(literal.body.matched).toBe(0)
  })

  test('puts a name that begins with the text before one that only holds it', async () => {
    await using gateway = await startGateway()
    await gateway.slack.ask('POST', '/channels', { name: 'a-risk-of-rain' })
    await pick(gateway)
    await refreshChannels(gateway.ctx)

    expect(namesOf(await pick(gateway, 'query=risk'))).toEqual(['risk-watch', 'a-risk-of-rain'])
  })
})

describe('destinations follow their channels', () => {
  const read = async (gateway: Gateway) => {
    gateway.clock.now += 15 * 60_000
    await refreshChannels(gateway.ctx)
  }

  test('a renamed channel renames its destination, unless somebody gave it a name', async () => {
    await using gateway = await startGateway()
    const followed = await gateway.channelAt('compliance')
    const named = await gateway.destinationAt({ kind: 'channel', channel: '#security-alerts', name: 'Night shift' })
    await read(gateway)
    await gateway.slack.changeChannel('C0COMPLIANC', { name: 'compliance-team' })
    await gateway.slack.changeChannel('C0SECALERTS', { name: 'security-team' })

    await read(gateway)

    expect(await getDestination(gateway.db, followed.id)).toMatchObject({
      name: '#compliance-team',
      target: 'C0COMPLIANC',
    })
    expect(await getDestination(gateway.db, named.id)).toMatchObject({ name: 'Night shift' })
  })

  test('a name that another channel took since is that one’s', async () => {
    await using gateway = await startGateway()
    const find = destinationFinder(gateway.ctx)
    const place = { integrationId: gateway.integrationId, channel: '#compliance' }
    const before = await find(ADA, place)
    await gateway.slack.changeChannel('C0COMPLIANC', { name: 'compliance-old' })
    await pick(gateway)
    await read(gateway)
    await gateway.slack.ask('POST', '/channels', { name: 'compliance', member: true })

    const after = await find(ADA, place)

    expect(after).not.toBe(before)
    expect(await getDestination(gateway.db, after)).toMatchObject({ name: '#compliance' })
  })

  test('an archived channel is noticed without a send, and so is its return', async () => {
    await using gateway = await startGateway()
    const destination = await gateway.channelAt('compliance')
    await gateway.slack.changeChannel('C0COMPLIANC', { archived: true })

    await read(gateway)
    expect(await getDestination(gateway.db, destination.id)).toMatchObject({ state: 'failing', code: 'is_archived' })

    await gateway.slack.changeChannel('C0COMPLIANC', { archived: false })
    await read(gateway)
    expect(await getDestination(gateway.db, destination.id)).toMatchObject({ state: 'untested', code: null })
  })

  test('an invited bot lifts its warning; what only a send can know stays', async () => {
    await using gateway = await startGateway()
    const outside = await gateway.channelAt('audit-room')
    const restricted = await gateway.channelAt('compliance')
    await markDestination(gateway.db, restricted.id, { state: 'failing', code: 'restricted_action', at: 1 })
    await gateway.slack.changeChannel('C0AUDITROOM', { member: true })

    await read(gateway)

    expect(await getDestination(gateway.db, outside.id)).toMatchObject({ state: 'untested', code: null })
    expect(await getDestination(gateway.db, restricted.id)).toMatchObject({
      state: 'failing',
      code: 'restricted_action',
    })
  })
})
