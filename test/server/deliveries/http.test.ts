import { describe, expect, test } from 'vitest'
import { exportDeliveries } from '../../../server/deliveries/export.ts'
import { lineUp } from '../../../server/deliveries/lanes/places-store.ts'
import { deliveryOf } from '../../../server/deliveries/to-row.ts'
import { deliverDue, startDeliveryWorker } from '../../../server/deliveries/worker.ts'
import { Delivery, DeliveryCounts, DeliverySummary, ExportDeliveries } from '../../../shared/deliveries.ts'
import { pageOf } from '../../../shared/paging.ts'
import { ADA, type Gateway, startGateway } from '../../support/gateway.ts'

/** Asks for a test send with a worker at hand, as in a running server. */
async function testSend(gateway: Gateway, destinationId: string, body: unknown = {}) {
  const worker = startDeliveryWorker(gateway.ctx)
  try {
    return await gateway.ask('POST', `/api/destinations/${destinationId}/test`, body)
  } finally {
    await worker.stop()
  }
}

describe('a test send', () => {
  test('is a delivery like any other, and the answer tells its outcome', async () => {
    await using gateway = await startGateway()
    const destination = await gateway.channelAt('compliance')

    const sent = await testSend(gateway, destination.id)

    expect(sent.status).toBe(200)
    const delivery = Delivery.parse(sent.body)
    expect(delivery).toMatchObject({
      origin: 'test',
      state: 'delivered',
      createdBy: 'Ada Ferrer',
      integrationName: 'Acme production',
      destination: { id: destination.id, kind: 'channel', name: '#compliance' },
      tries: 1,
    })
    expect(delivery.timeline.map(({ title }) => title)).toEqual([
      'Test message accepted',
      'Attempt 1 delivered',
      'Delivered',
    ])
    expect((await gateway.ask('GET', `/api/deliveries/${delivery.id}`)).body).toEqual(sent.body)
    const [message] = await gateway.slack.messages('C0COMPLIANC')
    expect(message?.text).toContain('Sent by Ada Ferrer from https://switchboard.example')
    expect(message?.blocks).toHaveLength(2)
    expect(message?.metadata).toMatchObject({ event_payload: { delivery_id: delivery.id } })
  })

  test('sends what the admin wrote, as they wrote it', async () => {
    await using gateway = await startGateway()
    const destination = await gateway.channelAt('compliance')

    const sent = await testSend(gateway, destination.id, { message: { text: '*Bold* & <https://example.com|link>' } })

    const [call] = await gateway.slack.calls('chat.postMessage')
    expect(call?.args.text).toBe('*Bold* & <https://example.com|link>')
    expect(sent.body.title).toBe('*Bold* & <https://example.com|link>')
  })

  test('that Slack refuses is an answer too, explained', async () => {
    await using gateway = await startGateway()
    const destination = await gateway.channelAt('compliance')
    await gateway.slack.fault({ method: 'chat.postMessage', kind: 'error', code: 'not_in_channel', times: 2 })

    const sent = await testSend(gateway, destination.id)

    expect(sent.status).toBe(200)
    expect(sent.body).toMatchObject({ state: 'failed', code: 'not_in_channel' })
    expect(sent.body.timeline.at(-1)).toMatchObject({ tone: 'bad', title: 'Destination marked as failing' })
    expect(sent.body.timeline.at(-2)).toMatchObject({
      code: 'not_in_channel',
      note: expect.any(String),
      fix: expect.any(String),
    })
  })

  test('does not wait out a long wait, and tells of it', async () => {
    await using gateway = await startGateway()
    const destination = await gateway.channelAt('compliance')
    await gateway.slack.fault({ method: 'chat.postMessage', kind: 'rate_limited', retryAfterSeconds: 60 })

    const sent = await testSend(gateway, destination.id)

    expect(sent.body).toMatchObject({ state: 'retrying', tries: 0, code: 'ratelimited' })
    expect(sent.body.timeline.map(({ title }: { title: string }) => title)).toEqual([
      'Test message accepted',
      'Slack asked to wait 1 min',
      'Next try',
    ])
  })

  test('to a destination that is switched off is held, and says so', async () => {
    await using gateway = await startGateway()
    const destination = await gateway.channelAt('compliance')
    await gateway.ask('PATCH', `/api/destinations/${destination.id}`, { enabled: false })

    const sent = await testSend(gateway, destination.id)

    expect(sent.body).toMatchObject({ state: 'held', code: 'destination_disabled' })
    expect(sent.body.timeline.at(-1)).toMatchObject({ title: 'Held', fix: expect.stringContaining('Enable') })
  })

  test('is refused for an empty text, an unknown field and a destination that is not there', async () => {
    await using gateway = await startGateway()
    const { id } = await gateway.channelAt('compliance')

    const empty = await gateway.ask('POST', `/api/destinations/${id}/test`, { message: { text: ' ' } })
    const unknown = await gateway.ask('POST', `/api/destinations/${id}/test`, { text: 'x' })
    const missing = await gateway.ask('POST', '/api/destinations/dst_none/test', {})

    expect([empty.status, unknown.status, missing.status]).toEqual([422, 422, 404])
    expect(empty.body.error.field).toBe('message.text')
  })

  test('names of people and destinations are made safe for Slack’s markup', async () => {
    await using gateway = await startGateway()
    const destination = await gateway.destinationAt({
      kind: 'channel',
      channel: '#compliance',
      name: '<!channel> & co',
    })

    await testSend(gateway, destination.id)

    const [call] = await gateway.slack.calls('chat.postMessage')
    expect(JSON.stringify(call?.args)).not.toContain('<!channel>')
    expect(call?.args.text).toContain('&lt;!channel&gt; &amp; co')
  })
})

