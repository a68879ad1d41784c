import { setTimeout } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { Db } from '../../../server/db/schema.ts'
import { deliver } from '../../../server/deliveries/deliver.ts'
import { takeTurn } from '../../../server/deliveries/turn.ts'
import { deliverDue } from '../../../server/deliveries/worker.ts'
import { ENGINES } from '../../support/each-store.ts'
import { type EventsWorld, startEventsWorld } from '../events/world.ts'

const deliveryOf = async (world: EventsWorld, id: string) =>
  world.db.selectFrom('deliveries').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

/** Everything that is due, and what becomes due by that. */
async function deliverAll(world: EventsWorld): Promise<void> {
  for (let round = 0; round < 20 && (await deliverDue(world.ctx)) > 0; round += 1) world.clock.now += 2_000
}

const webhookAt = async (world: EventsWorld): Promise<string> => {
  const [webhook] = (await world.slack.app()).webhooks
  const made = await world.admin.post('/api/destinations', {
    integrationId: world.integration.id,
    kind: 'webhook',
    url: webhook?.url,
  })
  return made.body.id
}

describe.each(ENGINES)('POST /api/messages on %s', (engine) => {
  test('a message is kept and goes out as written', async () => {
    await using world = await startEventsWorld({ engine })

    const answer = await world.send('/api/messages', { destination: world.destination, text: 'The door is *open*' })

    expect(answer).toMatchObject({
      status: 202,
      body: { id: expect.stringMatching(/^dlv_/), destination: world.destination, state: 'pending' },
    })
    await deliverAll(world)
    expect(await world.slack.allMessages()).toMatchObject([{ text: 'The door is *open*' }])
  })

  test.each([
    ['is claimed', 'pending', ['lanes', 'deliveries']],
    ['has arrived', 'sending', ['deliveries', 'lanes']],
  ] as const)(
    'a reply to a message that at this moment %s waits for that, and not in a circle',
    async (_, state, order) => {
      await using world = await startEventsWorld({ engine })
      const { db, destination } = world
      const parent = (await world.send('/api/messages', { destination, text: 'A question' })).body
      await db.updateTable('deliveries').set({ state }).where('id', '=', parent.id).execute()
      const touch = {
        lanes: (trx: Db) =>
          trx.updateTable('lanes').set({ rank: 1 }).where('destinationId', '=', destination).execute(),
        deliveries: (trx: Db) => trx.updateTable('deliveries').set({ looks: 0 }).where('id', '=', parent.id).execute(),
      }

      const { asked } = await db.transaction().execute(async (trx) => {
        await touch[order[0]](trx)
        const asked = world.send('/api/messages', { destination, text: 'An answer', replyTo: parent.id })
        await setTimeout(50)
        await touch[order[1]](trx)
        return { asked }
      })

      expect((await asked).status).toBe(202)
      expect(await deliveryOf(world, parent.id)).toMatchObject({ threadKey: parent.id })
    },
  )

  test('a change of a message that at this moment has arrived waits for that, and not in a circle', async () => {
    await using world = await startEventsWorld({ engine })
    const { db, destination } = world
    const { id } = (await world.send('/api/messages', { destination, text: 'A question' })).body
    await db.updateTable('deliveries').set({ state: 'sending' }).where('id', '=', id).execute()

    const { asked } = await db.transaction().execute(async (trx) => {
      await trx.updateTable('deliveries').set({ looks: 0 }).where('id', '=', id).execute()
      const asked = world.sender.patch(`/api/messages/${id}`, { text: 'Another' })
      await setTimeout(50)
      await trx.updateTable('lanes').set({ rank: 1 }).where('destinationId', '=', destination).execute()
      return { asked }
    })

    expect((await asked).status).toBe(202)
  })

  test('blocks alone are enough: notifications get their words', async () => {
    await using world = await startEventsWorld({ engine })
    const blocks = [
      { type: 'header', text: { type: 'plain_text', text: 'Door 3' } },
      { type: 'section', text: { type: 'mrkdwn', text: 'is open' } },
    ]

    const answer = await world.send('/api/messages', { destination: world.destination, blocks })

    expect(JSON.parse((await deliveryOf(world, answer.body.id)).message)).toEqual({ text: 'Door 3\nis open', blocks })
  })

  test('a repeat gets the first answer; two at once make one message', async () => {
    await using world = await startEventsWorld({ engine })
    const message = { destination: world.destination, text: 'Once' }
    const key = { 'idempotency-key': 'once' }

    const answers = await Promise.all([1, 2, 3].map(() => world.send('/api/messages', message, key)))
    const other = await world.send('/api/messages', { ...message, text: 'Other' }, key)
    const elsewhere = await world.send('/api/events', { type: 'x', title: 'x', destinations: [world.destination] }, key)

    expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
    expect([other.status, elsewhere.status]).toEqual([409, 409])
    expect(await world.count('deliveries')).toBe(1)
  })

  test('a message waits until its time', async () => {
    await using world = await startEventsWorld({ engine })
    const sendAt = new Date(world.clock.now + 60_000).toISOString()

    const answer = await world.send('/api/messages', { destination: world.destination, text: 'Later', sendAt })
    const tooLate = await world.send('/api/messages', {
      destination: world.destination,
      text: 'Later',
      sendAt: new Date(world.clock.now + 400 * 24 * 60 * 60_000).toISOString(),
    })

    expect(tooLate).toMatchObject({ status: 422, body: { error: { field: 'sendAt' } } })
    await deliverDue(world.ctx)
    expect((await deliveryOf(world, answer.body.id)).state).toBe('pending')
    world.clock.now += 60_001
    await deliverAll(world)
    expect((await deliveryOf(world, answer.body.id)).state).toBe('delivered')
  })

  test('a reply goes into the thread of the message it names, also while that one still waits', async () => {
    await using world = await startEventsWorld({ engine })
    const parent = await world.send('/api/messages', { destination: world.destination, text: 'Parent' })

    const reply = await world.send('/api/messages', {
      destination: world.destination,
      text: 'Reply',
      replyTo: parent.body.id,
      broadcast: true,
    })

    await deliverAll(world)
    const [first, second] = await world.slack.allMessages()
    expect([first?.text, second?.text]).toEqual(['Parent', 'Reply'])
    expect(second?.thread_ts).toBe(first?.ts)
    expect((await deliveryOf(world, reply.body.id)).threadKey).toBe(parent.body.id)
  })

  test('a long message becomes several in one thread, in their order, and nothing of it is lost', async () => {
    await using world = await startEventsWorld({ engine })
    const text = Array.from({ length: 2_000 }, (_, place) => `word${place}`).join(' ')

    const answer = await world.send('/api/messages', { destination: world.destination, text })
    await deliverAll(world)

    const messages = await world.slack.allMessages()
    expect(messages).toHaveLength(5)
    expect(messages.map((message) => message.text.replace(/\n\(\d\/5\)$/, '')).join('')).toBe(text)
    expect(new Set(messages.slice(1).map((message) => message.thread_ts))).toEqual(new Set([messages[0]?.ts]))
    const parts = await world.db.selectFrom('deliveries').select('partOf').where('partOf', 'is not', null).execute()
    expect(parts.map(({ partOf }) => partOf)).toEqual(Array(4).fill(answer.body.id))
  })

  test('what would be more than ten messages goes as a file with its beginning, and whole', async () => {
    await using world = await startEventsWorld({ engine })
    const text = Array.from({ length: 10_000 }, (_, place) => `word${place}`).join(' ')

    const answer = await world.send('/api/messages', { destination: world.destination, text })

    const { fileId, message } = await deliveryOf(world, answer.body.id)
    expect(message).toContain('All of it is in the file.')
    const chunk = await world.db
      .selectFrom('fileChunks')
      .select('bytes')
      .where('fileId', '=', fileId)
      .executeTakeFirstOrThrow()
    expect(chunk.bytes.toString()).toBe(text)
  })
})

