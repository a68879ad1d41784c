import { describe, expect, test } from 'vitest'
import { deliverDue } from '../../server/deliveries/worker.ts'
import { havingDelivery, havingSender, part } from '../support/sending.ts'
import { type Caller, startWorld } from '../support/world.ts'

/* What somebody who means harm would try against the ways to steer and read what is delivered. */

const PAUSED = { note: 'an attack' }

test('what others wrote can’t call a channel, draw a link or end a line in Slack', async () => {
  await using world = await startWorld()
  const { sender, destinationId } = await havingSender(world)
  const evil = '<!channel> <https://evil.example|Sign in> &lt;'
  const url = 'https://acme.example/a?b=<!channel>|x'
  const fields = { category: evil.slice(0, 50), severity: '<!here>', url, data: { [evil]: evil, list: [evil] } }
  await sender.post('/api/events', { type: evil, title: evil, ...fields, destinations: [destinationId] })
  await deliverDue(world.ctx)

  const [sent] = await world.slack.messages(await world.slack.channel('compliance'))

  const said = JSON.stringify([sent?.text, sent?.blocks])
  expect(said).toContain('&lt;!channel&gt;')
  expect(said).not.toMatch(/<!|<https:\/\/evil|\|Sign in>/)
})

test('no cell of an export begins as a formula does', async () => {
  await using world = await startWorld()
  const { sender, destinationId } = await havingSender(world)
  const viewer = await world.as('viewer')
  const starts = ['=', '+', '-', '@', '＝', '＋', '－', '＠']
  for (const start of starts) {
    const formula = `${start}HYPERLINK("http://evil.example","x")`
    const about = { type: formula, title: formula, recipient: formula }
    await sender.post('/api/events', { ...about, destinations: [destinationId] })
  }

  const { text, headers } = await viewer.get('/api/deliveries/export?format=csv')

  expect(text.match(/'[=+\-@＝＋－＠]HYPERLINK/g)).toHaveLength(starts.length * 3)
  expect(text).not.toMatch(/(^|[,\n])"?[=+\-@＝＋－＠]/)
  expect(headers.get('content-disposition')).toMatch(/^attachment; filename="deliveries-[\d-]+\.csv"$/)
})

describe('who may do what', () => {
  test('a viewer and a key that reads change nothing', async () => {
    await using world = await startWorld()
    const { destinationId, integrationId, deliveryId } = await havingDelivery(world)
    const callers = [
      await world.as('viewer'),
      await world.withKey(['deliveries:read', 'config:read', 'metrics:read', 'events:write']),
      world.anonymous,
    ]

    for (const caller of callers) {
      const asked = await Promise.all([
        caller.post('/api/messages', { destination: destinationId, text: 'x' }),
        caller.patch(`/api/messages/${deliveryId}`, { text: 'x' }),
        caller.delete(`/api/messages/${deliveryId}`),
        caller.post(`/api/deliveries/${deliveryId}/cancel`),
        caller.post(`/api/deliveries/${deliveryId}/replay`),
        caller.post(`/api/deliveries/${deliveryId}/send-elsewhere`, { destinationId }),
        caller.post('/api/replays/preview', { which: { ids: [deliveryId] } }),
        caller.post('/api/replays', { which: { ids: [deliveryId] }, expected: 1 }),
        caller.post('/api/queue/purge', { destinationId, expected: 10 }),
        caller.post(`/api/destinations/${destinationId}/pause`, PAUSED),
        caller.post(`/api/destinations/${destinationId}/resume`, PAUSED),
        caller.post(`/api/integrations/${integrationId}/pause`, PAUSED),
        caller.post(`/api/integrations/${integrationId}/resume`, PAUSED),
        caller.patch('/api/notification-types/x', { foldAfter: 2 }),
        caller.post('/api/notification-types/x/pause'),
      ])
      expect(asked.map(({ status }) => status).filter((status) => status !== 401 && status !== 403)).toEqual([])
    }
    expect((await (await world.as('viewer')).get(`/api/deliveries/${deliveryId}`)).body.state).toBe('pending')
  })

  test('a page of another site steers nothing in the name of who is signed in', async () => {
    await using world = await startWorld()
    const { destinationId, deliveryId } = await havingDelivery(world)
    const { cookie } = (await world.as('admin')).headers
    const foreign = { cookie: cookie ?? '', origin: 'https://evil.example', 'content-type': 'application/json' }
    const form = { ...foreign, 'content-type': 'multipart/form-data; boundary=B' }
    const message = part('message', JSON.stringify({ destination: destinationId, text: 'x' }))
    const asked = [
      [`/api/destinations/${destinationId}/pause`, foreign, '{}'],
      [`/api/deliveries/${deliveryId}/cancel`, foreign, '{}'],
      ['/api/queue/purge', foreign, JSON.stringify({ destinationId, expected: 5 })],
      ['/api/events', foreign, JSON.stringify({ type: 'x', destinations: [destinationId] })],
      ['/api/messages', form, `${message}${part('file', 'x', 'a.txt')}--B--\r\n`],
    ] as const

    const answers = await Promise.all(
      asked.map(([path, headers, body]) => fetch(`${world.url}${path}`, { method: 'POST', headers, body })),
    )

    expect(answers.map(({ status }) => status)).toEqual(asked.map(() => 403))
    expect((await (await world.as('viewer')).get(`/api/deliveries/${deliveryId}`)).body.state).toBe('pending')
  })

  test('an id of another kind, and a cursor that nobody gave out, find nothing and break nothing', async () => {
    const broken: string[] = []
    await using world = await startWorld({ onLogLine: (line) => line.includes('"level":"error"') && broken.push(line) })
    const { destinationId, integrationId, deliveryId } = await havingDelivery(world)
    const admin = await world.as('admin')

    const misplaced = await Promise.all([
      admin.get(`/api/deliveries/${destinationId}`),
      admin.get(`/api/replays/${deliveryId}`),
      admin.get(`/api/incidents/${integrationId}`),
      admin.post(`/api/destinations/${integrationId}/pause`, {}),
      admin.post(`/api/integrations/${destinationId}/pause`, {}),
      admin.patch(`/api/messages/${destinationId}`, { text: 'x' }),
      admin.post(`/api/deliveries/${deliveryId}/send-elsewhere`, { destinationId: integrationId }),
      admin.post('/api/queue/purge', { destinationId: deliveryId, expected: 5 }),
      admin.post('/api/messages', { destination: destinationId, text: 'x', replyTo: integrationId }),
      admin.post('/api/messages', { destination: deliveryId, text: 'x' }),
    ])
    const cursors = ['x', "'; drop table deliveries; --", '9'.repeat(64), '%ff', '-1', destinationId, '{"id":1}']
    const pages = await Promise.all(
      cursors.flatMap((cursor) =>
        ['deliveries', 'replays', 'incidents', 'notification-types'].map((list) =>
          admin.get(`/api/${list}?cursor=${cursor === '%ff' ? cursor : encodeURIComponent(cursor)}`),
        ),
      ),
    )

    for (const { status, text } of misplaced) {
      expect([200, 404, 409, 422].includes(status), text).toBe(true)
      if (status === 200) expect(text).toBe('{"cancelled":0}')
    }
    expect(pages.filter(({ status }) => status >= 500)).toEqual([])
    expect(broken).toEqual([])
  })
})

describe.each(['sqlite', 'postgres'] as const)('an Idempotency-Key, on %s', (engine) => {
  test('of one source or one route is another’s to use as well, and tells nothing of it', async () => {
    await using world = await startWorld({ engine })
    const { sender, event, messenger, destinationId } = await havingSender(world)
    const other = await world.withKey(['events:write'])
    const send = async (caller: Caller, path: string, body: unknown) => {
      const headers = { ...caller.headers, 'content-type': 'application/json', 'idempotency-key': 'one' }
      const answer = await fetch(`${world.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
      const { id } = (await answer.json()) as { id?: string }
      return { status: answer.status, id, isReplay: answer.headers.get('idempotency-replayed') }
    }

    const first = await send(sender, '/api/events', event)
    const again = await send(sender, '/api/events', event)
    const changed = await send(sender, '/api/events', { ...event, title: 'Other' })
    const foreign = await send(other, '/api/events', event)
    const elsewhere = await send(messenger, '/api/messages', { destination: destinationId, text: 'x' })

    expect(again).toEqual({ ...first, isReplay: 'true' })
    expect(changed.status).toBe(409)
    expect(foreign).toMatchObject({ status: 202, isReplay: null })
    expect(foreign.id).not.toBe(first.id)
    expect(elsewhere).toMatchObject({ status: 202, isReplay: null })
  })
})

describe('live views', () => {
  const follow = (url: string, headers: HeadersInit, signal: AbortSignal) =>
    fetch(`${url}/api/deliveries/stream`, { headers, signal }).then(({ status }) => status)
  const times = <Answer>(count: number, ask: () => Answer) => Promise.all(Array.from({ length: count }, ask))

  test('one person has twelve, and whoever leaves one makes room', async () => {
    await using world = await startWorld()
    const { headers } = await world.as('viewer')
    const leaving = new AbortController()

    const opened = await times(15, () => follow(world.url, headers, leaving.signal))

    expect(opened.filter((status) => status === 200)).toHaveLength(12)
    expect(opened.filter((status) => status === 429)).toHaveLength(3)
    leaving.abort()
    const staying = new AbortController()
    await expect.poll(() => follow(world.url, headers, staying.signal)).toBe(200)
    staying.abort()
  })

  test('all together have no more than a process has room for', async () => {
    await using world = await startWorld()
    const leaving = new AbortController()
    const keys = await times(9, () => world.withKey(['deliveries:read']))

    const opened = await Promise.all(
      keys.map(({ headers }) => times(12, () => follow(world.url, headers, leaving.signal))),
    )

    expect(opened.flat().filter((status) => status === 200)).toHaveLength(100)
    expect(opened.flat().filter((status) => status === 503)).toHaveLength(8)
    leaving.abort()
  })
})

test('each change to what waits, and each export of it, is in the audit trail', async () => {
  await using world = await startWorld()
  const { destinationId, integrationId, deliveryId } = await havingDelivery(world)
  const admin = await world.as('admin')
  const steps: [path: string, body: unknown][] = [
    [`/api/destinations/${destinationId}/pause`, PAUSED],
    [`/api/destinations/${destinationId}/resume`, PAUSED],
    [`/api/integrations/${integrationId}/pause`, PAUSED],
    [`/api/integrations/${integrationId}/resume`, PAUSED],
    ['/api/notification-types/x/pause', {}],
    ['/api/notification-types/x/resume', {}],
    [`/api/deliveries/${deliveryId}/cancel`, {}],
    [`/api/deliveries/${deliveryId}/replay`, {}],
    ['/api/queue/purge', { destinationId, expected: 5 }],
    ['/api/replays', { which: { ids: [deliveryId] }, options: { skipSuperseded: false }, expected: 1 }],
  ]
  const count = async () => (await admin.get('/api/audit?limit=100')).body.items.length as number

  for (const [path, body] of steps) {
    const before = await count()
    const answer = await admin.post(path, body)
    expect(answer.status, `${path}: ${answer.text}`).toBeLessThan(300)
    expect(await count(), path).toBeGreaterThan(before)
  }
  const before = await count()
  await (await world.as('viewer')).get('/api/deliveries/export?format=jsonl')
  expect(await count()).toBeGreaterThan(before)
})
