import { expect, test } from 'vitest'
import { getDelivery, listAttempts } from '../../../server/deliveries/list-store.ts'
import { rescueLost } from '../../../server/deliveries/rescue.ts'
import { claimDue } from '../../../server/deliveries/store.ts'
import { deliverDue, startDeliveryWorker } from '../../../server/deliveries/worker.ts'
import { changeDestination } from '../../../server/destinations/change-destination.ts'
import { getDestination } from '../../../server/destinations/store.ts'
import { forgetConnection } from '../../../server/integrations/credentials.ts'
import { deleteIntegrationRow, findIntegration, updateIntegration } from '../../../server/integrations/store.ts'
import { ADA, type Gateway, startGateway } from '../../support/gateway.ts'

const textsIn = async (gateway: Gateway, channelId: string) =>
  (await gateway.slack.messages(channelId)).map((message) => message.text)

test('a message to a channel is delivered once, with its permalink, and its destination is known to work', async () => {
  await using gateway = await startGateway()
  const destination = await gateway.channelAt('compliance')
  const { id } = await gateway.havingDelivery(destination, { message: { text: 'Passed <review>' } })

  const taken = await deliverDue(gateway.ctx)

  const delivery = await getDelivery(gateway.db, id)
  expect(taken).toBe(1)
  expect(delivery).toMatchObject({ state: 'delivered', tries: 1, code: null, claimedBy: null, leaseEndsAt: null })
  expect(delivery.permalink).toMatch(/^https:\/\/acme\.slack\.com\/archives\/C0COMPLIANC\/p\d+$/)
  expect(await listAttempts(gateway.db, id)).toMatchObject([
    { number: 1, method: 'chat.postMessage', outcome: 'sent', httpStatus: 200 },
  ])
  expect(await getDestination(gateway.db, destination.id)).toMatchObject({
    state: 'ok',
    code: null,
    lastDeliveredAt: gateway.clock.now,
  })
  expect(await deliverDue(gateway.ctx)).toBe(0)
  expect(await gateway.slack.messages('C0COMPLIANC')).toHaveLength(1)
})

test('a message to a person goes to the direct message, opened once', async () => {
  await using gateway = await startGateway()
  const people = await gateway.slack.people()
  const email = people.find((person) => person.id === 'U0KIMPARK01')?.email ?? ''
  const destination = await gateway.destinationAt({ kind: 'person', person: email })
  const { id } = await gateway.havingDelivery(destination)

  await deliverDue(gateway.ctx)

  expect(destination).toMatchObject({ target: 'U0KIMPARK01', name: 'Kim Park' })
  const delivery = await getDelivery(gateway.db, id)
  expect(delivery).toMatchObject({ state: 'delivered' })
  expect(delivery.conversationId).toMatch(/^D/)
  expect(await gateway.slack.calls('conversations.open')).toHaveLength(1)
})

test('a message through a webhook is delivered, and its address stands in nothing that is kept', async () => {
  await using gateway = await startGateway()
  const hook = (await gateway.slack.app()).webhooks[0]
  const url = hook?.url ?? ''
  const secret = url.split('/').at(-1) ?? ''
  const destination = await gateway.destinationAt({ kind: 'webhook', url, name: 'Alerts' })
  const { id } = await gateway.havingDelivery(destination, { message: { text: `leaking ${url}` } })

  await deliverDue(gateway.ctx)

  const attempts = await listAttempts(gateway.db, id)
  expect(await getDelivery(gateway.db, id)).toMatchObject({ state: 'delivered', messageTs: null })
  expect(attempts).toMatchObject([{ method: 'webhook', outcome: 'sent' }])
  expect(JSON.stringify(attempts)).not.toContain(secret)
  expect(gateway.lines.join()).not.toContain(secret)
  expect(JSON.stringify(await gateway.ask('GET', '/api/destinations'))).not.toContain(secret)
  expect(JSON.stringify(await getDestination(gateway.db, destination.id))).not.toContain(secret)
})

test('when Slack asks for a wait, the delivery comes back after it and has used no try', async () => {
  await using gateway = await startGateway()
  const { id } = await gateway.havingDelivery(await gateway.channelAt('compliance'))
  await gateway.slack.fault({ method: 'chat.postMessage', kind: 'rate_limited', retryAfterSeconds: 30 })

  await deliverDue(gateway.ctx)
  expect(await getDelivery(gateway.db, id)).toMatchObject({ state: 'retrying', tries: 0 })

  gateway.clock.now += 29_999
  expect(await deliverDue(gateway.ctx)).toBe(0)

  gateway.clock.now += 1
  await deliverDue(gateway.ctx)
  expect(await getDelivery(gateway.db, id)).toMatchObject({ state: 'delivered', tries: 1 })
  expect(await listAttempts(gateway.db, id)).toMatchObject([
    { number: null, outcome: 'rate_limited', retryAfterMs: 30_000 },
    { number: 1, outcome: 'sent' },
  ])
})

