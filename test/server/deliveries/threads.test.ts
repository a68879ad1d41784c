import { expect, test } from 'vitest'
import { deliver } from '../../../server/deliveries/deliver.ts'
import { getDelivery } from '../../../server/deliveries/list-store.ts'
import { replayDelivery } from '../../../server/deliveries/replay-delivery.ts'
import { takeTurn } from '../../../server/deliveries/turn.ts'
import { deliverDue } from '../../../server/deliveries/worker.ts'
import { findPausedTypes } from '../../../server/routing/store.ts'
import { ENGINES } from '../../support/each-store.ts'
import { ADA, type Gateway, startGateway } from '../../support/gateway.ts'

const CHANNEL = 'C0COMPLIANC'
const inOrder = async (gateway: Gateway) =>
  (await gateway.slack.messages(CHANNEL)).sort((a, b) => (a.ts < b.ts ? -1 : 1))

test('the first message with a thread key is the parent, the later ones reply to it', async () => {
  await using gateway = await startGateway()
  const destination = await gateway.channelAt('compliance')
  for (const text of ['parent', 'reply', 'elsewhere']) {
    await gateway.havingDelivery(destination, {
      message: { text },
      ...(text !== 'elsewhere' && { threadKey: 'incident-7' }),
    })
  }

  await deliverDue(gateway.ctx)

  const [parent, reply, elsewhere] = await inOrder(gateway)
  expect(parent).toMatchObject({ text: 'parent' })
  expect(reply).toMatchObject({ text: 'reply', thread_ts: parent?.ts })
  expect(elsewhere?.thread_ts).toBeUndefined()
})

test('an urgent reply brings its waiting parent forward, and nothing else', async () => {
  await using gateway = await startGateway()
  const destination = await gateway.channelAt('compliance')
  await gateway.havingDelivery(destination, { message: { text: 'before' } })
  await gateway.havingDelivery(destination, { message: { text: 'parent' }, threadKey: 'k', priority: 'low' })
  await gateway.havingDelivery(destination, { message: { text: 'reply' }, threadKey: 'k', priority: 'urgent' })

  await deliverDue(gateway.ctx)

  const messages = await inOrder(gateway)
  expect(messages.map(({ text }) => text)).toEqual(['parent', 'reply', 'before'])
  expect(messages[1]).toMatchObject({ thread_ts: messages[0]?.ts })
})

test('a reply whose parent failed becomes the parent', async () => {
  await using gateway = await startGateway()
  const destination = await gateway.channelAt('compliance')
  const bad = { text: 'bad', blocks: [{ type: 'nonsense' }] }
  await gateway.havingDelivery(destination, { message: bad, threadKey: 'k' })
  await gateway.havingDelivery(destination, { message: { text: 'second' }, threadKey: 'k' })
  await gateway.havingDelivery(destination, { message: { text: 'third' }, threadKey: 'k' })

  await deliverDue(gateway.ctx)

  const [second, third] = await inOrder(gateway)
  expect(second).toMatchObject({ text: 'second' })
  expect(third).toMatchObject({ text: 'third', thread_ts: second?.ts })
})

test('a reply that was lost is looked for in its thread', async () => {
  await using gateway = await startGateway()
  const destination = await gateway.channelAt('compliance')
  await gateway.havingDelivery(destination, { message: { text: 'parent' }, threadKey: 'k' })
  await deliverDue(gateway.ctx)
  const reply = await gateway.havingDelivery(destination, { message: { text: 'reply' }, threadKey: 'k' })
  await gateway.slack.fault({ method: 'chat.postMessage', kind: 'lost_answer' })

  await deliverDue(gateway.ctx)
  gateway.clock.now += 3_000
  await deliverDue(gateway.ctx)

  expect(await getDelivery(gateway.db, reply.id)).toMatchObject({ state: 'delivered', tries: 1 })
  expect(await gateway.slack.calls('conversations.replies')).toHaveLength(1)
  expect((await inOrder(gateway)).filter(({ text }) => text === 'reply')).toHaveLength(1)
})

