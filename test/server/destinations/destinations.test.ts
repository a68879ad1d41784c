import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { getDelivery, listAttempts } from '../../../server/deliveries/list-store.ts'
import { deliverDue } from '../../../server/deliveries/worker.ts'
import { openTarget, openWebhooks } from '../../../server/destinations/open-target.ts'
import { refreshChannels } from '../../../server/destinations/refresh-channels.ts'
import { getDestination } from '../../../server/destinations/store.ts'
import { CannotOpen } from '../../../server/vault/vault.ts'
import { type Gateway, startGateway } from '../../support/gateway.ts'

const add = (gateway: Gateway, body: Record<string, unknown>) =>
  gateway.ask('POST', '/api/destinations', { integrationId: gateway.integrationId, ...body })

const hookOf = async (gateway: Gateway) => (await gateway.slack.app()).webhooks[0]?.url ?? ''

describe('adding a channel', () => {
  test.each([
    ['its id', 'C0COMPLIANC'],
    ['#name', '#compliance'],
    ['its bare name, however written', 'Compliance'],
    ['a permalink', 'https://acme.slack.com/archives/C0COMPLIANC/p1764000000000100'],
    ['the address bar of Slack', 'https://app.slack.com/client/T0ACMEDEMO1/C0COMPLIANC'],
    ['a mention out of a message', '<#C0COMPLIANC|compliance>'],
  ])('takes %s and keeps the id', async (_, channel) => {
    await using gateway = await startGateway()

    const added = await add(gateway, { kind: 'channel', channel })

    expect(added.status).toBe(201)
    expect(added.body).toMatchObject({
      kind: 'channel',
      name: '#compliance',
      target: 'C0COMPLIANC',
      isPrivate: false,
      state: 'untested',
    })
    expect(added.body).not.toHaveProperty('code')
  })

  test('asks the cached directory before it asks Slack', async () => {
    await using gateway = await startGateway()
    await gateway.ask('GET', `/api/integrations/${gateway.integrationId}/channels`)
    await refreshChannels(gateway.ctx)
    const before = (await gateway.slack.calls()).length

    await add(gateway, { kind: 'channel', channel: '#compliance' })
    await add(gateway, { kind: 'channel', channel: 'C0SECALERTS' })

    expect(await gateway.slack.calls()).toHaveLength(before)
  })

  test('adds a private channel that the bot is not in, and says what stands in the way', async () => {
    await using gateway = await startGateway()

    const added = await add(gateway, { kind: 'channel', channel: 'C0BOARD0001', name: 'The board' })

    expect(added.body).toMatchObject({ name: 'The board', state: 'failing', code: 'channel_not_found' })
  })

  test('warns of a public channel that the bot is not in, and of one that is archived', async () => {
    await using gateway = await startGateway()

    const outside = await add(gateway, { kind: 'channel', channel: '#audit-room' })
    const archived = await add(gateway, { kind: 'channel', channel: '#old-alerts' })

    expect(outside.body).toMatchObject({ state: 'untested', code: 'not_in_channel' })
    expect(archived.body).toMatchObject({ state: 'failing', code: 'is_archived' })
  })

  test('refuses a name that the bot does not see, and names the way out', async () => {
    await using gateway = await startGateway()

    const refused = await add(gateway, { kind: 'channel', channel: '#no-such-place' })

    expect(refused.status).toBe(422)
    expect(refused.body.error).toMatchObject({ field: 'channel', fix: expect.stringContaining('/invite') })
  })

  test('says in Slack’s words why a name can not be looked up', async () => {
    await using gateway = await startGateway()
    await gateway.slack.fault({ method: 'conversations.list', kind: 'error', code: 'invalid_auth', times: null })

    const refused = await add(gateway, { kind: 'channel', channel: '#compliance' })

    expect(refused.status).toBe(422)
    expect(refused.body.error.message).toContain('invalid_auth')
  })

  test('takes the same channel once, and names the one that is there', async () => {
    await using gateway = await startGateway()
    const first = await add(gateway, { kind: 'channel', channel: '#compliance' })

    const second = await add(gateway, { kind: 'channel', channel: 'C0COMPLIANC' })

    expect(second.status).toBe(409)
    expect(second.body.error.message).toContain(first.body.id)
    expect(second.body.error.message).toContain('#compliance')
  })

  test('refuses a direct message’s id, a missing place, and one that belongs to another kind', async () => {
    await using gateway = await startGateway()

    const direct = await add(gateway, { kind: 'channel', channel: 'D0123456789' })
    const missing = await add(gateway, { kind: 'channel' })
    const other = await add(gateway, { kind: 'channel', channel: '#compliance', person: 'kim@acme.example' })
    const unknown = await add(gateway, { kind: 'channel', channel: '#compliance', colour: 'red' })

    expect([direct.status, missing.status, other.status, unknown.status]).toEqual([422, 422, 422, 422])
    expect(other.body.error.field).toBe('person')
    expect(unknown.body.error.field).toBe('colour')
  })
})

