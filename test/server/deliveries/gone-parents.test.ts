import { describe, expect, test } from 'vitest'
import type { Engine } from '../../../server/db/engine.ts'
import { deliver } from '../../../server/deliveries/deliver.ts'
import { getDelivery } from '../../../server/deliveries/list-store.ts'
import { takeTurn } from '../../../server/deliveries/turn.ts'
import { deliverDue } from '../../../server/deliveries/worker.ts'
import { ENGINES } from '../../support/each-store.ts'
import { type Gateway, startGateway } from '../../support/gateway.ts'

const CHANNEL = 'C0COMPLIANC'
const inOrder = async (gateway: Gateway) =>
  (await gateway.slack.messages(CHANNEL)).sort((a, b) => (a.ts < b.ts ? -1 : 1))

/** A channel, and a parent with the key `k` that somebody deleted in Slack. */
async function startWithGoneParent(engine: Engine) {
  const gateway = await startGateway({ engine })
  const destination = await gateway.channelAt('compliance')
  const say = async (text: string, keys: { threadKey?: string; updateKey?: string } = { threadKey: 'k' }) => {
    const row = await gateway.havingDelivery(destination, { message: { text }, ...keys })
    return row.id
  }
  const parentId = await say('parent', { threadKey: 'k', updateKey: 'u' })
  await deliverDue(gateway.ctx)
  const [parent] = await inOrder(gateway)
  await gateway.slack.ask('DELETE', `/channels/${CHANNEL}/messages/${parent?.ts}`)
  const deliverFor = async (rounds: number) => {
    for (let round = 0; round < rounds; round += 1) {
      await deliverDue(gateway.ctx)
      gateway.clock.now += 31_000
    }
  }
  return { gateway, say, parentId, parentTs: parent?.ts, deliverFor }
}

describe.each(ENGINES)('a thread whose parent was deleted in Slack, on %s', (engine) => {
  test('goes on below the first reply that comes', async () => {
    const { gateway, say, parentId, parentTs, deliverFor } = await startWithGoneParent(engine)
    await using _ = gateway

    for (const text of ['one', 'two', 'three']) await say(text)
    await deliverFor(1)

    const [one, two, three] = await inOrder(gateway)
    expect([one, two, three]).toMatchObject([{ text: 'one' }, { text: 'two' }, { text: 'three' }])
    expect(one?.thread_ts ?? one?.ts).toBe(one?.ts)
    expect([two?.thread_ts, three?.thread_ts]).toEqual([one?.ts, one?.ts])
    expect(await getDelivery(gateway.db, parentId)).toMatchObject({ messageTs: parentTs })

    await gateway.slack.ask('DELETE', `/channels/${CHANNEL}/messages/${one?.ts}`)
    for (const text of ['four', 'five']) await say(text)
    await deliverFor(1)

    const [four, five] = (await inOrder(gateway)).slice(-2)
    expect([four, five]).toMatchObject([{ text: 'four' }, { text: 'five', thread_ts: four?.ts }])
  })

  test('goes on below a first reply whose answer was lost', async () => {
    const { gateway, say, deliverFor } = await startWithGoneParent(engine)
    await using _ = gateway
    // Two requests: into the thread, which is gone, and beside it.
    await say('one')
    const { taken } = await takeTurn(gateway.ctx, [], { limit: 10 })
    await gateway.slack.fault({ method: 'chat.postMessage', kind: 'error', code: 'thread_not_found' })
    await gateway.slack.fault({ method: 'chat.postMessage', kind: 'lost_answer' })
    const finished = await Promise.all(taken.map((each) => deliver(gateway.ctx, each)))
    expect(finished.map(({ step }) => step.state)).toEqual(['unconfirmed'])
    await takeTurn(gateway.ctx, finished, { limit: 0 })
    await say('two')
    await deliverFor(3)

    const [one, two] = await inOrder(gateway)
    expect(await inOrder(gateway)).toHaveLength(2)
    expect(two).toMatchObject({ text: 'two', thread_ts: one?.ts })
  })

  test('goes on below a first reply whose worker was killed once Slack had it, which is not posted twice', async () => {
    const { gateway, say, deliverFor } = await startWithGoneParent(engine)
    await using _ = gateway
    const id = await say('one')
    const killed = { ...gateway.ctx, workerId: 'killed' }
    const { taken } = await takeTurn(killed, [], { limit: 10 })
    await Promise.all(taken.map((each) => deliver(killed, each)))
    await say('two')
    gateway.clock.now += 31_000
    await deliverFor(4)

    const [one, two] = await inOrder(gateway)
    expect((await inOrder(gateway)).map(({ text }) => text)).toEqual(['one', 'two'])
    expect(two).toMatchObject({ thread_ts: one?.ts })
    expect(await getDelivery(gateway.db, id)).toMatchObject({ state: 'delivered', messageTs: one?.ts, threadTs: null })
  })

  test('goes on below the parent, once a change has posted that anew', async () => {
    const { gateway, say, deliverFor } = await startWithGoneParent(engine)
    await using _ = gateway

    await say('parent, changed', { updateKey: 'u', threadKey: 'k' })
    await say('reply')
    await deliverFor(1)

    const [parent, reply] = await inOrder(gateway)
    expect([parent, reply]).toMatchObject([{ text: 'parent, changed' }, { text: 'reply', thread_ts: parent?.ts }])
  })
})