test('an answer of 500 leaves the delivery unconfirmed: it is never tried again by itself', async () => {
  await using gateway = await startGateway()
  const { id } = await gateway.havingDelivery(await gateway.channelAt('compliance'))
  await gateway.slack.fault({ method: 'chat.postMessage', kind: 'http_500_after_commit' })

  await deliverDue(gateway.ctx)
  gateway.clock.now += 3_600_000
  await deliverDue(gateway.ctx)

  expect(await getDelivery(gateway.db, id)).toMatchObject({ state: 'unconfirmed', mark: 'maybe_sent', endedAt: null })
  expect(await gateway.slack.messages('C0COMPLIANC')).toHaveLength(1)
})

test('an HTML page of 503 is waited out, and the message is delivered by the next try', async () => {
  await using gateway = await startGateway()
  const { id } = await gateway.havingDelivery(await gateway.channelAt('compliance'))
  await gateway.slack.fault({ method: 'chat.postMessage', kind: 'http_503_html' })

  await deliverDue(gateway.ctx)
  expect(await getDelivery(gateway.db, id)).toMatchObject({ state: 'retrying', tries: 1, code: 'http_503' })

  gateway.clock.now += 500
  await deliverDue(gateway.ctx)
  expect(await getDelivery(gateway.db, id)).toMatchObject({ state: 'delivered', tries: 2, code: null })
})

test('a message that Slack never takes fails after eight tries, and no sooner', async () => {
  await using gateway = await startGateway()
  const { id } = await gateway.havingDelivery(await gateway.channelAt('compliance'))
  await gateway.slack.fault({ method: 'chat.postMessage', kind: 'http_503_html', times: null })

  for (let round = 0; round < 12; round += 1) {
    await deliverDue(gateway.ctx)
    gateway.clock.now += 15 * 60_000
  }

  expect(await getDelivery(gateway.db, id)).toMatchObject({ state: 'failed', tries: 8, code: 'http_503' })
  expect(await listAttempts(gateway.db, id)).toHaveLength(8)
})

test('an archived channel fails its message and marks the destination, and the first message through lifts the mark', async () => {
  await using gateway = await startGateway()
  const destination = await gateway.channelAt('compliance')
  const failed = await gateway.havingDelivery(destination)
  await gateway.slack.fault({ method: 'chat.postMessage', kind: 'error', code: 'is_archived' })

  await deliverDue(gateway.ctx)

  expect(await getDelivery(gateway.db, failed.id)).toMatchObject({ state: 'failed', code: 'is_archived', tries: 1 })
  expect(await getDestination(gateway.db, destination.id)).toMatchObject({ state: 'failing', code: 'is_archived' })
  expect(await findIntegration(gateway.db, gateway.integrationId)).toMatchObject({ state: 'untested' })

  await gateway.havingDelivery(destination)
  await deliverDue(gateway.ctx)

  expect(await getDestination(gateway.db, destination.id)).toMatchObject({ state: 'ok', code: null })
})

test('a revoked token marks the integration', async () => {
  await using gateway = await startGateway()
  await gateway.havingDelivery(await gateway.channelAt('compliance'))
  await gateway.slack.fault({ method: 'chat.postMessage', kind: 'error', code: 'token_revoked' })

  await deliverDue(gateway.ctx)

  expect(await findIntegration(gateway.db, gateway.integrationId)).toMatchObject({
    state: 'failing',
    stateCode: 'token_revoked',
  })
})

test('a message that is itself wrong fails alone', async () => {
  await using gateway = await startGateway()
  const destination = await gateway.channelAt('compliance')
  const { id } = await gateway.havingDelivery(destination, { message: { text: 'x', blocks: [{ type: 'nonsense' }] } })

  await deliverDue(gateway.ctx)

  expect(await getDelivery(gateway.db, id)).toMatchObject({ state: 'failed', code: 'invalid_blocks' })
  expect(await getDestination(gateway.db, destination.id)).toMatchObject({ state: 'untested' })
})

