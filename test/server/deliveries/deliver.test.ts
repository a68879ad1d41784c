import { expect, test } from 'vitest'
import { getDelivery, listAttempts } from '../../../server/deliveries/list-store.ts'
import { takeTurn } from '../../../server/deliveries/turn.ts'
import { deliverDue, startDeliveryWorker } from '../../../server/deliveries/worker.ts'
import { changeDestination } from '../../../server/destinations/change-destination.ts'
import { getDestination, updateDestination } from '../../../server/destinations/store.ts'
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

test('an answer of 500 is looked into: what was taken all the same is not posted again', async () => {
  await using gateway = await startGateway()
  const destination = await gateway.channelAt('compliance')
  const { id } = await gateway.havingDelivery(destination)
  const next = await gateway.havingDelivery(destination, { message: { text: 'next' } })
  await gateway.slack.fault({ method: 'chat.postMessage', kind: 'http_500_after_commit' })

  await deliverDue(gateway.ctx)
  expect(await getDelivery(gateway.db, id)).toMatchObject({ state: 'unconfirmed', tries: 1, mark: null })
  expect(await getDelivery(gateway.db, next.id)).toMatchObject({ state: 'pending' })

  gateway.clock.now += 3_000
  await deliverDue(gateway.ctx)
  expect(await getDelivery(gateway.db, id)).toMatchObject({ state: 'delivered', tries: 1, looks: 1, mark: null })
  expect((await getDelivery(gateway.db, id)).permalink).toMatch(/\/archives\/C0COMPLIANC\/p\d+$/)
  expect(await listAttempts(gateway.db, id)).toMatchObject([
    { number: 1, outcome: 'ambiguous' },
    { number: null, method: 'conversations.history', outcome: 'found' },
  ])
  expect(await textsIn(gateway, 'C0COMPLIANC')).toHaveLength(2)
})

test('a message that was lost on the way is posted once the look has shown that it is not there', async () => {
  await using gateway = await startGateway()
  const { id } = await gateway.havingDelivery(await gateway.channelAt('compliance'))
  await gateway.slack.fault({ method: 'chat.postMessage', kind: 'http_500' })

  await deliverDue(gateway.ctx)
  gateway.clock.now += 3_000
  await deliverDue(gateway.ctx)
  await deliverDue(gateway.ctx)

  expect(await getDelivery(gateway.db, id)).toMatchObject({ state: 'delivered', tries: 2, mark: null })
  expect(await textsIn(gateway, 'C0COMPLIANC')).toHaveLength(1)
})

test.each([
  ['at_least_once', { state: 'delivered', mark: 'may_be_duplicate' }, 2],
  ['at_most_once', { state: 'unconfirmed', mark: 'maybe_sent', rank: null }, 1],
] as const)('a webhook can not be looked into: %s decides, and the delivery is marked', async (policy, end, posted) => {
  await using gateway = await startGateway()
  const hook = (await gateway.slack.app()).webhooks[0]
  const destination = await gateway.destinationAt({ kind: 'webhook', url: hook?.url ?? '', name: 'Alerts' })
  const { id } = await gateway.havingDelivery(destination, { policy })
  await gateway.slack.fault({ method: 'webhook', kind: 'http_500_after_commit' })

  await deliverDue(gateway.ctx)
  gateway.clock.now += 3_500
  await deliverDue(gateway.ctx)

  expect(await getDelivery(gateway.db, id)).toMatchObject(end)
  const all = await Promise.all((await gateway.slack.channels()).map((channel) => textsIn(gateway, channel.id)))
  expect(all.flat()).toHaveLength(posted)
})