describe('the delivery log', () => {
  test('lists and counts by the shared schemas, and refuses filters it does not know', async () => {
    await using gateway = await startGateway()
    const destination = await gateway.channelAt('compliance')
    for (const text of ['one', 'two', 'three']) await gateway.havingDelivery(destination, { message: { text } })
    await deliverDue(gateway.ctx)

    const page = pageOf(DeliverySummary).parse((await gateway.ask('GET', '/api/deliveries?limit=2')).body)
    const rest = await gateway.ask('GET', `/api/deliveries?limit=2&cursor=${page.next}`)
    const counts = DeliveryCounts.parse((await gateway.ask('GET', '/api/deliveries/counts')).body)
    const wrong = await gateway.ask('GET', '/api/deliveries?state=lost')
    const first = await gateway.ask('GET', '/api/deliveries?cursor=')

    expect(page.items.map(({ title }) => title)).toEqual(['three', 'two'])
    expect(rest.body.items.map(({ title }: { title: string }) => title)).toEqual(['one'])
    expect(counts).toMatchObject({ total: 3, byState: { delivered: 3 } })
    expect(wrong.status).toBe(422)
    expect(first.body.items).toHaveLength(3)
    expect((await gateway.ask('GET', '/api/deliveries/dlv_none')).status).toBe(404)
  })

  test('an empty log counts nothing and has no oldest', async () => {
    await using gateway = await startGateway()

    expect((await gateway.ask('GET', '/api/deliveries/counts')).body).toEqual({ byState: {}, total: 0 })
  })
})

