import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { slack } from '../../../../server/providers/slack/slack.ts'
import type { Channel } from '../../../../shared/destinations.ts'
import { type Outside, startOutside } from './outside.ts'

let outside: Outside
beforeAll(async () => {
  outside = await startOutside()
})
beforeEach(async () => {
  await outside.sandbox.clearFaults()
  await outside.sandbox.changeToken(outside.app.appId, 'bot', { scopes: outside.app.scopes })
})
afterAll(() => outside[Symbol.asyncDispose]())

async function allChannels(from: Outside): Promise<{ channels: Channel[]; pages: number }> {
  const channels: Channel[] = []
  let cursor: string | undefined
  for (let pages = 1; ; pages += 1) {
    const page = await slack.directory.listChannels(from.ctx, from.connection, cursor === undefined ? {} : { cursor })
    if (page.kind === 'failed') throw new Error(page.failure.code)
    channels.push(...page.answer.channels)
    cursor = page.answer.nextCursor
    if (cursor === undefined) return { channels, pages }
  }
}

describe('the list of channels', () => {
  test('has public ones, the private ones the bot is in, and archived ones', async () => {
    const { channels } = await allChannels(outside)

    const named = (name: string) => channels.find((channel) => channel.name === name)
    expect(named('compliance')).toMatchObject({ isMember: true, isPrivate: false, isArchived: false })
    expect(named('audit-room')).toMatchObject({ isMember: false, isPrivate: false })
    expect(named('incident-room')).toMatchObject({ isMember: true, isPrivate: true })
    expect(named('old-alerts')).toMatchObject({ isArchived: true })
    expect(named('board')).toBeUndefined()
  })

  test('is complete in a workspace of 20,000 channels, page by page', async () => {
    await using large = await startOutside({ seed: 'large' })

    const { channels, pages } = await allChannels(large)

    expect(new Set(channels.map(({ id }) => id)).size).toBe(channels.length)
    expect(channels.length).toBeGreaterThanOrEqual(20_000)
    expect(pages).toBeLessThanOrEqual(45)
  })

  test.each([
    ['channels:read', 'public_channel', 'compliance'],
    ['groups:read', 'private_channel', 'incident-room'],
  ])('with %s alone has that kind, and asks for no other on later pages', async (scope, types, expected) => {
    await using large = await startOutside({ seed: 'large' })
    await large.sandbox.changeToken(large.app.appId, 'bot', { scopes: [scope] })

    const { channels, pages } = await allChannels(large)

    const asked = (await large.sandbox.calls('conversations.list')).map(({ args }) => args.types)
    expect(channels.map(({ name }) => name)).toContain(expected)
    expect(asked).toEqual(['public_channel,private_channel', ...Array(pages).fill(types)])
  })

  test('without either scope says which one is missing', async () => {
    await outside.sandbox.changeToken(outside.app.appId, 'bot', { scopes: ['chat:write'] })

    expect(await slack.directory.listChannels(outside.ctx, outside.connection, {})).toMatchObject({
      kind: 'failed',
      failure: { code: 'missing_scope', detail: expect.stringContaining('needed: channels:read') },
    })
  })

  test('leaves nothing in doubt when its answer is lost: reading twice changes nothing', async () => {
    await outside.sandbox.fault({ method: 'conversations.list', kind: 'lost_answer' })

    expect(await slack.directory.listChannels(outside.ctx, outside.connection, {})).toMatchObject({
      kind: 'failed',
      failure: { kind: 'transient' },
    })
  })
})

test('a channel is found by its id, with how many are in it', async () => {
  const found = await slack.directory.getChannel(outside.ctx, outside.connection, 'C0COMPLIANC')

  expect(found).toMatchObject({ kind: 'answered', answer: { name: 'compliance', members: expect.any(Number) } })
})

test('a private channel without the bot is not found', async () => {
  const found = await slack.directory.getChannel(outside.ctx, outside.connection, 'C0BOARD0001')

  expect(found).toMatchObject({ kind: 'failed', failure: { code: 'channel_not_found', stops: 'destination' } })
})

test('a person is found by e-mail address', async () => {
  const found = await slack.directory.findPersonByEmail(outside.ctx, outside.connection, 'noor@acme.example')

  expect(found).toMatchObject({
    kind: 'answered',
    answer: { id: 'U0NOORHADDA', name: 'Noor Haddad', email: 'noor@acme.example', disabled: false },
  })
})

test('an e-mail address of nobody is not found', async () => {
  const found = await slack.directory.findPersonByEmail(outside.ctx, outside.connection, 'nobody@acme.example')

  expect(found).toMatchObject({ kind: 'failed', failure: { code: 'users_not_found' } })
})

test('a person is read by id, deactivated or not', async () => {
  const found = await slack.directory.getPerson(outside.ctx, outside.connection, 'U0LENAOLSEN')

  expect(found).toMatchObject({ kind: 'answered', answer: { name: 'Lena Olsen', disabled: true } })
})

test('opening a direct message twice gives the same conversation', async () => {
  const first = await slack.directory.openDirectMessage(outside.ctx, outside.connection, 'U0KIMPARK01')
  const second = await slack.directory.openDirectMessage(outside.ctx, outside.connection, 'U0KIMPARK01')

  expect(first).toMatchObject({ kind: 'answered', answer: expect.stringMatching(/^D/) })
  expect(second).toMatchObject({ answer: first.kind === 'answered' && first.answer })
})

describe('the probe', () => {
  test('says whose token it is', async () => {
    expect(await slack.probe(outside.ctx, outside.connection)).toMatchObject({
      kind: 'answered',
      answer: { workspaceId: 'T0ACMEDEMO1', workspaceName: 'Acme', botName: 'switchboard', botId: 'B0SWITCHBOT' },
      exchange: { method: 'auth.test', httpStatus: 200 },
    })
  })

  test('finds a token that Slack no longer takes', async () => {
    const connection = { secrets: { botToken: 'xoxb-1042973561840-1042973561901-nottheonewehave00000' } }

    expect(await slack.probe(outside.ctx, connection)).toMatchObject({
      kind: 'failed',
      failure: { kind: 'permanent', code: 'invalid_auth', stops: 'credential' },
    })
  })
})
