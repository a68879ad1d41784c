import { describe, expect, test } from 'vitest'
import { changesSince, type Facts } from '../../../server/integrations/changes.ts'
import type { TestStep } from '../../../shared/connection-tests.ts'

describe('what changed since the last test that passed', () => {
  const cases: { before: Facts; now: Facts; changes: string[] }[] = [
    { before: { botName: 'switchboard' }, now: { botName: 'switchboard' }, changes: [] },
    {
      before: { workspaceId: 'T1', workspaceName: 'Acme' },
      now: { workspaceId: 'T2', workspaceName: 'Beta' },
      changes: ['Another workspace: it was Acme (T1), it is Beta (T2).'],
    },
    {
      before: { workspaceId: 'T1', workspaceName: 'Acme' },
      now: { workspaceId: 'T1', workspaceName: 'Acme Inc' },
      changes: ['Name of the workspace changed from Acme to Acme Inc.'],
    },
    {
      before: { botUserId: 'U1', botName: 'a' },
      now: { botUserId: 'U1', botName: 'b' },
      changes: ['The bot was renamed from @a to @b.'],
    },
    {
      before: { botUserId: 'U1', botName: 'a' },
      now: { botUserId: 'U2', botName: 'a' },
      changes: ['Another bot: it was @a, it is @a.'],
    },
    {
      before: { scopes: ['chat:write', 'commands'] },
      now: { scopes: ['chat:write', 'files:write'] },
      changes: ['Scopes gained: files:write.', 'Scopes lost: commands.'],
    },
    { before: { scopes: ['chat:write'] }, now: {}, changes: [] },
    {
      before: { secrets: { botToken: '1', appToken: '2' } },
      now: { secrets: { botToken: '3', signingSecret: '4' } },
      changes: ['Signing secret added.', 'Bot token replaced.', 'App-level token removed.'],
    },
    {
      before: { features: ['channel_messages'], appId: 'A1' },
      now: { features: ['reactions'], appId: 'A2' },
      changes: ['App ID changed from A1 to A2.', 'Switched on: Reactions.', 'Switched off: Messages to channels.'],
    },
    { before: { testChannel: '#a' }, now: {}, changes: ['Test channel removed; it was #a.'] },
    { before: {}, now: { testChannel: '#a' }, changes: ['Test channel set to #a.'] },
    {
      before: {},
      now: { unsaved: ['Bot token'] },
      changes: ['Tested with what is on screen and not saved yet: Bot token.'],
    },
  ]

  test.each(cases)('$changes', ({ before, now, changes }) => {
    const said = changesSince({ number: 3, steps: [], facts: before }, { steps: [], facts: now })

    expect(said).toEqual(changes)
  })

  test('steps that got worse or better are named with their code', () => {
    const before = [step('bot_token', 'pass'), step('scopes', 'warn'), step('channel', 'pass'), step('reach', 'pass')]
    const now = [
      step('bot_token', 'fail', 'token_revoked'),
      step('scopes', 'pass'),
      step('channel', 'warn', 'is_archived'),
      step('reach', 'skipped'),
    ]

    const said = changesSince({ number: 3, steps: before, facts: {} }, { steps: now, facts: {} })

    expect(said).toEqual([
      'Bot token passed in test 3 and now fails with token_revoked.',
      'Scopes had a warning in test 3; it is gone.',
      'Test channel passed in test 3 and now has a warning with is_archived.',
    ])
  })

  test('without a test that passed there is nothing to compare with', () => {
    expect(changesSince(undefined, { steps: [step('reach', 'fail')], facts: { botName: 'a' } })).toEqual([])
  })
})

const step = (name: TestStep['name'], state: TestStep['state'], code?: string): TestStep => ({
  name,
  state,
  title: '',
  tookMs: 0,
  ...(code !== undefined && { code }),
})