describe('a delivery’s page', () => {
  test('tells of the block that Slack points at, the keys, the settings and what hangs together with it', async () => {
    await using gateway = await startGateway()
    const destination = await gateway.channelAt('compliance')
    const blocks = [{ type: 'divider' }, { type: 'section', text: { type: 'mrkdwn', text: 'x'.repeat(3_001) } }]
    const old = await gateway.havingDelivery(destination, {
      message: { text: 'Hello', blocks },
      type: 'key.leaked',
      threadKey: 'incident-7',
      policy: 'at_most_once',
    })
    await deliverDue(gateway.ctx)
    const replay = await gateway.ask('POST', `/api/deliveries/${old.id}/replay`, { markDelayed: true })

    const page = await gateway.ask('GET', `/api/deliveries/${old.id}`)

    expect(Delivery.parse(page.body)).toMatchObject({
      state: 'failed',
      code: 'invalid_blocks',
      faultyBlock: 1,
      type: 'key.leaked',
      threadKey: 'incident-7',
      canReplay: true,
      canCancel: false,
      related: [{ id: replay.body.id, why: 'replay', state: 'pending' }],
    })
    expect(page.body.timeline.map(({ title }: { title: string }) => title)).toContain('Settings of key.leaked apply')
    expect(replay.body).toMatchObject({
      type: 'key.leaked',
      threadKey: 'incident-7',
      canReplay: false,
      canCancel: true,
      ahead: 0,
      related: [{ id: old.id, why: 'replay_of' }],
    })
    expect(replay.body.message.blocks[2].elements[0].text).toContain('Delayed: first meant for <!date^')
  })

  test('the same message goes to another destination, and the old delivery stays as it is', async () => {
    await using gateway = await startGateway()
    const [from, to] = [await gateway.channelAt('compliance'), await gateway.channelAt('security-alerts')]
    const old = await gateway.havingDelivery(from, { message: { text: 'Read this' }, recipient: 'u1' })
    const elsewhere = `/api/deliveries/${old.id}/send-elsewhere`

    const sent = await gateway.ask('POST', elsewhere, { destinationId: to.id })
    const same = await gateway.ask('POST', elsewhere, { destinationId: from.id })
    const missing = await gateway.ask('POST', elsewhere, { destinationId: 'dst_none' })
    const wrong = await gateway.ask('POST', elsewhere, { destination: to.id })
    await deliverDue(gateway.ctx)

    expect([sent.status, same.status, missing.status, wrong.status]).toEqual([201, 409, 404, 422])
    expect(sent.body).toMatchObject({
      replayOf: old.id,
      recipient: 'u1',
      destination: { id: to.id },
      title: 'Read this',
    })
    expect((await gateway.slack.calls('chat.postMessage')).map(({ args }) => args.text)).toEqual([
      'Read this',
      'Read this',
    ])
    const trail = await gateway.db.selectFrom('auditEntries').select('action').execute()
    expect(trail.map(({ action }) => action)).toContain('delivery.sent_elsewhere')
  })
})

/** An export of 3,000 deliveries, which takes several pages, of which nothing was read yet. */
async function exportOfMany(gateway: Gateway, isAllowed = async () => true) {
  const destination = await gateway.channelAt('compliance')
  const rows = Array.from({ length: 3_000 }, () =>
    deliveryOf(gateway.ctx, {
      destination,
      integrationName: 'Acme',
      message: { text: 'Hello' },
      origin: 'message',
      priority: 'low',
      createdBy: 'a test',
    }),
  )
  await gateway.db.transaction().execute((trx) => lineUp(trx, rows))
  const { body } = await exportDeliveries(
    gateway.ctx,
    { actor: ADA, isAllowed },
    ExportDeliveries.parse({ format: 'jsonl' }),
  )
  return body
}

