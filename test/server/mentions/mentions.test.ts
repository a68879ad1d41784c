import { describe, expect, test } from 'vitest'
import { followFeatures, refreshDirectories } from '../../../server/mentions/refresh-directories.ts'
import { resolveMentions } from '../../../server/mentions/resolve-mentions.ts'
import { startMentionRefresh } from '../../../server/mentions/worker.ts'
import { startWorld, type World } from '../../support/world.ts'

/** Reads what is due, page after page. */
async function readAll({ ctx, clock }: World): Promise<void> {
  await followFeatures(ctx)
  while ((await refreshDirectories(ctx)) > 0) clock.now += 3_000
}

/** The sandbox, connected, its people and groups read. */
async function connected(world: World): Promise<string> {
  const { id } = await world.havingIntegration()
  await readAll(world)
  return id
}

const markups = async (world: World, integrationId: string, words: string[]) =>
  [...(await resolveMentions(world.db, integrationId, words)).values()].map(({ markup }) => markup)

const tryOut = async (world: World, integrationId: string, ...words: string[]) =>
  (await (await world.as('admin')).post('/api/mentions/resolve', { integrationId, words })).body

describe('people and groups of a workspace', () => {
  test('are read in the background and found by name', async () => {
    await using world = await startWorld()
    const id = await connected(world)

    const found = await tryOut(world, id, '@compliance-team', '@manager', 'noor@acme.example', '@here', '@nobody')

    expect(found.items).toMatchObject([
      { word: '@compliance-team', kind: 'group', markup: '<!subteam^S0COMPLTEAM>', name: 'Compliance team' },
      { word: '@manager', kind: 'user', markup: '<@U0GRACEHOPP>', name: 'Grace Hopper' },
      { kind: 'user', markup: '<@U0NOORHADDA>' },
      { kind: 'special', markup: '<!here>' },
      { kind: 'unresolved', markup: '@nobody', reason: 'unknown', why: expect.any(String), fix: expect.any(String) },
    ])
    expect(found.lists).toMatchObject({ people: { state: 'complete' }, groups: { state: 'complete', count: 3 } })
  })

  test('a started loop reads them by itself', async () => {
    await using world = await startWorld()
    const { id } = await world.havingIntegration()

    const loop = startMentionRefresh(world.ctx)
    await expect.poll(async () => (await tryOut(world, id, '@here')).lists.groups.state).toBe('complete')
    await loop.stop()

    expect(await markups(world, id, ['@management'])).toEqual(['<!subteam^S0MANAGEMEN>'])
  })

  test('are read page by page at the pace of Slack, and go on after a restart', async () => {
    await using world = await startWorld({ pace: 'slack' })
    await Promise.all(
      Array.from({ length: 700 }, (_, place) => world.slack.ask('POST', '/users', { name: `person-${place}` })),
    )
    const { id } = await world.havingIntegration()
    await followFeatures(world.ctx)

    await refreshDirectories(world.ctx)
    expect(await resolveMentions(world.db, id, ['@person-699'])).toMatchObject(
      new Map([['@person-699', { reason: 'not_read' }]]),
    )
    expect(await refreshDirectories(world.ctx)).toBe(0)
    world.clock.now += 3_000
    expect(await refreshDirectories({ ...world.ctx, workerId: 'another' })).toBe(1)

    expect((await markups(world, id, ['@person-699']))[0]).toMatch(/^<@U/)
    const calls = await world.slack.calls('users.list')
    expect(calls.map((call) => [call.status, Boolean(call.args.cursor)])).toEqual([
      [200, false],
      [200, true],
    ])
  })

  test('who left or was renamed is known by the next reading, also to what was asked before', async () => {
    await using world = await startWorld()
    const id = await connected(world)
    expect(await markups(world, id, ['@kim', '@jonas'])).toEqual(['<@U0KIMPARK01>', '<@U0JONASWEBE>'])
    await world.slack.ask('PATCH', '/users/U0KIMPARK01', { deactivated: true })
    await world.slack.ask('PATCH', '/users/U0JONASWEBE', { name: 'joe', displayName: 'joe', realName: 'Joe' })

    world.clock.now += 15 * 60_000
    await readAll(world)

    expect(await markups(world, id, ['@kim', '@jonas', '@joe'])).toEqual(['@kim', '@jonas', '<@U0JONASWEBE>'])
  })

  test('are read again on demand, once in ten seconds', async () => {
    await using world = await startWorld()
    const id = await connected(world)
    const operator = await world.as('operator')
    world.clock.now += 10_000

    const asked = await operator.post('/api/mentions/refresh', { integrationId: id })
    const read = await refreshDirectories(world.ctx)
    const again = await operator.post('/api/mentions/refresh', { integrationId: id })

    expect([asked.status, again.status]).toEqual([202, 202])
    expect(read).toBe(2)
    expect(await refreshDirectories(world.ctx)).toBe(0)
  })

  test('without usergroups:read the groups are named as what is missing, and people still work', async () => {
    await using world = await startWorld()
    const app = await world.slack.app()
    const scopes = app.scopes.filter((scope) => scope !== 'usergroups:read')
    await world.slack.changeApp(app.appId, { scopes })
    const id = await connected(world)

    const found = await tryOut(world, id, '@manager', '@compliance-team', 'S0COMPLTEAM')

    expect(found.items).toMatchObject([
      { kind: 'user' },
      { kind: 'unresolved', reason: 'not_read', fix: expect.stringContaining('usergroups:read') },
      { kind: 'group' },
    ])
    expect(found.lists.groups).toMatchObject({ state: 'failed', code: 'missing_scope' })
  })

  test('a dead token is an answer as well, and what was known stays', async () => {
    await using world = await startWorld()
    const id = await connected(world)
    await world.slack.fault({ method: 'users.list', kind: 'error', code: 'token_revoked' })

    world.clock.now += 15 * 60_000
    await readAll(world)

    const found = await tryOut(world, id, '@manager')
    expect(found.lists.people).toMatchObject({ state: 'failed', code: 'token_revoked', fix: expect.any(String) })
    expect(found.items).toMatchObject([{ kind: 'user' }])
  })

  test('are forgotten when the feature is switched off', async () => {
    await using world = await startWorld()
    const id = await connected(world)
    await (await world.as('admin')).patch(`/api/integrations/${id}`, { features: ['channel_messages'] })

    await readAll(world)

    const found = await tryOut(world, id, '@manager')
    expect(found.items[0]).toMatchObject({ kind: 'unresolved', why: expect.stringContaining('switched off') })
    expect(await world.db.selectFrom('slackUsers').select('id').execute()).toEqual([])
  })
})