describe('a later change', () => {
  test('of a message that waits is made in place, and of one in Slack there', async () => {
    await using world = await startEventsWorld()
    const { body } = await world.send('/api/messages', { destination: world.destination, text: 'First' })

    const inPlace = await world.sender.patch(`/api/messages/${body.id}`, { text: 'Second' })
    await deliverAll(world)
    const inSlack = await world.sender.patch(`/api/messages/${body.id}`, { text: 'Third' })
    await deliverAll(world)

    expect(inPlace).toMatchObject({ status: 202, body: { id: body.id, state: 'pending' } })
    expect(inSlack).toMatchObject({ status: 202, body: { id: expect.not.stringMatching(body.id), state: 'pending' } })
    expect(await world.slack.allMessages()).toMatchObject([{ text: 'Third' }])
    expect(await world.slack.calls('chat.update')).toHaveLength(1)
    const trail = await world.admin.get('/api/audit?action=message')
    expect(trail.body.items).toHaveLength(2)
  })

  test('from long to short takes the continuations away, from short to long adds them', async () => {
    await using world = await startEventsWorld()
    const long = Array.from({ length: 1_500 }, (_, place) => `word${place}`).join(' ')
    const waiting = await world.send('/api/messages', { destination: world.destination, text: long })

    await world.sender.patch(`/api/messages/${waiting.body.id}`, { text: 'Short' })
    await deliverAll(world)
    expect(await world.slack.allMessages()).toMatchObject([{ text: 'Short' }])

    await world.sender.patch(`/api/messages/${waiting.body.id}`, { text: long })
    await deliverAll(world)
    const grown = await world.slack.allMessages()
    expect(grown.map(({ text }) => text.split('\n').at(-1))).toEqual(['(1/4)', '(2/4)', '(3/4)', '(4/4)'])
  })

  test('a message that waits is deleted by never being sent, one in Slack there, with its continuations', async () => {
    await using world = await startEventsWorld()
    const waiting = await world.send('/api/messages', { destination: world.destination, text: 'Never' })
    const cancelled = await world.sender.delete(`/api/messages/${waiting.body.id}`)
    const long = Array.from({ length: 1_200 }, (_, place) => `word${place}`).join(' ')
    const sent = await world.send('/api/messages', { destination: world.destination, text: long })
    await deliverAll(world)
    expect(await world.slack.allMessages()).toHaveLength(3)

    const deleted = await world.sender.delete(`/api/messages/${sent.body.id}`)
    await deliverAll(world)

    expect(cancelled).toMatchObject({ status: 202, body: { id: waiting.body.id, state: 'cancelled' } })
    expect(deleted).toMatchObject({ status: 202, body: { state: 'pending' } })
    expect(await world.slack.allMessages()).toEqual([])
    expect((await world.sender.patch(`/api/messages/${waiting.body.id}`, { text: 'x' })).status).toBe(409)
  })

  test('is refused for a message that was deleted, from then on: it must not come back', async () => {
    await using world = await startEventsWorld()
    const { body } = await world.send('/api/messages', { destination: world.destination, text: 'First' })
    await deliverAll(world)

    await world.sender.delete(`/api/messages/${body.id}`)
    const before = await world.sender.patch(`/api/messages/${body.id}`, { text: 'Second' })
    await deliverAll(world)
    const after = await world.sender.patch(`/api/messages/${body.id}`, { text: 'Third' })
    await deliverAll(world)

    expect([before.status, after.status]).toEqual([409, 409])
    expect(await world.slack.allMessages()).toEqual([])
  })

  test('is refused for each delivery of a message that was deleted by the id of another', async () => {
    await using world = await startEventsWorld()
    const { destination } = world
    const ids: string[] = []
    for (const text of ['First', 'Second', 'Third']) {
      ids.push((await world.send('/api/messages', { destination, text, updateKey: 'k' })).body.id)
      await deliverAll(world)
    }

    await world.sender.delete(`/api/messages/${ids[1]}`)
    await deliverAll(world)
    const changes = await Promise.all(ids.map((id) => world.sender.patch(`/api/messages/${id}`, { text: 'Back' })))
    await deliverAll(world)

    expect(changes.map(({ status }) => status)).toEqual([409, 409, 409])
    expect(await world.slack.allMessages()).toEqual([])

    const { body: anew } = await world.send('/api/messages', { destination, text: 'Anew', updateKey: 'k' })
    await deliverAll(world)
    const changed = await world.sender.patch(`/api/messages/${anew.id}`, { text: 'Anew, changed' })
    await deliverAll(world)
    expect(changed.status).toBe(202)
    expect(await world.slack.allMessages()).toMatchObject([{ text: 'Anew, changed' }])
  })

  test('of one that was lost and then cancelled says nothing: the message was not to be there', async () => {
    await using world = await startEventsWorld()
    const { body } = await world.send('/api/messages', { destination: world.destination, text: 'First' })
    await world.slack.fault({ method: 'chat.postMessage', kind: 'reset' })
    await deliverDue(world.ctx)
    const state = (await deliveryOf(world, body.id)).state
    const change = await world.sender.patch(`/api/messages/${body.id}`, { text: 'Second' })
    await world.admin.post(`/api/deliveries/${body.id}/cancel`, {})
    await deliverAll(world)

    expect(state).toBe('unconfirmed')
    expect(await world.slack.allMessages()).toEqual([])
    expect(await deliveryOf(world, change.body.id)).toMatchObject({ state: 'suppressed', code: 'nothing_to_change' })
  })

  test('is refused for what is not there, says nothing, or went through a webhook', async () => {
    await using world = await startEventsWorld()
    const webhook = await webhookAt(world)
    const { body } = await world.send('/api/messages', { destination: webhook, text: 'First' })

    const [none, empty, patched, removed] = [
      await world.sender.patch('/api/messages/dlv_none', { text: 'x' }),
      await world.sender.patch(`/api/messages/${body.id}`, {}),
      await world.sender.patch(`/api/messages/${body.id}`, { text: 'x' }),
      await world.sender.delete(`/api/messages/${body.id}`),
    ]

    expect([none.status, empty.status, patched.status, removed.status]).toEqual([404, 422, 422, 422])
    expect(patched.body.error.fix).toContain('through the bot')
  })
})

