import { connect } from 'node:net'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { gateLimits } from '../../../server/deliveries/accept/gate.ts'
import { eventTaker } from '../../../server/events/accept-events.ts'
import { readEvents } from '../../../server/events/read-events.ts'
import type { Actor } from '../../../server/users/actor.ts'
import { ADA } from '../../support/gateway.ts'
import { startEventsWorld } from './world.ts'

const FINE = { type: 'door.open', title: 'Door' }

describe('what an event may be', () => {
  test.each([
    ['no type', { title: 'x' }, 422, 'type'],
    ['an empty type', { type: ' ' }, 422, 'type'],
    ['two lines in a title', { ...FINE, title: 'a\nb' }, 422, 'title'],
    ['an address that is none', { ...FINE, url: 'javascript:alert(1)' }, 422, 'url'],
    ['a field that is not known', { ...FINE, chanel: 'x' }, 422, 'chanel'],
    ['data that is no object', { ...FINE, data: [1] }, 422, 'data'],
    ['a priority that is not known', { ...FINE, priority: 'high' }, 422, 'priority'],
    ['an instant that is none', { ...FINE, occurredAt: 'yesterday' }, 422, 'occurredAt'],
    ['no destination at all', { ...FINE, destinations: [] }, 422, 'destinations'],
    [
      'a destination of another shape',
      { ...FINE, destinations: [{ integrationId: 'x' }] },
      422,
      'destinations.0.channel',
    ],
    ['a destination that is a number', { ...FINE, destinations: [7] }, 422, 'destinations.0'],
    ['a key too long', { ...FINE, dedupeKey: 'x'.repeat(201) }, 422, 'dedupeKey'],
    ['a text too long', { ...FINE, text: 'x'.repeat(200_001) }, 422, 'text'],
    ['a number', 7, 422, 'body'],
    ['nothing', 'null', 422, 'body'],
    ['a list in a list', [[FINE]], 422, '0'],
    ['no JSON', '{"type":', 400, 'body'],
    ['a NUL', '{"type":"a","title":"x\\u0000"}', 400, 'title'],
    ['half a character', '{"type":"a","data":{"x":["\\ud800"]}}', 400, 'data.x.0'],
    ['lists in lists without end', `{"type":"a","data":{"x":${'['.repeat(30)}${']'.repeat(30)}}}`, 400, 'body'],
    ['more events than 500', JSON.stringify(Array(501).fill(FINE)), 422, 'body'],
    ['an event too large', { ...FINE, data: { x: 'x'.repeat(260 * 1024) } }, 413, 'body'],
  ])('refused with its field: %s', async (_, body, status, field) => {
    await using world = await startEventsWorld()
    const withDestination = (event: unknown) =>
      typeof event === 'object' && event !== null && !Array.isArray(event) && !('destinations' in event)
        ? { ...event, destinations: [world.destination] }
        : event

    const answer = await world.send('/api/events', typeof body === 'string' ? body : withDestination(body))

    expect(answer).toMatchObject({ status, body: { error: { field, message: expect.any(String) } } })
    expect(await world.count('events')).toBe(0)
  })

  test('names of an object’s insides, numbers of any size and what no schema knows are kept as they were sent', async () => {
    await using world = await startEventsWorld()
    const data = '{"__proto__":{"admin":true},"constructor":1,"big":123456789012345678901234567890,"huge":1e999}'
    const event = `{ "type":"odd", "data":${data}, "destinations":["${world.destination}"] }`

    const single = await world.send('/api/events', event)
    const batch = await world.send('/api/events', `[${event} ,\n${event.replace('odd', 'o\\"],[d')}]`)

    expect([single.status, batch.status]).toEqual([202, 202])
    const rows = await world.db.selectFrom('events').select('body').orderBy('id').execute()
    expect(rows.map(({ body }) => body)).toEqual([event, event, event.replace('odd', 'o\\"],[d')])
    expect(({} as { admin?: boolean }).admin).toBeUndefined()
  })

  test.each([['x'.repeat(201)], ['tab\there'], [' '], ['é']])('the key %j is refused', async (key) => {
    await using world = await startEventsWorld()
    const { port } = new URL(world.url)
    const body = JSON.stringify({ ...FINE, destinations: [world.destination] })

    // Not by fetch, which would trim or refuse them itself.
    const status = await statusOfRaw(Number(port), [
      'POST /api/events HTTP/1.1',
      `host: 127.0.0.1:${port}`,
      `authorization: ${world.sender.headers.authorization}`,
      'content-type: application/json',
      `content-length: ${Buffer.byteLength(body)}`,
      `idempotency-key: ${key}`,
      'connection: close',
      '',
      body,
    ])

    expect(status).toBe(422)
  })
})