describe('adding a person', () => {
  test('finds them by e-mail address and by member id, as one and the same', async () => {
    await using gateway = await startGateway()
    const email = (await gateway.slack.people()).find(({ id }) => id === 'U0KIMPARK01')?.email ?? ''

    const added = await add(gateway, { kind: 'person', person: email })
    const again = await add(gateway, { kind: 'person', person: 'U0KIMPARK01' })

    expect(added.body).toMatchObject({ kind: 'person', name: 'Kim Park', target: 'U0KIMPARK01', state: 'untested' })
    expect(again.status).toBe(409)
  })

  test('explains an address that Slack does not know', async () => {
    await using gateway = await startGateway()

    const refused = await add(gateway, { kind: 'person', person: 'nobody@acme.example' })
    const looked = await gateway.ask(
      'GET',
      `/api/integrations/${gateway.integrationId}/people?email=nobody@acme.example`,
    )

    expect(refused.status).toBe(422)
    expect(refused.body.error).toMatchObject({ field: 'person', fix: expect.stringContaining('Slack profile') })
    expect(refused.body.error.message).toContain('users_not_found')
    expect(looked.body.error.field).toBe('email')
  })

  test('works without leave to open direct messages', async () => {
    await using gateway = await startGateway()
    await gateway.slack.fault({ method: 'conversations.open', kind: 'error', code: 'missing_scope' })

    const added = await add(gateway, { kind: 'person', person: 'U0NOORHADDA' })

    expect(added.body).toMatchObject({ name: 'Noor Haddad', state: 'untested' })
  })
})