describe('what a message may be', () => {
  test.each([
    ['nothing to say', {}, 'text'],
    ['two threads', { text: 'x', threadKey: 'a', replyTo: 'dlv_1' }, 'replyTo'],
    ['a broadcast without a thread', { text: 'x', broadcast: true }, 'broadcast'],
    ['words for a file that is not there', { text: 'x', altText: 'A door' }, 'altText'],
    ['a reply to nothing', { text: 'x', replyTo: 'dlv_none' }, 'replyTo'],
    ['too many blocks', { blocks: Array(51).fill({ type: 'divider' }) }, 'blocks'],
    ['a field that is not known', { text: 'x', chanel: 'y' }, 'chanel'],
    ['an unknown destination', { text: 'x', destination: 'dst_none' }, 'destination'],
  ])('refused with its field: %s', async (_, message, field) => {
    await using world = await startEventsWorld()

    const answer = await world.send('/api/messages', { destination: world.destination, ...message })

    expect(answer).toMatchObject({ status: 422, body: { error: { field } } })
    expect(await world.count('deliveries')).toBe(0)
  })

  test.each(['threadKey', 'updateKey'])('a webhook has no %s, and the way out is told', async (field) => {
    await using world = await startEventsWorld()
    const webhook = await webhookAt(world)

    const answer = await world.send('/api/messages', { destination: webhook, text: 'x', [field]: 'key' })

    expect(answer).toMatchObject({ status: 422, body: { error: { field, fix: expect.stringContaining('bot') } } })
  })

  test('a key without the scope is refused, naming it', async () => {
    await using world = await startEventsWorld()
    const other = await world.withKey(['events:write'])

    const answer = await world.send('/api/messages', { destination: world.destination, text: 'x' }, {}, other)

    expect(answer).toMatchObject({
      status: 403,
      body: { error: { message: expect.stringContaining('messages:write') } },
    })
  })
})