describe('who may send events', () => {
  test('a key without the scope is refused, naming it; a viewer by role; nobody at all', async () => {
    await using world = await startEventsWorld()
    const event = { ...FINE, destinations: [world.destination] }

    const wrongKey = await world.send('/api/events', event, {}, await world.withKey(['messages:write']))
    const viewer = await world.send('/api/events', event, {}, await world.as('viewer'))
    const operator = await world.send('/api/events', event, {}, await world.as('operator'))
    const nobody = await world.send('/api/events', event, {}, world.anonymous)

    expect(wrongKey).toMatchObject({
      status: 403,
      body: { error: { message: expect.stringContaining('events:write') } },
    })
    expect([viewer.status, operator.status, nobody.status]).toEqual([403, 202, 401])
  })
})

describe('what is let in at once', () => {
  const request = (destination: string, count = 1) => {
    const text = JSON.stringify(Array(count).fill({ ...FINE, destinations: [destination] }))
    return { actor: ADA, body: Buffer.from(text), ...readEvents(JSON.parse(text), text) }
  }

  test('a source that sends more than it may is told when to come back, and another is not', async () => {
    await using world = await startEventsWorld()
    const take = eventTaker(world.ctx, { ...gateLimits, perSecond: 10, burst: 20 })

    await take(request(world.destination, 20))
    const refused = take(request(world.destination, 10))

    await expect(refused).rejects.toMatchObject({ code: 'too_many', retryAfterSeconds: 1 })
    await take({ ...request(world.destination, 10), actor: { ...ADA, id: 'usr_other' } as Actor })
    world.clock.now += 1_000
    await take(request(world.destination, 10))
    expect(await world.count('events')).toBe(40)
  })

  test('more than may wait is refused before it is kept in memory, and what waits is written', async () => {
    await using world = await startEventsWorld()
    const take = eventTaker(world.ctx, { ...gateLimits, mostWaiting: 30 })

    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => take(request(world.destination, 10))))

    const kept = outcomes.filter(({ status }) => status === 'fulfilled').length
    expect(kept).toBe(3)
    expect(await world.count('events')).toBe(30)
  })

  test('nothing is taken in when the disk is nearly full, and the way out is told', async () => {
    await using world = await startEventsWorld()
    const take = eventTaker(world.ctx, { ...gateLimits, leastFreeBytes: Number.MAX_SAFE_INTEGER })

    await expect(take(request(world.destination))).rejects.toMatchObject({
      code: 'unavailable',
      retryAfterSeconds: 30,
      fix: expect.stringContaining('Free some space'),
    })
    expect(await world.count('events')).toBe(0)
  })

  test('a database without room answers 503 with a time to come back, and keeps nothing of the request', async () => {
    const lines: string[] = []
    await using world = await startEventsWorld({ onLogLine: (line) => lines.push(line) })
    const pages = await sql<{ page_count: number }>`pragma page_count`.execute(world.db)
    const now = Object.values(pages.rows[0] ?? {})[0]
    await sql`pragma max_page_count = ${sql.raw(String(Number(now) + 2))}`.execute(world.db)
    const events = Array(200).fill({ ...FINE, text: 'x'.repeat(1_000), destinations: [world.destination] })

    const answer = await world.send('/api/events', events)

    expect(answer).toMatchObject({
      status: 503,
      body: { error: { code: 'unavailable', fix: expect.stringContaining('Free some space') } },
    })
    expect(answer.headers.get('retry-after')).toBe('60')
    expect([await world.count('events'), await world.count('deliveries')]).toEqual([0, 0])
    await sql`pragma max_page_count = 1000000`.execute(world.db)
    expect((await world.send('/api/events', events)).status).toBe(202)
  })
})

async function statusOfRaw(port: number, lines: string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(lines.join('\r\n')))
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(Number(text.slice(9, 12))))
  })
}