describe('adding a webhook', () => {
  test('seals the address and shows only the workspace, the hook and four characters', async () => {
    await using gateway = await startGateway()
    const url = await hookOf(gateway)
    const secret = url.split('/').at(-1) ?? ''

    const added = await add(gateway, { kind: 'webhook', url, owner: 'Kim', note: 'Alerts of the night shift' })

    expect(added.body).toMatchObject({ kind: 'webhook', owner: 'Kim', note: 'Alerts of the night shift' })
    expect(added.body.target).toMatch(/^T0ACMEDEMO1\/B0HOOK\w+\/••••\w{4}$/)
    const row = await getDestination(gateway.db, added.body.id)
    expect(JSON.stringify([row, added.body])).not.toContain(secret)
    expect(await openTarget(gateway.ctx, row)).toEqual({ kind: 'webhook', url })
    expect(await openWebhooks(gateway.ctx, gateway.integrationId)).toEqual([{ label: row.name, url }])
    await expect(openTarget(gateway.ctx, { ...row, id: 'dst_other' })).rejects.toThrow(CannotOpen)
    expect(JSON.stringify(await gateway.db.selectFrom('auditEntries').selectAll().execute())).not.toContain(secret)
  })

  test('takes the same hook once, however its address is written', async () => {
    await using gateway = await startGateway()
    const url = await hookOf(gateway)
    await add(gateway, { kind: 'webhook', url })

    const again = await add(gateway, { kind: 'webhook', url: `${url}/?utm=1#x` })

    expect(again.status).toBe(409)
    expect(again.body.error.field).toBe('url')
  })

  const secret = 'XXXXXXXXXXXXXXXXXXXXXXXX'
  test.each([
    ['a host that only begins like Slack’s', `https://hooks.slack.com.evil.example/services/T1/B1/${secret}`],
    ['a host that only ends like Slack’s', `https://evilhooks.slack.com/services/T1/B1/${secret}`],
    ['Slack’s name as the user', `https://hooks.slack.com@evil.example/services/T1/B1/${secret}`],
    ['a user and password', `https://me:pw@hooks.slack.com/services/T1/B1/${secret}`],
    ['another port', `https://hooks.slack.com:8443/services/T1/B1/${secret}`],
    ['a letter of another alphabet', `https://hooks.ѕlack.com/services/T1/B1/${secret}`],
    ['a backslash', `https://evil.example\\hooks.slack.com/services/T1/B1/${secret}`],
    ['plain HTTP', `http://hooks.slack.com/services/T1/B1/${secret}`],
    ['another scheme', `file:///services/T1/B1/${secret}`],
    ['a path that climbs out', 'https://hooks.slack.com/services/../api/chat.postMessage'],
    ['a path that climbs out in disguise', 'https://hooks.slack.com/services/%2e%2e/api/chat.postMessage'],
    ['a private address', `https://127.0.0.1:1/services/T1/B1/${secret}`],
    ['an address as one number', `https://2130706433/services/T1/B1/${secret}`],
    ['a workflow', `https://hooks.slack.com/workflows/T1/A1/1/${secret}`],
    ['no address at all', secret],
  ])('refuses %s', async (_, url) => {
    await using gateway = await startGateway()

    const refused = await add(gateway, { kind: 'webhook', url })

    expect(refused.status).toBe(422)
    expect(refused.body.error.field).toBe('url')
    expect(refused.text).not.toContain(secret)
    expect(await gateway.slack.calls()).toEqual([])
  })

  test('takes Slack’s own host in capitals and keeps it in the usual form', async () => {
    await using gateway = await startGateway()

    const added = await add(gateway, { kind: 'webhook', url: `HTTPS://HOOKS.SLACK.COM:443/services/T1/B1/${secret}` })

    const target = await openTarget(gateway.ctx, await getDestination(gateway.db, added.body.id))
    expect(target).toEqual({ kind: 'webhook', url: `https://hooks.slack.com/services/T1/B1/${secret}` })
  })

  test('a hook that sends on elsewhere is not followed', async () => {
    const asked: string[] = []
    const server = createServer((request, response) => {
      asked.push(request.url ?? '')
      response.writeHead(307, { location: '/elsewhere' }).end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
    await using gateway = await startGateway({ webhookHosts: [host] })
    const url = `http://${host}/services/T1/B1/${secret}`
    const { id } = await gateway.havingDelivery(await gateway.destinationAt({ kind: 'webhook', url }))

    await deliverDue(gateway.ctx)

    server.close()
    expect(asked).toEqual([`/services/T1/B1/${secret}`])
    expect(await getDelivery(gateway.db, id)).toMatchObject({ code: 'redirected' })
    expect(JSON.stringify(await listAttempts(gateway.db, id))).not.toContain(secret)
  })
})

describe('changing a destination', () => {
  test('renames it, and takes owner and note away', async () => {
    await using gateway = await startGateway()
    const { id } = (await add(gateway, { kind: 'channel', channel: '#compliance', owner: 'Kim', note: 'x' })).body

    const changed = await gateway.ask('PATCH', `/api/destinations/${id}`, { name: 'Main', owner: null, note: null })

    expect(changed.body).toMatchObject({ id, name: 'Main', target: 'C0COMPLIANC' })
    expect(changed.body).not.toHaveProperty('owner')
    expect(changed.body).not.toHaveProperty('note')
  })

  test('a new address takes the place of the old one, which stays when the new one is refused', async () => {
    await using gateway = await startGateway()
    const [first, second] = (await gateway.slack.app()).webhooks.map(({ url }) => url)
    const { id } = (await add(gateway, { kind: 'webhook', url: first })).body
    const opened = async () => openTarget(gateway.ctx, await getDestination(gateway.db, id))

    const refused = await gateway.ask('PATCH', `/api/destinations/${id}`, { url: 'https://evil.example/services/x' })
    expect(refused.status).toBe(422)
    expect(await opened()).toEqual({ kind: 'webhook', url: first })

    const changed = await gateway.ask('PATCH', `/api/destinations/${id}`, { url: second })
    expect(changed.body.state).toBe('untested')
    expect(await opened()).toEqual({ kind: 'webhook', url: second })

    const other = (await add(gateway, { kind: 'webhook', url: first })).body
    const taken = await gateway.ask('PATCH', `/api/destinations/${other.id}`, { url: second })
    expect(taken.status).toBe(409)
  })

  test('an address is for webhooks only, and a missing destination is not found', async () => {
    await using gateway = await startGateway()
    const { id } = (await add(gateway, { kind: 'channel', channel: '#compliance' })).body

    const misplaced = await gateway.ask('PATCH', `/api/destinations/${id}`, { url: await hookOf(gateway) })
    const missing = await gateway.ask('PATCH', '/api/destinations/dst_none', { name: 'x' })

    expect([misplaced.status, missing.status]).toEqual([422, 404])
  })

  test('switching off shows as disabled, and each change is in the audit trail', async () => {
    await using gateway = await startGateway()
    const { id } = (await add(gateway, { kind: 'webhook', url: await hookOf(gateway) })).body

    const off = await gateway.ask('PATCH', `/api/destinations/${id}`, { enabled: false })
    const on = await gateway.ask('PATCH', `/api/destinations/${id}`, { enabled: true })
    await gateway.ask('DELETE', `/api/destinations/${id}`)

    expect([off.body.state, on.body.state]).toEqual(['disabled', 'untested'])
    const trail = await gateway.db.selectFrom('auditEntries').select('action').orderBy('number').execute()
    expect(trail.map(({ action }) => action)).toEqual([
      'destination.created',
      'destination.changed',
      'destination.changed',
      'destination.deleted',
    ])
  })

  test('lists page by page, by integration and kind', async () => {
    await using gateway = await startGateway()
    for (const name of ['compliance', 'security-alerts', 'audit-room']) await gateway.channelAt(name)
    await add(gateway, { kind: 'webhook', url: await hookOf(gateway) })

    const first = await gateway.ask('GET', '/api/destinations?kind=channel&limit=2')
    const second = await gateway.ask('GET', `/api/destinations?kind=channel&limit=2&cursor=${first.body.next}`)
    const other = await gateway.ask('GET', '/api/destinations?integrationId=int_other')

    const names = [...first.body.items, ...second.body.items].map(({ name }: { name: string }) => name)
    expect(names).toEqual(['#audit-room', '#security-alerts', '#compliance'])
    expect(second.body).not.toHaveProperty('next')
    expect(other.body.items).toEqual([])
  })
})