describe('an address that stands in no list', () => {
  test('is asked of Slack once, whether somebody is found or not', async () => {
    await using world = await startWorld()
    const id = await connected(world)
    await world.slack.ask('POST', '/users', { name: 'newcomer', realName: 'New Comer', email: 'new@acme.example' })

    const first = await tryOut(world, id, 'New@acme.example', 'nobody@acme.example')
    await tryOut(world, id, 'New@acme.example', 'nobody@acme.example')

    expect(first.items).toMatchObject([
      { kind: 'user', name: 'New Comer' },
      { kind: 'unresolved', reason: 'unknown' },
    ])
    expect(await world.slack.calls('users.lookupByEmail')).toHaveLength(2)
  })

  test('is asked again after an hour when it was nobody’s', async () => {
    await using world = await startWorld()
    const id = await connected(world)
    await tryOut(world, id, 'late@acme.example')
    await world.slack.ask('POST', '/users', { name: 'late', email: 'late@acme.example' })

    world.clock.now += 59 * 60_000
    const early = await tryOut(world, id, 'late@acme.example')
    world.clock.now += 60_001
    const late = await tryOut(world, id, 'late@acme.example')

    expect([early.items[0].kind, late.items[0].kind]).toEqual(['unresolved', 'user'])
  })

  test('stays open when Slack does not answer', async () => {
    await using world = await startWorld()
    const id = await connected(world)
    await world.slack.fault({ method: 'users.lookupByEmail', kind: 'rate_limited', retryAfterSeconds: 5 })

    const first = await tryOut(world, id, 'some@acme.example')
    const second = await tryOut(world, id, 'some@acme.example')

    expect([first.items[0].reason, second.items[0].reason]).toEqual(['not_looked_up', 'unknown'])
  })
})