test.each(ENGINES)(
  'a reply whose worker was killed once Slack had it is looked for in its thread, on %s',
  async (engine) => {
    await using gateway = await startGateway({ engine })
    const destination = await gateway.channelAt('compliance')
    await gateway.havingDelivery(destination, { message: { text: 'parent' }, threadKey: 'k' })
    await deliverDue(gateway.ctx)
    const reply = await gateway.havingDelivery(destination, { message: { text: 'reply' }, threadKey: 'k' })

    const killed = { ...gateway.ctx, workerId: 'killed' }
    const { taken } = await takeTurn(killed, [], { limit: 10 })
    await Promise.all(taken.map((each) => deliver(killed, each)))
    for (let round = 0; round < 3; round += 1) {
      gateway.clock.now += 31_000
      await deliverDue(gateway.ctx)
    }

    expect(await getDelivery(gateway.db, reply.id)).toMatchObject({ state: 'delivered', tries: 1 })
    const parent = (await inOrder(gateway))[0]
    expect(await inOrder(gateway)).toMatchObject([{ text: 'parent' }, { text: 'reply', thread_ts: parent?.ts }])
  },
)

test('a later message with the same update key changes the first instead of posting again', async () => {
  await using gateway = await startGateway()
  const destination = await gateway.channelAt('compliance')
  const first = await gateway.havingDelivery(destination, { message: { text: 'open' }, updateKey: 'alert-7' })
  await deliverDue(gateway.ctx)
  const second = await gateway.havingDelivery(destination, { message: { text: 'resolved' }, updateKey: 'alert-7' })

  await deliverDue(gateway.ctx)

  const messages = await inOrder(gateway)
  expect(messages).toMatchObject([{ text: 'resolved' }])
  expect((await getDelivery(gateway.db, second.id)).messageTs).toBe((await getDelivery(gateway.db, first.id)).messageTs)
})

test('of changes that wait for each other only the last is made; each is made when it leaves a trail', async () => {
  await using gateway = await startGateway()
  const destination = await gateway.channelAt('compliance')
  const rows = []
  for (const text of ['open', 'worse', 'resolved']) {
    rows.push(await gateway.havingDelivery(destination, { message: { text }, updateKey: 'a' }))
  }
  for (const text of ['begun', 'done']) {
    await gateway.havingDelivery(destination, { message: { text }, updateKey: 'b', updateTrail: 1 })
  }

  await deliverDue(gateway.ctx)

  expect(await getDelivery(gateway.db, rows[1]?.id ?? '')).toMatchObject({ state: 'suppressed', code: 'superseded' })
  const [a, b, trail] = await inOrder(gateway)
  expect([a, b]).toMatchObject([{ text: 'resolved' }, { text: 'done' }])
  expect(trail).toMatchObject({ text: 'done', thread_ts: b?.ts })
  expect(await inOrder(gateway)).toHaveLength(3)
})

test('what tells of a change of a reply, or replies to that change, stands in the thread of that reply', async () => {
  await using gateway = await startGateway()
  const destination = await gateway.channelAt('compliance')
  await gateway.havingDelivery(destination, { message: { text: 'parent' }, threadKey: 'k' })
  await gateway.havingDelivery(destination, { message: { text: 'begun' }, threadKey: 'k', updateKey: 'a' })
  const change = { message: { text: 'done' }, threadKey: 'of the change', updateKey: 'a', updateTrail: 1 }
  await gateway.havingDelivery(destination, change)
  await gateway.havingDelivery(destination, { message: { text: 'thanks' }, threadKey: 'of the change' })

  await deliverDue(gateway.ctx)

  const [parent, ...replies] = await inOrder(gateway)
  expect(replies.map(({ text }) => text).sort()).toEqual(['done', 'done', 'thanks'])
  for (const reply of replies) expect(reply.thread_ts).toBe(parent?.ts)
})

test('a reply that was deleted in Slack is posted anew in its thread when it should change', async () => {
  await using gateway = await startGateway()
  const destination = await gateway.channelAt('compliance')
  const root = await gateway.havingDelivery(destination, { message: { text: 'parent' }, threadKey: 'k' })
  const reply = await gateway.havingDelivery(destination, { message: { text: 'open' }, threadKey: 'k', updateKey: 'a' })
  await deliverDue(gateway.ctx)
  const { messageTs } = await getDelivery(gateway.db, reply.id)
  await gateway.slack.ask('DELETE', `/channels/${CHANNEL}/messages/${messageTs}`)

  await gateway.havingDelivery(destination, { message: { text: 'closed' }, updateKey: 'a' })
  await deliverDue(gateway.ctx)

  const parent = await getDelivery(gateway.db, root.id)
  expect(await inOrder(gateway)).toMatchObject([{ text: 'parent' }, { text: 'closed', thread_ts: parent.messageTs }])
})