test('without the scope to look, the policy decides', async () => {
  await using gateway = await startGateway()
  const { id } = await gateway.havingDelivery(await gateway.channelAt('compliance'), { policy: 'at_most_once' })
  await gateway.slack.fault({ method: 'chat.postMessage', kind: 'http_500_after_commit' })
  await gateway.slack.fault({ method: 'conversations.history', kind: 'error', code: 'missing_scope' })

  await deliverDue(gateway.ctx)
  gateway.clock.now += 3_000
  await deliverDue(gateway.ctx)

  expect(await getDelivery(gateway.db, id)).toMatchObject({ state: 'unconfirmed', mark: 'maybe_sent' })
  expect(await listAttempts(gateway.db, id)).toMatchObject([{}, { outcome: 'can_not_look', code: 'missing_scope' }])
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

test('a message that Slack never takes fails after as many attempts as its type allows, and no sooner', async () => {
  await using gateway = await startGateway()
  const { id } = await gateway.havingDelivery(await gateway.channelAt('compliance'), { maxAttempts: 4 })
  await gateway.slack.fault({ method: 'chat.postMessage', kind: 'http_503_html', times: null })

  for (let round = 0; round < 12; round += 1) {
    await deliverDue(gateway.ctx)
    gateway.clock.now += 15 * 60_000
  }

  expect(await getDelivery(gateway.db, id)).toMatchObject({ state: 'failed', tries: 4, code: 'http_503', rank: null })
  expect(await listAttempts(gateway.db, id)).toHaveLength(4)
})

test('an hour without Slack fails no message, even if each of its waits is drawn so short that its attempts are used up', async () => {
  await using gateway = await startGateway()
  const { id } = await gateway.havingDelivery(await gateway.channelAt('compliance'))
  const { id: faultId } = await gateway.slack.fault({ method: 'chat.postMessage', kind: 'http_503_html', times: null })
  const backAt = gateway.clock.now + 60 * 60_000
  gateway.chance.next = 0.1

  while (gateway.clock.now < backAt) {
    await deliverDue(gateway.ctx)
    gateway.clock.now = (await getDelivery(gateway.db, id)).dueAt
  }
  const before = await getDelivery(gateway.db, id)
  await gateway.slack.ask('DELETE', `/faults/${faultId}`)
  await deliverDue(gateway.ctx)

  expect(before).toMatchObject({ state: 'retrying' })
  expect(before.tries).toBeGreaterThan(30)
  expect(await getDelivery(gateway.db, id)).toMatchObject({ state: 'delivered' })
})

test('once a message goes out after a long outage, the other destinations do not sit out their waits', async () => {
  await using gateway = await startGateway()
  const { id: faultId } = await gateway.slack.fault({ method: 'chat.postMessage', kind: 'http_503_html', times: null })
  const tryUntil = async (id: string, tries: number) => {
    for (;;) {
      await deliverDue(gateway.ctx)
      const row = await getDelivery(gateway.db, id)
      if (row.tries >= tries) return row
      gateway.clock.now = row.dueAt
    }
  }
  const old = await gateway.havingDelivery(await gateway.channelAt('compliance'))
  const waiting = await tryUntil(old.id, 10)
  const young = await gateway.havingDelivery(await gateway.channelAt('security-alerts'))
  gateway.clock.now = (await tryUntil(young.id, 4)).dueAt

  await gateway.slack.ask('DELETE', `/faults/${faultId}`)
  await deliverDue(gateway.ctx)
  gateway.clock.now += 60_000
  await deliverDue(gateway.ctx)

  expect(waiting.dueAt - gateway.clock.now).toBeGreaterThan(60_000)
  expect(await getDelivery(gateway.db, young.id)).toMatchObject({ state: 'delivered' })
  expect(await getDelivery(gateway.db, old.id)).toMatchObject({ state: 'delivered' })
})

test('what was still being tried when Slack came back does not sit out a long wait either', async () => {
  await using gateway = await startGateway()
  const outage = await gateway.slack.fault({ method: 'chat.postMessage', kind: 'http_503_html', times: null })
  const early = await gateway.havingDelivery(await gateway.channelAt('compliance'))
  const late = await gateway.havingDelivery(await gateway.channelAt('security-alerts'))
  gateway.chance.next = 0.9
  for (let tries = 1; tries <= 10; tries += 1) {
    await deliverDue(gateway.ctx)
    gateway.clock.now = Math.max(...(await listDueAt(gateway, [early.id, late.id])))
  }
  const channel = (await getDestination(gateway.db, late.destinationId)).target

  await gateway.slack.ask('DELETE', `/faults/${outage.id}`)
  await gateway.slack.fault({ method: 'chat.postMessage', kind: 'http_503_html', channel, times: 1 })
  await deliverDue(gateway.ctx)

  expect(await getDelivery(gateway.db, early.id)).toMatchObject({ state: 'delivered', tries: 11 })
  const row = await getDelivery(gateway.db, late.id)
  expect(row).toMatchObject({ state: 'retrying', tries: 11, dueAt: gateway.clock.now + 60_000 })
})

const listDueAt = (gateway: Gateway, ids: string[]) =>
  Promise.all(ids.map(async (id) => Number((await getDelivery(gateway.db, id)).dueAt)))

test('an archived channel is a dead end: its backlog is held, an incident says why, and Resume lets it out in order', async () => {
  await using gateway = await startGateway()
  const destination = await gateway.channelAt('compliance')
  const texts = ['one', 'two', 'three']
  const rows = []
  for (const text of texts) rows.push(await gateway.havingDelivery(destination, { message: { text } }))
  const elsewhere = await gateway.havingDelivery(await gateway.channelAt('security-alerts'))
  await gateway.slack.fault({ method: 'chat.postMessage', kind: 'error', code: 'is_archived', channel: 'C0COMPLIANC' })

  await deliverDue(gateway.ctx)
  await deliverDue(gateway.ctx)

  for (const { id } of rows) {
    expect(await getDelivery(gateway.db, id)).toMatchObject({ state: 'held', code: 'is_archived' })
  }
  expect(await getDelivery(gateway.db, elsewhere.id)).toMatchObject({ state: 'delivered' })
  expect(await getDestination(gateway.db, destination.id)).toMatchObject({
    state: 'failing',
    code: 'is_archived',
    pauseCode: 'is_archived',
  })
  const incidents = await gateway.db.selectFrom('incidents').selectAll().execute()
  expect(incidents).toMatchObject([{ subjectId: destination.id, code: 'is_archived', closedAt: null }])
  expect(await gateway.slack.calls('chat.postMessage')).toHaveLength(2)

  await updateDestination(gateway.db, destination.id, { pausedAt: null, pauseCode: null, pausedBy: null })
  await deliverDue(gateway.ctx)
  const sent = (await gateway.slack.calls('chat.postMessage')).slice(2)
  expect(sent.map((call) => call.args.text)).toEqual(texts)
  expect(await getDestination(gateway.db, destination.id)).toMatchObject({ state: 'ok', code: null })
})

test('a test of a paused destination goes out, and the backlog stays', async () => {
  await using gateway = await startGateway()
  const destination = await gateway.channelAt('compliance')
  const waiting = await gateway.havingDelivery(destination)
  await gateway.slack.fault({ method: 'chat.postMessage', kind: 'error', code: 'not_in_channel', times: 2 })
  await deliverDue(gateway.ctx)

  const tested = await gateway.havingDelivery(destination, { origin: 'test', message: { text: 'a test' } })
  await deliverDue(gateway.ctx)

  expect(await getDelivery(gateway.db, tested.id)).toMatchObject({ state: 'delivered' })
  expect(await getDelivery(gateway.db, waiting.id)).toMatchObject({ state: 'held', code: 'not_in_channel' })
})

test('a revoked token pauses all that goes through the bot, once, and no webhook', async () => {
  await using gateway = await startGateway()
  const hook = (await gateway.slack.app()).webhooks[0]
  const webhook = await gateway.destinationAt({ kind: 'webhook', url: hook?.url ?? '', name: 'Alerts' })
  const channels = await Promise.all(['compliance', 'security-alerts'].map(gateway.channelAt))
  const held = await Promise.all(channels.map((channel) => gateway.havingDelivery(channel)))
  await gateway.slack.fault({ method: 'chat.postMessage', kind: 'error', code: 'token_revoked', times: null })

  await deliverDue(gateway.ctx)
  const through = await gateway.havingDelivery(webhook)
  await deliverDue(gateway.ctx)

  for (const { id } of held)
    expect(await getDelivery(gateway.db, id)).toMatchObject({ state: 'held', code: 'token_revoked' })
  expect(await getDelivery(gateway.db, through.id)).toMatchObject({ state: 'delivered' })
  expect(await findIntegration(gateway.db, gateway.integrationId)).toMatchObject({
    state: 'failing',
    stateCode: 'token_revoked',
    pauseCode: 'token_revoked',
  })
  expect(await gateway.db.selectFrom('incidents').selectAll().execute()).toHaveLength(1)
})

test('a message that is itself wrong fails alone', async () => {
  await using gateway = await startGateway()
  const destination = await gateway.channelAt('compliance')
  const { id } = await gateway.havingDelivery(destination, { message: { text: 'x', blocks: [{ type: 'nonsense' }] } })

  await deliverDue(gateway.ctx)

  expect(await getDelivery(gateway.db, id)).toMatchObject({ state: 'failed', code: 'invalid_blocks' })
  expect(await getDestination(gateway.db, destination.id)).toMatchObject({ state: 'untested' })
})

test('what a worker that died was sending is looked for, and then its successor goes on', async () => {
  await using gateway = await startGateway()
  const destination = await gateway.channelAt('compliance')
  const lost = await gateway.havingDelivery(destination)
  const next = await gateway.havingDelivery(destination, { message: { text: 'next' } })
  await takeTurn({ ...gateway.ctx, workerId: 'dead worker' }, [], { limit: 1 })

  gateway.clock.now += 29_999
  expect(await deliverDue(gateway.ctx)).toBe(0)

  gateway.clock.now += 1
  await deliverDue(gateway.ctx)
  expect(await getDelivery(gateway.db, lost.id)).toMatchObject({ state: 'unconfirmed', code: 'worker_lost', tries: 1 })
  gateway.clock.now += 3_000
  await deliverDue(gateway.ctx)
  expect(await getDelivery(gateway.db, lost.id)).toMatchObject({ state: 'delivered', tries: 2, mark: null })
  expect(await getDelivery(gateway.db, next.id)).toMatchObject({ state: 'delivered' })
  const sent = await gateway.slack.calls('chat.postMessage')
  expect(sent.map((call) => call.args.text)).toEqual(['Hello', 'next'])
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
  await gateway.slack.fault({ method: 'chat.postMessage', kind: 'slow', delayMs: 1_500 })

  const sending = deliverDue(gateway.ctx)
  await expect.poll(async () => (await getDelivery(gateway.db, id)).state, { interval: 5 }).toBe('sending')
  gateway.clock.now += 30_000
  await takeTurn({ ...gateway.ctx, workerId: 'worker-2' }, [], { limit: 1 })
  await sending

  expect(await getDelivery(gateway.db, id)).toMatchObject({ state: 'unconfirmed', code: 'worker_lost', tries: 1 })
  expect(await listAttempts(gateway.db, id)).toMatchObject([{ outcome: 'sent' }])
  expect(gateway.lines.join()).toContain('"settled":false')
})

test('a started worker sends what is there, and stopping it lets what is in flight end', async () => {
  await using gateway = await startGateway()
  const { id } = await gateway.havingDelivery(await gateway.channelAt('compliance'))
  await gateway.slack.fault({ method: 'chat.postMessage', kind: 'slow', delayMs: 1_500 })

  const worker = startDeliveryWorker(gateway.ctx)
  await expect.poll(async () => (await getDelivery(gateway.db, id)).state, { interval: 5 }).toBe('sending')
  await worker.stop()

  expect(await getDelivery(gateway.db, id)).toMatchObject({ state: 'delivered' })
})

test('a destination that hangs holds up no other', async () => {
  await using gateway = await startGateway()
  const [slow, quick] = [await gateway.channelAt('compliance'), await gateway.channelAt('security-alerts')]
  await gateway.slack.fault({ method: 'chat.postMessage', kind: 'slow', delayMs: 4_000, channel: 'C0COMPLIANC' })
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
    .poll(async () => (await gateway.ask('GET', '/api/deliveries/counts')).body.byState)
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