test('what a worker that died was sending becomes unconfirmed when its lease ends, and its successor goes on', async () => {
  await using gateway = await startGateway()
  const destination = await gateway.channelAt('compliance')
  const lost = await gateway.havingDelivery(destination)
  const next = await gateway.havingDelivery(destination, { message: { text: 'next' } })
  await claimDue(gateway.db, { by: 'dead worker', now: gateway.clock.now, leaseMs: 90_000, limit: 1 })

  gateway.clock.now += 89_999
  expect(await deliverDue(gateway.ctx)).toBe(0)

  gateway.clock.now += 1
  await deliverDue(gateway.ctx)
  expect(await getDelivery(gateway.db, lost.id)).toMatchObject({
    state: 'unconfirmed',
    code: 'worker_lost',
    mark: 'maybe_sent',
    tries: 1,
  })
  expect(await getDelivery(gateway.db, next.id)).toMatchObject({ state: 'delivered' })
})

test('messages to one destination arrive in the order they were accepted, also when the first has to wait', async () => {
  await using gateway = await startGateway()
  const slow = await gateway.channelAt('compliance')
  const other = await gateway.channelAt('security-alerts')
  for (const text of ['one', 'two', 'three']) await gateway.havingDelivery(slow, { message: { text } })
  await gateway.havingDelivery(other, { message: { text: 'elsewhere' } })
  await gateway.slack.fault({
    method: 'chat.postMessage',
    kind: 'rate_limited',
    retryAfterSeconds: 5,
    channel: 'C0COMPLIANC',
  })

  await deliverDue(gateway.ctx)
  expect(await textsIn(gateway, 'C0COMPLIANC')).toEqual([])
  expect(await textsIn(gateway, 'C0SECALERTS')).toEqual(['elsewhere'])

  gateway.clock.now += 5_000
  await deliverDue(gateway.ctx)
  expect((await textsIn(gateway, 'C0COMPLIANC')).sort()).toEqual(['one', 'three', 'two'])
  const sent = (await gateway.slack.calls('chat.postMessage')).filter((call) => call.status === 200)
  expect(sent.map((call) => call.args.text)).toEqual(['elsewhere', 'one', 'two', 'three'])
})

test('urgent messages go before normal ones, and those before low ones', async () => {
  await using gateway = await startGateway()
  const destination = await gateway.channelAt('compliance')
  for (const priority of ['low', 'normal', 'urgent'] as const) {
    await gateway.havingDelivery(destination, { priority, message: { text: priority } })
  }

  await deliverDue(gateway.ctx)

  const sent = await gateway.slack.calls('chat.postMessage')
  expect(sent.map((call) => call.args.text)).toEqual(['urgent', 'normal', 'low'])
})

test('messages for a destination that is switched off are held, and go out in order when it is on again', async () => {
  await using gateway = await startGateway()
  const destination = await gateway.channelAt('compliance')
  const first = await gateway.havingDelivery(destination, { message: { text: 'first' } })
  const second = await gateway.havingDelivery(destination, { message: { text: 'second' } })
  await changeDestination(gateway.ctx, ADA, destination.id, { enabled: false })

  await deliverDue(gateway.ctx)
  for (const { id } of [first, second]) {
    expect(await getDelivery(gateway.db, id)).toMatchObject({ state: 'held', code: 'destination_disabled', tries: 0 })
  }

  await changeDestination(gateway.ctx, ADA, destination.id, { enabled: true })
  await deliverDue(gateway.ctx)
  const sent = await gateway.slack.calls('chat.postMessage')
  expect(sent.map((call) => call.args.text)).toEqual(['first', 'second'])
  expect(gateway.nudged).toContain('deliveries')
})

test('an integration that is switched off or paused holds its messages; a deleted one cancels them', async () => {
  await using gateway = await startGateway()
  const { id } = await gateway.havingDelivery(await gateway.channelAt('compliance'))

  await updateIntegration(gateway.db, gateway.integrationId, { disabledAt: gateway.clock.now })
  await deliverDue(gateway.ctx)
  expect(await getDelivery(gateway.db, id)).toMatchObject({ state: 'held', code: 'integration_disabled' })

  await updateIntegration(gateway.db, gateway.integrationId, { disabledAt: null, pausedAt: gateway.clock.now })
  await deliverDue(gateway.ctx)
  expect(await getDelivery(gateway.db, id)).toMatchObject({ state: 'held', code: 'integration_paused' })

  await deleteIntegrationRow(gateway.db, gateway.integrationId)
  await deliverDue(gateway.ctx)
  expect(await getDelivery(gateway.db, id)).toMatchObject({ state: 'cancelled', code: 'integration_deleted' })
  expect(await gateway.slack.calls('chat.postMessage')).toEqual([])
})

test('credentials that can not be opened cost a try and reach nobody', async () => {
  await using gateway = await startGateway()
  const { id } = await gateway.havingDelivery(await gateway.channelAt('compliance'))
  await gateway.db.updateTable('credentials').set({ sealed: 'v1.altered' }).execute()
  forgetConnection(gateway.ctx, gateway.integrationId)

  await deliverDue(gateway.ctx)

  expect(await getDelivery(gateway.db, id)).toMatchObject({ state: 'retrying', tries: 1, code: 'not_prepared' })
  expect(await gateway.slack.calls('chat.postMessage')).toEqual([])
})

