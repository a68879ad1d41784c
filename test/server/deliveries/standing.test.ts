import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { foldedRows } from '../../../server/deliveries/folded-rows.ts'
import { lineUp } from '../../../server/deliveries/lanes/places-store.ts'
import { getDelivery } from '../../../server/deliveries/list-store.ts'
import { takeTurn } from '../../../server/deliveries/turn.ts'
import { deliverDue } from '../../../server/deliveries/worker.ts'
import { type Gateway, startGateway } from '../../support/gateway.ts'

const CHANNEL = 'C0COMPLIANC'
const textsIn = async (gateway: Gateway) => (await gateway.slack.messages(CHANNEL)).map(({ text }) => text)

test('what an update key stands for is found at once, however many changes of it wait', async () => {
  await using gateway = await startGateway()

  const { rows } = await sql<{ detail: string }>`explain query plan select id from deliveries
    where destination_id = 'd' and update_key = 'k' and action = 'post' and folded_into is null
      and message_ts is not null order by id desc limit 1`.execute(gateway.db)

  expect(rows.map(({ detail }) => detail).join()).toContain('USING INDEX deliveries_standing')
})

test('one key is one message, also once its first delivery was posted anew by a change of that', async () => {
  await using gateway = await startGateway()
  const destination = await gateway.channelAt('compliance')
  const first = await gateway.havingDelivery(destination, { message: { text: 'open' }, updateKey: 'k' })
  await deliverDue(gateway.ctx)
  await gateway.havingDelivery(destination, { message: { text: 'worse' }, updateKey: 'k' })
  await deliverDue(gateway.ctx)
  await deletedInSlack(gateway, first.id)

  await gateway.havingDelivery(destination, { message: { text: 'anew' }, action: 'update', targetId: first.id })
  await deliverDue(gateway.ctx)
  await gateway.havingDelivery(destination, { message: { text: 'resolved' }, updateKey: 'k' })
  await deliverDue(gateway.ctx)

  expect(await textsIn(gateway)).toEqual(['resolved'])
})

test('a change or removal of one delivery is one of the message that its key was posted anew as', async () => {
  await using gateway = await startGateway()
  const destination = await gateway.channelAt('compliance')
  const first = await gateway.havingDelivery(destination, { message: { text: 'open' }, updateKey: 'k' })
  await deliverDue(gateway.ctx)
  await deletedInSlack(gateway, first.id)
  await gateway.havingDelivery(destination, { message: { text: 'anew' }, updateKey: 'k' })
  await deliverDue(gateway.ctx)

  await gateway.havingDelivery(destination, { message: { text: 'changed' }, action: 'update', targetId: first.id })
  await deliverDue(gateway.ctx)
  expect(await textsIn(gateway)).toEqual(['changed'])

  await gateway.havingDelivery(destination, { message: { text: 'x' }, action: 'delete', targetId: first.id })
  await deliverDue(gateway.ctx)
  expect(await textsIn(gateway)).toEqual([])
})

test('through a webhook a later message with the key stands for nothing of the earlier one', async () => {
  await using gateway = await startGateway()
  const [hook] = (await gateway.slack.app()).webhooks
  const destination = await gateway.destinationAt({ kind: 'webhook', url: hook?.url ?? '', name: 'Alerts' })
  const { rows } = foldedRows(gateway.ctx, {
    ...{ destination, integrationName: 'Acme production', origin: 'message', priority: 'normal', createdBy: 'a test' },
    ...{ message: { text: `${'a'.repeat(3_900)}\n${'b'.repeat(3_900)}` }, updateKey: 'k' },
  })
  await gateway.db.transaction().execute((trx) => lineUp(trx, rows))
  const [one] = (await takeTurn(gateway.ctx, [], { limit: 1 })).taken
  expect(one?.delivery.id).toBe(rows[0].id)
  gateway.clock.now += 60_000
  await gateway.havingDelivery(destination, { message: { text: 'later' }, updateKey: 'k', priority: 'urgent' })

  for (let round = 0; round < 3; round += 1) {
    await deliverDue(gateway.ctx)
    gateway.clock.now += 60_000
  }

  for (const { id } of rows) expect(await getDelivery(gateway.db, id)).toMatchObject({ state: 'delivered' })
})

test('a summary that goes through a webhook, which has no threads, does not speak of one', async () => {
  await using gateway = await startGateway()
  const [hook] = (await gateway.slack.app()).webhooks
  const destination = await gateway.destinationAt({ kind: 'webhook', url: hook?.url ?? '', name: 'Alerts' })
  for (const text of ['one', 'two', 'three']) {
    await gateway.havingDelivery(destination, { message: { text }, priority: 'low', type: 'build.done', foldAfter: 2 })
  }

  await deliverDue(gateway.ctx)

  const [headline, page] = (await gateway.slack.allMessages()).map(({ text }) => text)
  expect(headline).toMatch(/^\*3 messages of low priority .* They follow\.$/)
  expect(page).toBe('one\n\ntwo\n\nthree')
})

test('a continuation that was lost when a change was made is taken out of Slack once it is found', async () => {
  await using gateway = await startGateway()
  const destination = await gateway.channelAt('compliance')
  const { rows } = foldedRows(gateway.ctx, {
    ...{ destination, integrationName: 'Acme production', origin: 'message', priority: 'normal', createdBy: 'a test' },
    ...{ message: { text: `${'a'.repeat(3_900)}\n${'b'.repeat(3_900)}` }, updateKey: 'k' },
  })
  await gateway.db.transaction().execute((trx) => lineUp(trx, [rows[0]]))
  await deliverDue(gateway.ctx)
  await gateway.db.transaction().execute((trx) => lineUp(trx, rows.slice(1)))
  await gateway.slack.fault({ method: 'chat.postMessage', kind: 'lost_answer' })
  await deliverDue(gateway.ctx)
  await gateway.havingDelivery(destination, { message: { text: 'resolved' }, updateKey: 'k', priority: 'urgent' })

  for (let round = 0; round < 4; round += 1) {
    await deliverDue(gateway.ctx)
    gateway.clock.now += 5_000
  }

  expect(await textsIn(gateway)).toEqual(['resolved'])
})

async function deletedInSlack(gateway: Gateway, id: string): Promise<void> {
  const { messageTs } = await getDelivery(gateway.db, id)
  const { botToken } = await gateway.slack.app()
  const answer = await fetch(`${gateway.slack.apiUrl}chat.delete`, {
    method: 'POST',
    headers: { authorization: `Bearer ${botToken}`, 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ channel: CHANNEL, ts: messageTs }),
  })
  expect(await answer.json()).toMatchObject({ ok: true })
}
