import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { codeOf, startSandbox, type TestSandbox } from './support.ts'

let sandbox: TestSandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.stop())
beforeEach(() => sandbox.ask('POST', '/reset'))

describe('posting by the state of the channel', () => {
  test.each([
    ['C0COMPLIANC', 'ok'],
    ['C0RISKWATCH', 'ok'],
    ['#risk-watch', 'ok'],
    ['C0BOARD0001', 'channel_not_found'],
    ['C0INCIDENTS', 'ok'],
    ['C0OLDALERTS', 'is_archived'],
    ['C0GENERAL01', 'restricted_action'],
    ['C0NOWHERE00', 'channel_not_found'],
    ['U0ADAFERRER', 'ok'],
    ['U0LENAOLSEN', 'user_disabled'],
    ['U0NOBODY000', 'user_not_found'],
  ])('posting to %s gives %s', async (channel, code) => {
    const answered = await codeOf(sandbox.client().chat.postMessage({ channel, text: 'hello' }))

    expect(answered).toBe(code)
  })

  test('without chat:write.public a channel has to be joined first', async () => {
    const scopes = sandbox.credentials.scopes.filter((scope) => scope !== 'chat:write.public')
    await sandbox.changeApp(sandbox.credentials.appId, { scopes })
    const client = sandbox.client()
    const post = () => codeOf(client.chat.postMessage({ channel: 'C0RISKWATCH', text: 'hello' }))

    const before = await post()
    await client.conversations.join({ channel: 'C0RISKWATCH' })
    const after = await post()

    expect([before, after]).toEqual(['not_in_channel', 'ok'])
  })

  test('joining twice is fine and says so', async () => {
    const again = await sandbox.client().conversations.join({ channel: 'C0COMPLIANC' })

    expect(again).toMatchObject({ ok: true, warning: 'already_in_channel' })
  })

  test('a channel that turns private under the bot’s feet is not found until it is invited', async () => {
    await sandbox.changeChannel('C0RISKWATCH', { private: true })
    const before = await codeOf(sandbox.client().conversations.info({ channel: 'C0RISKWATCH' }))
    await sandbox.changeChannel('C0RISKWATCH', { member: true })
    const after = await codeOf(sandbox.client().conversations.info({ channel: 'C0RISKWATCH' }))

    expect([before, after]).toEqual(['channel_not_found', 'ok'])
  })

  test('a direct message opened twice is the same one, and posting to the person lands in it', async () => {
    const client = sandbox.client()

    const opened = await client.conversations.open({ users: 'U0ADAFERRER' })
    const again = await client.conversations.open({ users: 'U0ADAFERRER' })
    const posted = await client.chat.postMessage({ channel: 'U0ADAFERRER', text: 'hello' })

    expect(opened.channel?.id).toMatch(/^D/)
    expect(again).toMatchObject({ already_open: true, channel: { id: opened.channel?.id } })
    expect(posted.channel).toBe(opened.channel?.id)
  })
})

describe('history', () => {
  test('it gives messages newest first, and metadata when asked', async () => {
    const client = sandbox.client()
    const metadata = { event_type: 'switchboard_delivery', event_payload: { delivery_id: 'dlv_1' } }
    await client.chat.postMessage({ channel: 'C0COMPLIANC', text: 'first', metadata })
    await client.chat.postMessage({ channel: 'C0COMPLIANC', text: 'second' })

    const plain = await client.conversations.history({ channel: 'C0COMPLIANC' })
    const whole = await client.conversations.history({ channel: 'C0COMPLIANC', include_all_metadata: true })

    expect(plain.messages?.map(({ text }) => text)).toEqual(['second', 'first'])
    expect(plain.messages?.[1]?.metadata).toBeUndefined()
    expect(whole.messages?.[1]?.metadata).toEqual(metadata)
  })

  test('it can be cut by time and read in pages', async () => {
    const client = sandbox.client()
    const stamps: string[] = []
    for (const text of ['one', 'two', 'three', 'four', 'five']) {
      stamps.push((await client.chat.postMessage({ channel: 'C0COMPLIANC', text })).ts ?? '')
    }
    const [, two = '', , four = ''] = stamps

    const open = await client.conversations.history({ channel: 'C0COMPLIANC', oldest: two, latest: four })
    const closed = await client.conversations.history({
      channel: 'C0COMPLIANC',
      oldest: two,
      latest: four,
      inclusive: true,
      limit: 2,
    })

    expect(open.messages?.map(({ text }) => text)).toEqual(['three'])
    expect(closed.messages?.map(({ text }) => text)).toEqual(['four', 'three'])
    expect(closed.has_more).toBe(true)
  })

  test('it is closed to a bot that is not in the channel, and to one without the scope', async () => {
    const outside = await codeOf(sandbox.client().conversations.history({ channel: 'C0RISKWATCH' }))
    await sandbox.changeApp(sandbox.credentials.appId, { scopes: ['groups:history'] })
    const unscoped = await codeOf(sandbox.client().conversations.history({ channel: 'C0COMPLIANC' }))

    expect([outside, unscoped]).toEqual(['not_in_channel', 'missing_scope'])
  })
})

describe('listing', () => {
  test('the seed’s channels are there, private ones only with the bot inside', async () => {
    const all = await sandbox.client().conversations.list({ types: 'public_channel,private_channel' })

    const names = all.channels?.map(({ name }) => name)
    expect(names).toContain('incident-room')
    expect(names).not.toContain('board')
    expect(all.channels?.find(({ name }) => name === 'old-alerts')?.is_archived).toBe(true)
  })

  test.each([
    [{ limit: 1_001 }, 'invalid_limit'],
    [{ cursor: 'bogus' }, 'invalid_cursor'],
    [{ types: 'secret_channel' }, 'invalid_types'],
  ])('%j is refused as %s', async (args, code) => {
    const answered = await codeOf(sandbox.client().conversations.list(args))

    expect(answered).toBe(code)
  })

  test('20,000 channels are read completely, through short and empty pages', async () => {
    await using large = await startSandbox({ seed: 'large' })
    const pages: number[] = []
    const seen = new Set<string | undefined>()

    for await (const page of large.client().paginate('conversations.list', { limit: 200, exclude_archived: true })) {
      const { channels = [] } = page as { channels?: { id?: string }[] }
      pages.push(channels.length)
      for (const { id } of channels) seen.add(id)
    }

    // 20,000, less every twentieth and a run of 450 that are archived, and the seven open public ones of the small seed.
    expect(seen.size).toBe(20_000 - 1_000 - 450 + 22 + 7)
    expect(pages).toContain(0)
    expect(pages.some((length) => length > 0 && length < 200)).toBe(true)
  })
})