describe('who may see what', () => {
  test('e-mail addresses are for admins and operators, in answers and in what is searched', async () => {
    await using world = await startWorld()
    const id = await connected(world)
    const find = async (who: 'admin' | 'operator' | 'viewer', q: string) =>
      (await (await world.as(who)).get(`/api/mentions?integrationId=${id}&q=${q}`)).body.items

    expect(await find('operator', 'grace')).toMatchObject([{ id: 'U0GRACEHOPP', email: 'grace@acme.example' }])
    expect((await find('admin', 'noor@')).map(({ id: found }: { id: string }) => found)).toEqual(['U0NOORHADDA'])
    expect(await find('viewer', 'noor@')).toEqual([])
    expect(JSON.stringify(await find('viewer', ''))).not.toContain('@acme.example')
  })

  test('an API key that only reads sees no address, and asks nothing of Slack', async () => {
    await using world = await startWorld()
    const id = await connected(world)
    const reader = await world.withKey(['config:read'])

    const list = await reader.get(`/api/mentions?integrationId=${id}`)
    const tried = await reader.post('/api/mentions/resolve', { integrationId: id, words: ['a@acme.example'] })

    expect(list.text).not.toContain('@acme.example')
    expect([list.status, tried.status]).toEqual([200, 403])
  })

  test('a viewer is told the names of whom a message calls, by their ids alone', async () => {
    await using world = await startWorld()
    const id = await connected(world)
    const viewer = await world.as('viewer')
    const names = (ids: string) => viewer.get(`/api/mentions/names?integrationId=${id}&ids=${ids}`)

    const known = await names('U0GRACEHOPP,S0COMPLTEAM,U0NOBODY')

    expect(known.body.items).toEqual([
      { id: 'U0GRACEHOPP', name: 'Grace Hopper' },
      { id: 'S0COMPLTEAM', name: 'Compliance team' },
    ])
    expect(known.text).not.toContain('@acme.example')
    for (const ids of ['grace@acme.example', '@manager', '', 'U1,,U2', Array(51).fill('U1').join(',')]) {
      expect((await names(encodeURIComponent(ids))).status).toBe(422)
    }
  })

  test('a preview names whom its type calls; a viewer finds out of no other address whose it is', async () => {
    await using world = await startWorld()
    const id = await connected(world)
    const admin = await world.as('admin')
    const channel = { integrationId: id, kind: 'channel', channel: '#general' }
    const { body: destination } = await admin.post('/api/destinations', channel)
    await admin.patch('/api/notification-types/door.open', {
      mentions: ['@manager'],
      destinations: [destination.id],
    })
    const source = '{"text": "{{ mentions }} {{ data.who | mention }} {{ data.other | mention }}"}'
    const data = { kind: 'sample', event: { data: { who: 'noor@acme.example', other: '@management' } } }

    const shown = await (await world.as('viewer')).post('/api/templates/preview', { source, data, type: 'door.open' })

    expect(shown.body).toMatchObject({
      message: { text: '<@U0GRACEHOPP> noor@acme.example @management' },
      unresolved: ['noor@acme.example', '@management'],
      integrationId: id,
    })
    expect(shown.text).not.toContain('U0NOORHADDA')
  })

  test.each(['resolve', 'refresh'])('%s is not for viewers', async (verb) => {
    await using world = await startWorld()
    const id = await connected(world)

    const words = verb === 'resolve' ? { words: ['@here'] } : {}
    const answered = await (await world.as('viewer')).post(`/api/mentions/${verb}`, { integrationId: id, ...words })

    expect(answered.status).toBe(403)
  })

  test('an integration that is not there is refused, and so are too many words', async () => {
    await using world = await startWorld()
    const id = await connected(world)
    const admin = await world.as('admin')
    const words = Array.from({ length: 51 }, () => '@here')

    expect((await admin.get('/api/mentions?integrationId=int_nope')).status).toBe(404)
    expect((await admin.post('/api/mentions/resolve', { integrationId: id, words })).status).toBe(422)
    expect((await admin.post('/api/mentions/refresh', { integrationId: 'int_nope' })).status).toBe(404)
  })
})

describe('the picker', () => {
  test('gives a word that calls exactly that person, and leaves out whoever is gone', async () => {
    await using world = await startWorld()
    const id = await connected(world)
    await world.slack.ask('POST', '/users', { name: 'twin', realName: 'Twin One' })
    await world.slack.ask('POST', '/users', { name: 'twin', realName: 'Twin Two' })
    world.clock.now += 15 * 60_000
    await readAll(world)
    const admin = await world.as('admin')

    const twins = (await admin.get(`/api/mentions?integrationId=${id}&q=@twin`)).body.items
    const gone = (await admin.get(`/api/mentions?integrationId=${id}&q=lena`)).body.items
    const groups = (await admin.get(`/api/mentions?integrationId=${id}&q=team`)).body.items

    expect(twins.every(({ word, id: own }: { word: string; id: string }) => word === own)).toBe(true)
    expect(gone).toEqual([])
    expect(groups.map(({ word }: { word: string }) => word)).toEqual(['@compliance-team', '@security-team'])
  })

  test.each(['%', '_', "' or 1=1 --", '\\'])('%j is a text like any other', async (q) => {
    await using world = await startWorld()
    const id = await connected(world)

    const found = await (await world.as('admin')).get(`/api/mentions?integrationId=${id}&q=${encodeURIComponent(q)}`)

    expect([found.status, found.body.items]).toEqual([200, []])
  })

  test('a name made to call everybody is shown as it is and calls one person at most', async () => {
    await using world = await startWorld()
    await world.slack.ask('POST', '/users', { name: 'mallory', displayName: '<!channel>', realName: '@channel' })
    const id = await connected(world)

    const words = ['@mallory', '@<!channel>', '@@channel', '@channel\u200b']
    const found = await markups(world, id, words)

    expect(found.filter((markup) => /<!/.test(markup))).toEqual([])
    expect(found.slice(0, 3).every((markup) => /^<@U\w+>$/.test(markup))).toBe(true)
  })
})
