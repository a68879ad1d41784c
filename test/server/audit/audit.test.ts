import { describe, expect, test } from 'vitest'
import { brokenLink, CHAIN_START, chainHash } from '../../../server/audit/chain.ts'
import { recordAudit } from '../../../server/audit/record.ts'
import type { AuditEntriesTable } from '../../../server/db/schema.ts'
import { SERVER_ACTOR } from '../../../server/users/actor.ts'
import { havingChannel } from '../../support/console-page.ts'
import { startWorld } from '../../support/world.ts'
import { bearer, startPeople } from '../users/people-server.ts'

describe('the chain', () => {
  const entries: AuditEntriesTable[] = []
  for (const number of [1, 2, 3]) {
    const entry = {
      ...{ id: `aud_${number}`, number, at: 1_000 + number, actorKind: 'user', actorId: 'usr_1', actorName: 'Ada' },
      ...{ action: 'user.made', subjectKind: 'user', subjectId: 'usr_2', subjectName: 'Oda', detail: '{"a":1}' },
    }
    entries.push({ ...entry, hash: chainHash(entries.at(-1)?.hash ?? CHAIN_START, entry) })
  }
  const start = { number: 0, hash: CHAIN_START }

  test('an untouched one is whole', () => {
    expect(brokenLink(start, entries)).toBeUndefined()
  })

  test.each([
    ['id', 'aud_x'],
    ['at', 5],
    ['actorKind', 'server'],
    ['actorId', null],
    ['actorName', 'Eve'],
    ['action', 'user.changed'],
    ['subjectKind', 'api_key'],
    ['subjectId', 'usr_3'],
    ['subjectName', 'Eva'],
    ['detail', '{"a":2}'],
    ['hash', CHAIN_START],
  ])('an entry whose %s was changed shows', (field, value) => {
    const changed = entries.map((entry) => (entry.number === 2 ? { ...entry, [field]: value } : entry))

    expect(brokenLink(start, changed)?.number).toBe(2)
  })

  test('an entry whose hash was made anew shows in the next one', () => {
    const changed = entries.map((entry) => {
      if (entry.number !== 2) return entry
      const { hash: _, ...rest } = { ...entry, actorName: 'Eve' }
      return { ...rest, hash: chainHash(entries[0]?.hash ?? '', rest) }
    })

    expect(brokenLink(start, changed)?.number).toBe(3)
  })

  test.each([
    ['the first', 1],
    ['one in the middle', 2],
  ])('%s taken out shows', (_, number) => {
    expect(
      brokenLink(
        start,
        entries.filter((entry) => entry.number !== number),
      )?.number,
    ).toBe(number)
  })

  test('a value moved into the next field shows', () => {
    const [first] = entries
    if (!first) throw new Error('no entry')

    const moved = [{ ...first, subjectId: '', subjectName: `${first.subjectId}${first.subjectName}` }]

    expect(brokenLink(start, moved)?.number).toBe(1)
  })
})

test('the trail tells who did what, newest first, and finds by action, subject and person', async () => {
  await using people = await startPeople()
  const { id, email } = await people.havingPerson('viewer')
  const headers = await people.admin()
  await people.ask('PATCH', `/api/users/${id}`, { headers, body: { role: 'operator' } })
  await people.ask('PATCH', '/api/profile', { headers: await people.session(email), body: { name: 'Vera' } })
  const list = async (query: string) => (await people.ask('GET', `/api/audit${query}`, { headers })).body.items
  const actions = async (query: string) => (await list(query)).map(({ action }: { action: string }) => action)

  expect(await actions('')).toEqual([
    'profile.changed',
    'user.signed_in',
    'user.changed',
    'user.made',
    'user.signed_in',
    'setup.done',
  ])
  expect((await list('?action=user.changed'))[0]).toMatchObject({
    actor: { kind: 'user', name: 'Ada Ferrer' },
    subject: { kind: 'user', id },
    detail: { role: { from: 'viewer', to: 'operator' } },
  })
  expect(await actions('?action=user')).toHaveLength(4)
  expect(await actions(`?subject=${id}`)).toHaveLength(4)
  expect(await actions(`?actor=${id}`)).toEqual(['profile.changed', 'user.signed_in'])
  expect(await actions(`?from=${new Date(people.clock.now + 1).toISOString()}`)).toEqual([])
})

test('the trail comes in pages', async () => {
  await using people = await startPeople()
  const headers = await people.admin()
  const page = async (query: string) => (await people.ask('GET', `/api/audit?limit=1${query}`, { headers })).body

  const first = await page('')
  const second = await page(`&cursor=${first.next}`)

  expect(first.items[0].action).toBe('user.signed_in')
  expect(second.items[0].action).toBe('setup.done')
  expect(second.next).toBeUndefined()
})

test('a cursor that is none is refused', async () => {
  await using people = await startPeople()

  const told = await people.ask('GET', '/api/audit?cursor=aud_1', { headers: await people.admin() })

  expect(told).toMatchObject({ status: 422, body: { error: { field: 'cursor' } } })
})

test('a trail someone changed in the database is found out', async () => {
  await using people = await startPeople()
  await people.havingPerson('viewer')
  const { key } = await people.havingKey(['audit:read'])
  const check = async () => (await people.ask('GET', '/api/audit/check', { headers: bearer(key) })).body

  expect(await check()).toMatchObject({ state: 'intact', entries: 4, head: expect.stringMatching(/^[0-9a-f]{64}$/) })
  await people.db.updateTable('auditEntries').set({ actorName: 'Eve' }).where('number', '=', 3).execute()

  expect(await check()).toMatchObject({ state: 'broken', entries: 2, brokenAt: 3 })
})

test('nothing over the API changes the trail', async () => {
  await using people = await startPeople()
  const headers = await people.admin()

  const told = await Promise.all(
    ['POST', 'PATCH', 'PUT', 'DELETE'].map((method) => people.ask(method, '/api/audit', { headers })),
  )

  expect(told.map(({ status }) => status)).toEqual([405, 405, 405, 405])
})

test('a message’s words stay out of the trail, which outlives them', async () => {
  await using world = await startWorld()
  const { id } = await world.havingIntegration()
  const admin = await world.as('admin')
  const destination = await havingChannel(world, id, '#compliance')
  const made = await admin.post('/api/messages', { destination, text: 'The board resigns on Friday' })

  await admin.patch(`/api/messages/${made.body.id}`, { text: 'It does not' })
  await admin.delete(`/api/messages/${made.body.id}`)

  const { items } = (await admin.get(`/api/audit?subject=${made.body.id}`)).body
  expect(items.map(({ subject }: { subject: { name: string } }) => subject.name)).toEqual(
    Array(2).fill(`${made.body.id} to #compliance`),
  )
  expect(JSON.stringify((await admin.get('/api/audit')).body)).not.toContain('resigns')
})

test('a secret in the name of what an entry is about is taken out', async () => {
  await using world = await startWorld()
  const subject = { kind: 'rule', id: 'rul_1', name: 'For xoxb-1234567890-abcdefABCDEF123456' }

  await world.db
    .transaction()
    .execute((trx) => recordAudit(world.ctx, trx, SERVER_ACTOR, { action: 'rule.made', subject }))

  const admin = await world.as('admin')
  const [entry] = (await admin.get('/api/audit?action=rule.made')).body.items
  expect(entry.subject.name).toBe('For xox-[removed]')
  expect((await admin.get('/api/audit/check')).body.state).toBe('intact')
})