test('a stored message that can not be read costs tries, not certainty: it was never sent', async () => {
  await using gateway = await startGateway()
  const { id } = await gateway.havingDelivery(await gateway.channelAt('compliance'))
  await gateway.db.updateTable('deliveries').set({ message: '{' }).execute()

  await deliverDue(gateway.ctx)

  expect(await getDelivery(gateway.db, id)).toMatchObject({ state: 'retrying', code: 'not_prepared' })
})

test('an answer that comes after the lease has ended is written down and changes no outcome', async () => {
  await using gateway = await startGateway()
  const { id } = await gateway.havingDelivery(await gateway.channelAt('compliance'))
  await gateway.slack.fault({ method: 'chat.postMessage', kind: 'slow', delayMs: 200 })

  const sending = deliverDue(gateway.ctx)
  await expect.poll(async () => (await getDelivery(gateway.db, id)).state, { interval: 5 }).toBe('sending')
  gateway.clock.now += 90_000
  await rescueLost({ ...gateway.ctx, workerId: 'worker-2' })
  await sending

  expect(await getDelivery(gateway.db, id)).toMatchObject({ state: 'unconfirmed', code: 'worker_lost', tries: 1 })
  expect(await listAttempts(gateway.db, id)).toMatchObject([{ outcome: 'sent' }])
  expect(gateway.lines.join()).toContain('"settled":false')
})

test('a started worker sends what is there, and stopping it lets what is in flight end', async () => {
  await using gateway = await startGateway()
  const { id } = await gateway.havingDelivery(await gateway.channelAt('compliance'))
  await gateway.slack.fault({ method: 'chat.postMessage', kind: 'slow', delayMs: 300 })

  const worker = startDeliveryWorker(gateway.ctx)
  await expect.poll(async () => (await getDelivery(gateway.db, id)).state, { interval: 5 }).toBe('sending')
  await worker.stop()

  expect(await getDelivery(gateway.db, id)).toMatchObject({ state: 'delivered' })
})

test('a destination that hangs holds up no other', async () => {
  await using gateway = await startGateway()
  const [slow, quick] = [await gateway.channelAt('compliance'), await gateway.channelAt('security-alerts')]
  await gateway.slack.fault({ method: 'chat.postMessage', kind: 'slow', delayMs: 1_500, channel: 'C0COMPLIANC' })
  const hanging = await gateway.havingDelivery(slow)
  for (let count = 0; count < 5; count += 1) await gateway.havingDelivery(quick)

  const worker = startDeliveryWorker(gateway.ctx)
  await expect.poll(async () => (await gateway.slack.messages('C0SECALERTS')).length, { interval: 10 }).toBe(5)
  const meanwhile = await getDelivery(gateway.db, hanging.id)
  await worker.stop()

  expect(meanwhile.state).toBe('sending')
  expect(await getDelivery(gateway.db, hanging.id)).toMatchObject({ state: 'delivered' })
})

test('a worker of another process goes on with what waits after a restart, and two together send each once', async () => {
  await using gateway = await startGateway()
  const places = await Promise.all(['compliance', 'security-alerts', 'compliance-alerts'].map(gateway.channelAt))
  const ids: string[] = []
  for (let round = 0; round < 4; round += 1) {
    for (const place of places) ids.push((await gateway.havingDelivery(place)).id)
  }

  const workers = ['worker-2', 'worker-3'].map((workerId) => startDeliveryWorker({ ...gateway.ctx, workerId }))
  await expect
    .poll(async () => (await gateway.ask('GET', '/api/deliveries/counts')).body.byState, { timeout: 10_000 })
    .toEqual({ delivered: 12 })
  await Promise.all(workers.map((worker) => worker.stop()))

  expect(await gateway.slack.calls('chat.postMessage')).toHaveLength(ids.length)
})

test('one log line tells the story of an attempt, without its message', async () => {
  await using gateway = await startGateway()
  const { id } = await gateway.havingDelivery(await gateway.channelAt('compliance'), {
    message: { text: 'private words' },
  })

  await deliverDue(gateway.ctx)

  const told = gateway.lines.filter((line) => line.includes('delivery.attempted')).map((line) => JSON.parse(line))
  expect(told).toMatchObject([{ deliveryId: id, outcome: 'sent', number: 1, next: 'delivered', settled: true }])
  expect(gateway.lines.join()).not.toContain('private words')
})