describe('messages that hang together', () => {
  const longText = (word: string) => Array.from({ length: 1_200 }, (_, place) => `${word}${place}`).join(' ')

  test.each(['patch', 'delete'] as const)('%s of one meant for later holds up nothing of now', async (method) => {
    await using world = await startEventsWorld()
    const at = (hours: number) => new Date(world.clock.now + hours * 3_600_000).toISOString()
    const { destination } = world
    const first = await world.send('/api/messages', { destination, text: 'In an hour', sendAt: at(1) })
    const second = await world.send('/api/messages', { destination, text: 'In two', sendAt: at(2) })
    const id = method === 'patch' ? first.body.id : second.body.id
    await (method === 'patch'
      ? world.sender.patch(`/api/messages/${id}`, { text: 'Changed' })
      : world.sender.delete(`/api/messages/${id}`))

    await world.send('/api/messages', { destination, text: 'Now' })
    await deliverDue(world.ctx)

    expect(await world.slack.allMessages()).toMatchObject([{ text: 'Now' }])
  })

  test('a message of now begins the thread of one meant for later; a reply to that one waits with it', async () => {
    await using world = await startEventsWorld()
    const { destination } = world
    const sendAt = new Date(world.clock.now + 3_600_000).toISOString()
    const later = await world.send('/api/messages', { destination, text: 'Later', threadKey: 'k', sendAt })
    await world.send('/api/messages', { destination, text: 'Now', threadKey: 'k' })
    const other = await world.send('/api/messages', { destination, text: 'Alone', sendAt })
    await world.send('/api/messages', { destination, text: 'Reply', replyTo: other.body.id })
    await deliverAll(world)
    const [now, ...none] = await world.slack.allMessages()
    expect([now?.text, none]).toEqual(['Now', []])

    world.clock.now += 3_600_000
    await deliverAll(world)

    const all = await world.slack.allMessages()
    const tsOf = (text: string) => all.find((message) => message.text === text)?.ts
    const threads = Object.fromEntries(all.map(({ text, thread_ts }) => [text, thread_ts]))
    expect(threads).toMatchObject({ Later: now?.ts, Reply: tsOf('Alone') })
    expect((await deliveryOf(world, later.body.id)).state).toBe('delivered')
  })

  test('of a long message that was changed twice, and then deleted, nothing is left', async () => {
    await using world = await startEventsWorld()
    const { body } = await world.send('/api/messages', { destination: world.destination, text: 'Short' })
    await deliverAll(world)
    for (const word of ['a', 'b']) {
      await world.sender.patch(`/api/messages/${body.id}`, { text: longText(word) })
      await deliverAll(world)
    }
    const said = (await world.slack.allMessages()).map(({ text }) => text.charAt(0))
    await world.sender.delete(`/api/messages/${body.id}`)
    await deliverAll(world)

    expect(said).toEqual(['b', 'b'])
    expect(await world.slack.allMessages()).toEqual([])
  })

  test('continuations that were taken out of Slack are not taken out again by each later change', async () => {
    await using world = await startEventsWorld()
    const { body } = await world.send('/api/messages', { destination: world.destination, text: longText('a') })
    await deliverAll(world)
    for (const text of ['First', 'Second', 'Third']) {
      await world.sender.patch(`/api/messages/${body.id}`, { text })
      await deliverAll(world)
    }

    expect(await world.slack.allMessages()).toMatchObject([{ text: 'Third' }])
    expect(await world.slack.calls('chat.delete')).toHaveLength(1)
  })

  test('what is meant for later is the change, and what is sent meanwhile the message, whichever came first', async () => {
    await using world = await startEventsWorld()
    const { destination } = world
    const sendAt = new Date(world.clock.now + 3_600_000).toISOString()
    await world.send('/api/messages', { destination, text: 'Later', updateKey: 'k', sendAt })
    await world.send('/api/messages', { destination, text: 'Now', updateKey: 'k' })
    await deliverAll(world)
    expect(await world.slack.allMessages()).toMatchObject([{ text: 'Now' }])

    world.clock.now += 3_600_000
    await deliverAll(world)
    expect(await world.slack.allMessages()).toMatchObject([{ text: 'Later' }])
  })

  test('a long change by its update key takes the continuations before it away', async () => {
    await using world = await startEventsWorld()
    for (const word of ['a', 'b']) {
      await world.send('/api/messages', { destination: world.destination, text: longText(word), updateKey: 'k' })
      await deliverAll(world)
    }
    expect((await world.slack.allMessages()).map(({ text }) => text.charAt(0))).toEqual(['b', 'b'])
  })

  test('what was meant for later takes away the continuations of what was sent meanwhile', async () => {
    await using world = await startEventsWorld()
    const { destination } = world
    const sendAt = new Date(world.clock.now + 3_600_000).toISOString()
    await world.send('/api/messages', { destination, text: 'Later', updateKey: 'k', sendAt })
    await world.send('/api/messages', { destination, text: longText('now'), updateKey: 'k' })
    await deliverAll(world)
    world.clock.now += 3_600_000
    await deliverAll(world)

    expect(await world.slack.allMessages()).toMatchObject([{ text: 'Later' }])
  })

  test.each(['change', 'deletion'])(
    'a %s by the first id takes away the continuations of a change by key',
    async (what) => {
      await using world = await startEventsWorld()
      const { destination } = world
      const first = await world.send('/api/messages', { destination, text: 'First', updateKey: 'k' })
      await deliverAll(world)
      await world.send('/api/messages', { destination, text: longText('long'), updateKey: 'k' })
      await deliverAll(world)
      const path = `/api/messages/${first.body.id}`
      await (what === 'change' ? world.sender.patch(path, { text: 'Last' }) : world.sender.delete(path))
      await deliverAll(world)

      const said = (await world.slack.allMessages()).map(({ text }) => text)
      expect(said).toEqual(what === 'change' ? ['Last'] : [])
    },
  )

  test('nothing is left of a long message that was cancelled, or of a long change that a later one stands for', async () => {
    await using world = await startEventsWorld()
    const { destination } = world
    const cancelled = await world.send('/api/messages', { destination, text: longText('a') })
    await world.admin.post(`/api/deliveries/${cancelled.body.id}/cancel`, {})
    await world.send('/api/messages', { destination, text: 'First', updateKey: 'k' })
    await deliverAll(world)
    await world.send('/api/messages', { destination, text: longText('b'), updateKey: 'k' })
    await world.send('/api/messages', { destination, text: 'Last', updateKey: 'k' })
    await deliverAll(world)

    expect(await world.slack.allMessages()).toMatchObject([{ text: 'Last' }])
  })

  test.each(['failed', 'cancelled'] as const)('a long message that was %s is sent again whole', async (how) => {
    await using world = await startEventsWorld()
    const { body } = await world.send('/api/messages', { destination: world.destination, text: longText('a') })
    const fail = () => world.slack.fault({ method: 'chat.postMessage', kind: 'error', code: 'invalid_blocks' })
    if (how === 'failed') await fail()
    else await world.admin.post(`/api/deliveries/${body.id}/cancel`, {})
    await deliverAll(world)
    expect(await world.slack.allMessages()).toEqual([])

    await fail()
    const first = await world.admin.post(`/api/deliveries/${body.id}/replay`, {})
    await deliverAll(world)
    const inVain = await world.slack.allMessages()
    await world.admin.post(`/api/deliveries/${first.body.id}/replay`, {})
    await deliverAll(world)

    expect(inVain).toEqual([])
    const [main, ...parts] = await world.slack.allMessages()
    expect(main?.text).toMatch(/\(1\/2\)$/)
    expect(parts).toMatchObject([{ text: expect.stringMatching(/\(2\/2\)$/), thread_ts: main?.ts }])
  })

  test('a long message is sent elsewhere whole, as it was and as it was changed', async () => {
    await using world = await startEventsWorld()
    const elsewhere = await world.destinationAt('#audit-room')
    const { id } = (await world.send('/api/messages', { destination: world.destination, text: longText('a') })).body
    await deliverAll(world)
    const change = await world.sender.patch(`/api/messages/${id}`, { text: longText('b') })
    await deliverAll(world)

    for (const each of [id, change.body.id]) {
      await world.admin.post(`/api/deliveries/${each}/send-elsewhere`, { destinationId: elsewhere })
      await deliverAll(world)
    }

    const there = await world.slack.messages(await world.slack.channel('audit-room'))
    expect(there.map(({ text }) => text.charAt(0) + text.slice(-5))).toEqual(['a(1/2)', 'a(2/2)', 'b(1/2)', 'b(2/2)'])
    expect(new Set(there.map(({ thread_ts }) => thread_ts))).toEqual(new Set([there[0]?.ts]))
  })

  test('a message that somebody deleted in Slack is posted anew once, also when the answer is lost', async () => {
    await using world = await startEventsWorld()
    const { body } = await world.send('/api/messages', { destination: world.destination, text: 'First' })
    await deliverAll(world)
    const [first] = await world.slack.allMessages()
    await world.slack.ask('DELETE', `/channels/${first?.channel}/messages/${first?.ts}`)
    await world.slack.fault({ method: 'chat.postMessage', kind: 'lost_answer' })
    for (const text of ['Second', 'Third']) {
      await world.sender.patch(`/api/messages/${body.id}`, { text })
      await deliverAll(world)
      world.clock.now += 5_000
      await deliverAll(world)
    }
    const after = await world.slack.allMessages()
    await world.sender.delete(`/api/messages/${body.id}`)
    await deliverAll(world)

    expect(after).toMatchObject([{ text: 'Third' }])
    expect(await world.slack.allMessages()).toEqual([])
  })

  describe.each(ENGINES)('changed while it is being sent, and then refused by Slack, on %s', (engine) => {
    /** A message that was changed to a long text on its way, and that Slack then said no to. */
    async function havingRefused(world: EventsWorld, replyTo?: string): Promise<string> {
      const message = { destination: world.destination, text: 'First', replyTo }
      const { id } = (await world.send('/api/messages', message)).body
      const { taken } = await takeTurn(world.ctx, [], { limit: 10 })
      await world.sender.patch(`/api/messages/${id}`, { text: 'A word. '.repeat(800) })
      await world.slack.fault({ method: 'chat.postMessage', kind: 'error', code: 'invalid_blocks' })
      const finished = await Promise.all(taken.map((each) => deliver(world.ctx, each)))
      await takeTurn(world.ctx, finished, { limit: 0 })
      expect(await deliveryOf(world, id)).toMatchObject({ state: 'failed' })
      return id
    }

    test('all of the change is said, and can be changed and deleted', async () => {
      await using world = await startEventsWorld({ engine })
      const id = await havingRefused(world)

      await deliverAll(world)
      const [first, second, ...more] = await world.slack.allMessages()
      const changed = await world.sender.patch(`/api/messages/${id}`, { text: 'Third' })
      await deliverAll(world)
      const after = await world.slack.allMessages()
      const deleted = await world.sender.delete(`/api/messages/${id}`)
      await deliverAll(world)

      expect([first, second]).toMatchObject([
        { text: expect.stringMatching(/\(1\/2\)$/) },
        { text: expect.stringMatching(/\(2\/2\)$/), thread_ts: first?.ts },
      ])
      expect(more).toEqual([])
      expect([changed.status, deleted.status]).toEqual([202, 202])
      expect(after).toMatchObject([{ text: 'Third', ts: first?.ts }])
      expect(await world.slack.allMessages()).toEqual([])
    })

    test('the change of a reply is said in its thread', async () => {
      await using world = await startEventsWorld({ engine })
      const parent = (await world.send('/api/messages', { destination: world.destination, text: 'Parent' })).body
      await deliverAll(world)
      await havingRefused(world, parent.id)
      await deliverAll(world)

      const [first, ...replies] = await world.slack.allMessages()
      expect(replies.map(({ thread_ts }) => thread_ts)).toEqual([first?.ts, first?.ts])
    })

    test.each(['changed', 'deleted'])('the change is %s also before it is said', async (how) => {
      await using world = await startEventsWorld({ engine })
      const id = await havingRefused(world)

      const path = `/api/messages/${id}`
      const answer = await (how === 'changed' ? world.sender.patch(path, { text: 'Third' }) : world.sender.delete(path))
      await deliverAll(world)

      expect(answer.status).toBe(202)
      const texts = (await world.slack.allMessages()).map(({ text }) => text)
      expect(texts).toEqual(how === 'changed' ? ['Third'] : [])
    })

    test('a replay of what failed does not bring the old words back', async () => {
      await using world = await startEventsWorld({ engine })
      await havingRefused(world)
      await deliverAll(world)

      const preview = await world.admin.post('/api/replays/preview', { which: { filter: { state: 'failed' } } })

      expect(preview.body).toMatchObject({ count: 0, skipped: 1 })
    })
  })

  describe.each(ENGINES)('changed while it is being sent, to be tried again, on %s', (engine) => {
    /** A message that Slack asks to wait with; it was changed to "Second" while it was on its way. */
    async function havingChanged(world: EventsWorld): Promise<string> {
      const { id } = (await world.send('/api/messages', { destination: world.destination, text: 'First' })).body
      const { taken } = await takeTurn(world.ctx, [], { limit: 10 })
      expect((await world.sender.patch(`/api/messages/${id}`, { text: 'Second' })).status).toBe(202)
      await world.slack.fault({ method: 'chat.postMessage', kind: 'rate_limited' })
      const finished = await Promise.all(taken.map((each) => deliver(world.ctx, each)))
      await takeTurn(world.ctx, finished, { limit: 0 })
      return id
    }
    const deliverLater = async (world: EventsWorld) => {
      world.clock.now += 60_000
      await deliverAll(world)
    }

    test('it says what it was changed to last', async () => {
      await using world = await startEventsWorld({ engine })
      const id = await havingChanged(world)

      const answer = await world.sender.patch(`/api/messages/${id}`, { text: 'Third' })
      await deliverLater(world)

      expect(answer).toMatchObject({ status: 202, body: { id, state: 'retrying' } })
      expect(await world.slack.allMessages()).toMatchObject([{ text: 'Third' }])
      const change = await world.db.selectFrom('deliveries').selectAll().where('targetId', '=', id).execute()
      expect(change).toMatchObject([{ state: 'suppressed', code: 'superseded', rank: null }])
      const told = await world.admin.get(`/api/deliveries/${change[0]?.id}`)
      expect(told.body.timeline.at(-1).note).toBe('A later change says what holds now.')
    })

    test.each(['deleted', 'cancelled'])('nothing is said once it is %s', async (how) => {
      await using world = await startEventsWorld({ engine })
      const id = await havingChanged(world)

      if (how === 'deleted') await world.sender.delete(`/api/messages/${id}`)
      else await world.admin.post(`/api/deliveries/${id}/cancel`, {})
      await deliverLater(world)

      expect(await deliveryOf(world, id)).toMatchObject({ state: 'cancelled' })
      expect(await world.slack.allMessages()).toEqual([])
    })
  })
})