test('a message that was deleted in Slack is posted anew when it should change', async () => {
  await using gateway = await startGateway()
  const destination = await gateway.channelAt('compliance')
  await gateway.havingDelivery(destination, { message: { text: 'open' }, updateKey: 'a' })
  await deliverDue(gateway.ctx)
  await gateway.slack.fault({ method: 'chat.update', kind: 'error', code: 'message_not_found' })
  const change = await gateway.havingDelivery(destination, { message: { text: 'resolved' }, updateKey: 'a' })

  await deliverDue(gateway.ctx)

  expect(await getDelivery(gateway.db, change.id)).toMatchObject({ state: 'delivered' })
  expect((await inOrder(gateway)).map(({ text }) => text)).toEqual(['open', 'resolved'])
})

test('an earlier message is changed and taken away by its delivery', async () => {
  await using gateway = await startGateway()
  const destination = await gateway.channelAt('compliance')
  const first = await gateway.havingDelivery(destination, { message: { text: 'draft' } })
  await gateway.havingDelivery(destination, { message: { text: 'final' }, action: 'update', targetId: first.id })
  await deliverDue(gateway.ctx)
  expect(await inOrder(gateway)).toMatchObject([{ text: 'final' }])

  await gateway.havingDelivery(destination, { message: { text: 'final' }, action: 'delete', targetId: first.id })
  await gateway.slack.fault({ method: 'chat.delete', kind: 'lost_answer' })
  await deliverDue(gateway.ctx)
  gateway.clock.now += 5_000
  await deliverDue(gateway.ctx)

  expect(await inOrder(gateway)).toEqual([])
  const states = await gateway.db.selectFrom('deliveries').select('state').execute()
  expect(states.every(({ state }) => state === 'delivered')).toBe(true)
})

test('a flood of low messages becomes one summary with the rest in its thread, and each keeps its record', async () => {
  await using gateway = await startGateway()
  const destination = await gateway.channelAt('compliance')
  const rows = []
  for (let count = 1; count <= 120; count += 1) {
    const message = { text: `deadline ${count} ends here` }
    rows.push(
      await gateway.havingDelivery(destination, { message, priority: 'low', type: 'deadline.reminder', foldAfter: 20 }),
    )
  }
  gateway.clock.now += 1
  const other = await gateway.havingDelivery(destination, { message: { text: 'not folded' }, priority: 'low' })

  await deliverDue(gateway.ctx)

  const [summary, ...pages] = await inOrder(gateway)
  expect(summary?.text).toContain('120 messages of low priority (deadline.reminder)')
  const inThread = pages.filter(({ thread_ts }) => thread_ts === summary?.ts)
  expect(inThread.length).toBeGreaterThan(1)
  const said = inThread.map(({ text }) => text).join('\n')
  for (let count = 1; count <= 120; count += 1) expect(said).toContain(`deadline ${count} ends`)
  for (const { id } of rows) {
    const folded = await getDelivery(gateway.db, id)
    const page = await getDelivery(gateway.db, folded.foldedInto ?? '')
    expect(folded).toMatchObject({ state: 'delivered', rank: null, messageTs: page.messageTs })
  }
  expect(await getDelivery(gateway.db, other.id)).toMatchObject({ state: 'delivered', foldedInto: null })
  expect(inThread.length + 2).toBe((await inOrder(gateway)).length)
})

test('few low messages are not folded', async () => {
  await using gateway = await startGateway()
  const destination = await gateway.channelAt('compliance')
  for (let count = 1; count <= 5; count += 1) {
    await gateway.havingDelivery(destination, { priority: 'low', type: 'deadline.reminder', foldAfter: 5 })
  }

  await deliverDue(gateway.ctx)

  expect((await inOrder(gateway)).map(({ text }) => text)).toEqual(['Hello', 'Hello', 'Hello', 'Hello', 'Hello'])
})

const WAITS_LONG = { state: 'retrying', tries: 1, waitMs: 600_000, code: 'http_503' } as const
const UNSURE = { state: 'unconfirmed', tries: 1, waitMs: 3_000, code: 'http_timeout' } as const

