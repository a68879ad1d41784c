import { describe, expect, test } from 'vitest'
import {
  compareScopes,
  defaultFeatures,
  isSlackFeature,
  neededScopes,
  SCOPES,
  scopeNote,
  slackFeatures,
} from '../../shared/slack-scopes.ts'

describe('features', () => {
  test.each(slackFeatures)('$key says what it does, what it needs and what its absence costs', (feature) => {
    expect(feature.label).toMatch(/^[A-Z]/)
    expect(feature.description).toMatch(/^[A-Z].*\.$/)
    expect(feature.costs).toMatch(/^[A-Z].*\.$/)
    expect(feature.scopes.length).toBeGreaterThan(0)
    for (const scope of feature.scopes) expect(SCOPES).toHaveProperty([scope])
    expect(isSlackFeature(feature.key)).toBe(true)
  })

  test('a new integration can send to channels and people and answer commands', () => {
    expect(defaultFeatures).toEqual(expect.arrayContaining(['channel_messages', 'direct_messages', 'slash_commands']))
    expect(defaultFeatures).not.toContain('file_posts')
  })

  test.each(['', 'toString', '__proto__', 'telepathy'])('%j is no feature', (key) => {
    expect(isSlackFeature(key)).toBe(false)
    expect(neededScopes([key])).toEqual([])
  })
})

describe('needed scopes', () => {
  test.each<[string[], string[]]>([
    [[], []],
    [['channel_messages'], ['chat:write']],
    [
      ['channel_messages', 'public_channels'],
      ['chat:write', 'chat:write.public'],
    ],
    [['direct_messages'], ['chat:write', 'im:write']],
    [['people_by_email'], ['users:read', 'users:read.email']],
    [['confirm_unknown_outcomes'], ['channels:history', 'groups:history']],
    [
      ['confirm_unknown_outcomes', 'direct_messages'],
      ['chat:write', 'im:write', 'channels:history', 'groups:history', 'im:history'],
    ],
    [
      ['webhooks', 'slash_commands'],
      ['commands', 'incoming-webhook'],
    ],
  ])('of %j are %j', (features, scopes) => {
    expect(neededScopes(features)).toEqual(scopes)
  })
})

describe('granted against needed', () => {
  test('with everything granted nothing is missing', () => {
    expect(compareScopes(neededScopes(defaultFeatures), defaultFeatures)).toEqual({
      missing: [],
      unused: [],
      unknown: [],
    })
  })

  test('a missing scope names each feature it costs', () => {
    const { missing } = compareScopes(['im:write'], ['channel_messages', 'direct_messages'])

    expect(missing.map(({ scope, feature, costs }) => [scope, feature.key, costs])).toEqual([
      ['chat:write', 'channel_messages', 'No message can be sent through the bot.'],
      ['chat:write', 'direct_messages', 'Nobody can be sent a direct message.'],
    ])
  })

  test('without chat:write.public only the public channels suffer', () => {
    const { missing } = compareScopes(['chat:write'], ['channel_messages', 'public_channels'])

    expect(missing.map(({ scope, feature }) => [scope, feature.key])).toEqual([
      ['chat:write.public', 'public_channels'],
    ])
  })

  test('what no feature needs is unused, and what we do not know is unknown', () => {
    const comparison = compareScopes(
      [' chat:write', 'pins:write', 'brand:new', 'interactive:write', ''],
      ['channel_messages'],
    )

    expect(comparison).toEqual({ missing: [], unused: ['pins:write'], unknown: ['brand:new', 'interactive:write'] })
  })
})

describe('notes on scopes', () => {
  test.each(Object.keys(SCOPES))('%s has one line', (scope) => {
    expect(scopeNote(scope)).toMatch(/^[A-Z][^\n]*\.$/)
  })

  test('interactive:write is not a scope, and the note says what to do instead', () => {
    expect(scopeNote('interactive:write')).toMatch(/^Not a scope of Slack.*Interactivity switched on/)
  })

  test.each(['brand:new', 'toString'])('%s is unknown', (scope) => {
    expect(scopeNote(scope)).toBe('Switchboard does not know this scope and does not use it.')
  })
})