describe('an export', () => {
  test('holds exactly what the list holds, in its order, and says so in the audit trail', async () => {
    await using gateway = await startGateway()
    const destination = await gateway.channelAt('compliance')
    const rows = Array.from({ length: 3_000 }, (_, place) => {
      gateway.clock.now += 1
      const message = { text: `Message "${place}", with a comma` }
      const more = { priority: 'low' as const, origin: 'event' as const, createdBy: 'a test' }
      return deliveryOf(gateway.ctx, { destination, integrationName: 'Acme', message, ...more })
    })
    await gateway.db.transaction().execute((trx) => lineUp(trx, rows))
    const ids = rows.map(({ id }) => id).reverse()

    const csv = await gateway.ask('GET', `/api/deliveries/export?format=csv&destinationId=${destination.id}`)
    const jsonl = await gateway.ask('GET', '/api/deliveries/export?format=jsonl&state=pending')

    const lines = csv.text.split('\r\n')
    expect(lines[0]).toMatch(/^id,createdAt,/)
    expect(lines.at(-1)).toBe('')
    expect(lines.slice(1, -1).map((line) => line.split(',')[0])).toEqual(ids)
    expect(lines[1]).toContain(',"Message ""2999"", with a comma",')
    const parsed = jsonl.text.split('\n').filter(Boolean)
    expect(parsed.map((line) => DeliverySummary.parse(JSON.parse(line)).id)).toEqual(ids)
    const trail = await gateway.db.selectFrom('auditEntries').selectAll().execute()
    const told = trail.filter(({ action }) => action === 'deliveries.exported').map(({ detail }) => JSON.parse(detail))
    expect(told).toEqual([
      { format: 'csv', by: 'created', destinationId: destination.id },
      { format: 'jsonl', by: 'created', state: ['pending'] },
    ])
  })

  test('is read as fast as it is taken, and no further', async () => {
    await using gateway = await startGateway()
    const body = await exportOfMany(gateway)
    const chunks = body.values()
    await chunks.next()

    await gateway.db.deleteFrom('deliveries').execute()
    let read = 1
    for await (const _ of { [Symbol.asyncIterator]: () => chunks }) read += 1

    expect(read).toBeLessThanOrEqual(3)
  })

  test('breaks off once who asked for it may no longer', async () => {
    await using gateway = await startGateway()
    let mayAsk = true
    const body = await exportOfMany(gateway, async () => mayAsk)
    const chunks = body.values()
    await chunks.next()
    mayAsk = false

    const rest = (async () => {
      for await (const _ of { [Symbol.asyncIterator]: () => chunks });
    })()

    await expect(rest).rejects.toThrow('may no longer')
  })

  test('lets everything else have its turn between two pages', async () => {
    await using gateway = await startGateway()
    const body = await exportOfMany(gateway)
    let turns = 0
    let isRead = false
    const turn = () => {
      turns += 1
      if (!isRead) setImmediate(turn)
    }
    setImmediate(turn)

    for await (const _ of body.values());
    isRead = true

    expect(turns).toBeGreaterThanOrEqual(6)
  })

  test.each([
    ['=HYPERLINK("http://evil.example")', `"'=HYPERLINK(""http://evil.example"")"`],
    ['+1+1', "'+1+1"],
    ['-2+3', "'-2+3"],
    ['@SUM(A1)', "'@SUM(A1)"],
  ])('%s can not run as a formula', async (text, cell) => {
    await using gateway = await startGateway()
    await gateway.havingDelivery(await gateway.channelAt('compliance'), { message: { text } })

    const { text: csv } = await gateway.ask('GET', '/api/deliveries/export')

    expect(csv.split('\r\n')[1]).toContain(`,${cell},`)
  })

  test('is refused for a format or a filter that does not exist', async () => {
    await using gateway = await startGateway()

    for (const [query, field] of [
      ['format=xlsx', 'format'],
      ['state=lost', 'state'],
      ['colour=red', 'colour'],
      ['from=yesterday', 'from'],
    ]) {
      const { status, body } = await gateway.ask('GET', `/api/deliveries/export?${query}`)
      expect([status, body.error.field]).toEqual([422, expect.stringContaining(field ?? '')])
      expect((await gateway.ask('GET', `/api/deliveries?${query}`)).status).toBe(422)
    }
  })

  test('of nothing is a header, or nothing', async () => {
    await using gateway = await startGateway()

    expect((await gateway.ask('GET', '/api/deliveries/export')).text.split('\r\n')).toHaveLength(2)
    expect(await gateway.ask('GET', '/api/deliveries/export?format=jsonl')).toMatchObject({ status: 200, text: '' })
  })
})