test.each([
  ['a low reply waits for a parent that is tried again', 'low', WAITS_LONG],
  ['an urgent reply waits for a parent that is looked for', 'urgent', UNSURE],
] as const)('%s, and no worker turns round and round meanwhile', async (_, priority, step) => {
  await using gateway = await startGateway()
  const destination = await gateway.channelAt('compliance')
  await gateway.havingDelivery(destination, { message: { text: 'parent' }, threadKey: 'k' })
  const { taken } = await takeTurn(gateway.ctx, [], { limit: 1 })
  const finished = taken.map((each) => ({ taken: each, step, attempts: [], sent: {} }))
  await takeTurn(gateway.ctx, finished, { limit: 0 })
  await gateway.havingDelivery(destination, { message: { text: 'reply' }, threadKey: 'k', priority })

  expect(await deliverDue(gateway.ctx)).toBe(0)
  gateway.clock.now += step.waitMs
  await deliverDue(gateway.ctx)

  const [parent, reply] = await inOrder(gateway)
  expect(parent).toMatchObject({ text: 'parent' })
  expect(reply).toMatchObject({ text: 'reply', thread_ts: parent?.ts })
})

test('what is meant for later holds up nothing of its thread: it replies to what was said meanwhile', async () => {
  await using gateway = await startGateway()
  const destination = await gateway.channelAt('compliance')
  const later = gateway.clock.now + 3_600_000
  await gateway.havingDelivery(destination, { message: { text: 'later' }, threadKey: 'k', dueAt: later })
  await gateway.havingDelivery(destination, { message: { text: 'now' }, threadKey: 'k' })
  await gateway.havingDelivery(destination, { message: { text: 'other' } })

  await deliverDue(gateway.ctx)
  gateway.clock.now = later
  await deliverDue(gateway.ctx)

  const [now, other, reply] = await inOrder(gateway)
  expect([now?.text, other?.text, reply?.text]).toEqual(['now', 'other', 'later'])
  expect(reply).toMatchObject({ thread_ts: now?.ts })
})

test('changes after a message was deleted in Slack keep to the one that was posted anew', async () => {
  await using gateway = await startGateway()
  const destination = await gateway.channelAt('compliance')
  await gateway.havingDelivery(destination, { message: { text: 'one' }, updateKey: 'a' })
  await deliverDue(gateway.ctx)
  const [first] = await inOrder(gateway)
  await gateway.slack.ask('DELETE', `/channels/${CHANNEL}/messages/${first?.ts}`)
  for (const text of ['two', 'three', 'four']) {
    await gateway.havingDelivery(destination, { message: { text }, updateKey: 'a' })
    await deliverDue(gateway.ctx)
  }

  expect((await inOrder(gateway)).map(({ text }) => text)).toEqual(['four'])
})

test('an older change does not replace a newer one that was more urgent', async () => {
  await using gateway = await startGateway()
  const destination = await gateway.channelAt('compliance')
  await gateway.havingDelivery(destination, { message: { text: 'began' }, updateKey: 'a' })
  await deliverDue(gateway.ctx)
  const half = { message: { text: '50 %' }, updateKey: 'a', priority: 'low' } as const
  const old = await gateway.havingDelivery(destination, half)
  await gateway.havingDelivery(destination, { message: { text: 'failed' }, updateKey: 'a', priority: 'urgent' })

  await deliverDue(gateway.ctx)

  expect((await inOrder(gateway)).map(({ text }) => text)).toEqual(['failed'])
  expect(await getDelivery(gateway.db, old.id)).toMatchObject({ state: 'suppressed', code: 'superseded' })
})

test('a change meant for later does not stand for one of now', async () => {
  await using gateway = await startGateway()
  const destination = await gateway.channelAt('compliance')
  await gateway.havingDelivery(destination, { message: { text: 'one' }, updateKey: 'a' })
  await deliverDue(gateway.ctx)
  const later = gateway.clock.now + 3_600_000
  await gateway.havingDelivery(destination, { message: { text: 'two' }, updateKey: 'a' })
  await gateway.havingDelivery(destination, { message: { text: 'later' }, updateKey: 'a', dueAt: later })

  await deliverDue(gateway.ctx)
  expect((await inOrder(gateway)).map(({ text }) => text)).toEqual(['two'])
  gateway.clock.now = later
  await deliverDue(gateway.ctx)

  expect((await inOrder(gateway)).map(({ text }) => text)).toEqual(['later'])
})