describe('replay and cancel', () => {
  test('a replay is a new delivery that names the old one', async () => {
    await using gateway = await startGateway()
    const destination = await gateway.channelAt('compliance')
    const old = await gateway.havingDelivery(destination, { message: { text: 'again' } })
    await gateway.slack.fault({ method: 'chat.postMessage', kind: 'error', code: 'msg_too_long' })
    await deliverDue(gateway.ctx)

    const replay = await gateway.ask('POST', `/api/deliveries/${old.id}/replay`)
    await deliverDue(gateway.ctx)

    expect(replay.status).toBe(201)
    expect(replay.body).toMatchObject({ replayOf: old.id, state: 'pending', createdBy: 'Ada Ferrer' })
    expect((await gateway.ask('GET', `/api/deliveries/${replay.body.id}`)).body.state).toBe('delivered')
    expect((await gateway.ask('GET', `/api/deliveries/${old.id}`)).body.state).toBe('failed')
    const trail = await gateway.db.selectFrom('auditEntries').select('action').execute()
    expect(trail.map(({ action }) => action)).toContain('delivery.replayed')
  })

  test('what was delivered, still waits, or went to a deleted destination is not replayed', async () => {
    await using gateway = await startGateway()
    const destination = await gateway.channelAt('compliance')
    const delivered = await gateway.havingDelivery(destination)
    await deliverDue(gateway.ctx)
    const waiting = await gateway.havingDelivery(destination)

    const first = await gateway.ask('POST', `/api/deliveries/${delivered.id}/replay`)
    const second = await gateway.ask('POST', `/api/deliveries/${waiting.id}/replay`)
    await gateway.ask('DELETE', `/api/destinations/${destination.id}`)
    const third = await gateway.ask('POST', `/api/deliveries/${waiting.id}/replay`)

    expect([first.status, second.status, third.status]).toEqual([409, 409, 409])
    expect(third.body.error.message).toContain('#compliance')
  })

  test('what still waits is taken back once and never sent', async () => {
    await using gateway = await startGateway()
    const { id } = await gateway.havingDelivery(await gateway.channelAt('compliance'))

    const cancelled = await gateway.ask('POST', `/api/deliveries/${id}/cancel`)
    const again = await gateway.ask('POST', `/api/deliveries/${id}/cancel`)

    expect(cancelled.body).toMatchObject({ state: 'cancelled', code: 'cancelled_by_request' })
    expect(again.status).toBe(409)
    expect(await deliverDue(gateway.ctx)).toBe(0)
    expect(await gateway.slack.calls('chat.postMessage')).toEqual([])
  })

  test('what is over in doubt is not taken back: it stays what it was', async () => {
    await using gateway = await startGateway()
    const { id } = await gateway.havingDelivery(await gateway.channelAt('compliance'))
    const over = { state: 'unconfirmed', mark: 'maybe_sent', rank: null, endedAt: gateway.ctx.now() } as const
    await gateway.db.updateTable('deliveries').set(over).where('id', '=', id).execute()

    const shown = await gateway.ask('GET', `/api/deliveries/${id}`)
    const cancelled = await gateway.ask('POST', `/api/deliveries/${id}/cancel`)

    expect(shown.body).toMatchObject({ canCancel: false, canReplay: true })
    expect(cancelled.status).toBe(409)
    expect((await gateway.ask('GET', `/api/deliveries/${id}`)).body).toMatchObject({ state: 'unconfirmed' })
  })

  test('deleting a destination ends what waits for it and keeps its history', async () => {
    await using gateway = await startGateway()
    const destination = await gateway.channelAt('compliance')
    const sent = await gateway.havingDelivery(destination)
    await deliverDue(gateway.ctx)
    const waiting = await gateway.havingDelivery(destination)

    const deleted = await gateway.ask('DELETE', `/api/destinations/${destination.id}`)

    expect(deleted.status).toBe(204)
    expect((await gateway.ask('GET', `/api/destinations/${destination.id}`)).status).toBe(404)
    expect((await gateway.ask('GET', `/api/deliveries/${waiting.id}`)).body).toMatchObject({
      state: 'cancelled',
      code: 'destination_deleted',
      destination: { name: '#compliance' },
    })
    expect((await gateway.ask('GET', `/api/deliveries/${sent.id}`)).body).toMatchObject({ state: 'delivered' })
  })
})