test('only what is low, short and nobody changes is folded', async () => {
  await using gateway = await startGateway()
  const destination = await gateway.channelAt('compliance')
  const low = { priority: 'low', type: 'a', foldAfter: 2 } as const
  const job = await gateway.havingDelivery(destination, { ...low, message: { text: 'job 10 %' }, updateKey: 'job' })
  const long = {
    text: 'x'.repeat(3_999),
    blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'x'.repeat(4_500) } }],
  }
  const tooLong = await gateway.havingDelivery(destination, { ...low, message: long })
  for (const text of ['one', 'two', 'three']) await gateway.havingDelivery(destination, { ...low, message: { text } })
  await deliverDue(gateway.ctx)
  await gateway.havingDelivery(destination, { message: { text: 'job 100 %' }, type: 'a', updateKey: 'job' })

  await deliverDue(gateway.ctx)

  const said = (await inOrder(gateway)).map(({ text }) => text)
  expect(said).toContain('job 100 %')
  expect(said).toContain('one\n\ntwo\n\nthree')
  for (const { id } of [job, tooLong]) expect((await getDelivery(gateway.db, id)).foldedInto).toBeNull()
})

test('an urgent reply that waits behind a low parent is not folded', async () => {
  await using gateway = await startGateway()
  const destination = await gateway.channelAt('compliance')
  const low = { priority: 'low', type: 'a', foldAfter: 2 } as const
  await gateway.havingDelivery(destination, { ...low, message: { text: 'parent' }, threadKey: 'k' })
  const { taken } = await takeTurn(gateway.ctx, [], { limit: 1 })
  const finished = taken.map((each) => ({ taken: each, step: UNSURE, attempts: [], sent: {} }))
  await takeTurn(gateway.ctx, finished, { limit: 0 })
  const urgent = { ...low, priority: 'urgent', message: { text: 'urgent' }, threadKey: 'k' } as const
  const reply = await gateway.havingDelivery(destination, urgent)
  await deliverDue(gateway.ctx)
  for (const text of ['one', 'two', 'three']) await gateway.havingDelivery(destination, { ...low, message: { text } })
  gateway.clock.now += UNSURE.waitMs
  await deliverDue(gateway.ctx)

  expect(await getDelivery(gateway.db, reply.id)).toMatchObject({ state: 'delivered', foldedInto: null })
})

test('a reply to a folded message goes into the thread of the summary, and after it', async () => {
  await using gateway = await startGateway()
  const destination = await gateway.channelAt('compliance')
  const low = { priority: 'low', type: 'a', foldAfter: 2 } as const
  await gateway.havingDelivery(destination, { ...low, message: { text: 'parent' }, threadKey: 'k' })
  for (const text of ['one', 'two']) await gateway.havingDelivery(destination, { ...low, message: { text } })
  await takeTurn(gateway.ctx, [], { limit: 0 })
  await gateway.slack.fault({ method: 'chat.postMessage', kind: 'rate_limited', retryAfterSeconds: 2 })
  await deliverDue(gateway.ctx)
  await gateway.havingDelivery(destination, { message: { text: 'early' }, threadKey: 'k' })
  gateway.clock.now += 3_000
  await deliverDue(gateway.ctx)
  await gateway.havingDelivery(destination, { message: { text: 'late' }, threadKey: 'k' })
  await deliverDue(gateway.ctx)

  const [summary, ...rest] = await inOrder(gateway)
  expect(rest.map(({ text }) => text)).toEqual(['parent\n\none\n\ntwo', 'early', 'late'])
  for (const { thread_ts } of rest) expect(thread_ts).toBe(summary?.ts)
})

test('continuations of a message that failed fail with it, and all of it is replayed in its order', async () => {
  await using gateway = await startGateway()
  const destination = await gateway.channelAt('compliance')
  const first = await gateway.havingDelivery(destination, { message: { text: '(1/2)' }, threadKey: 'whole' })
  const rest = { message: { text: '(2/2)' }, threadKey: 'whole', partOf: first.id }
  const second = await gateway.havingDelivery(destination, rest)
  await gateway.slack.fault({ method: 'chat.postMessage', kind: 'error', code: 'invalid_blocks' })

  await deliverDue(gateway.ctx)

  expect(await getDelivery(gateway.db, second.id)).toMatchObject({ state: 'failed', code: 'first_part_failed' })
  expect(await inOrder(gateway)).toEqual([])
  for (const { id } of [first, second]) {
    await replayDelivery(gateway.ctx, ADA, id, { markDelayed: false, pausedTypes: findPausedTypes })
  }
  await deliverDue(gateway.ctx)
  const [root, reply] = await inOrder(gateway)
  expect([root?.text, reply?.text]).toEqual(['(1/2)', '(2/2)'])
  expect(reply?.thread_ts).toBe(root?.ts)
})
