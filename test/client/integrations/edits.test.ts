import { describe, expect, test } from 'vitest'
import { changeOf, labelsOf, noticesOf } from '../../../client/integrations/edits.ts'
import type { Integration } from '../../../shared/integrations.ts'

const SAVED: Integration = {
  id: 'int_1',
  provider: 'slack',
  name: 'Acme',
  state: 'ok',
  stateSince: '2026-11-24T12:00:00.000Z',
  appId: 'A07QK2M41RD',
  clientId: '2210535565.7418023391',
  credentials: {},
  features: [],
  maxAttempts: null,
  nextAttemptDelay: null,
  addresses: [],
  destinations: 0,
  notes: [],
  createdAt: '2026-11-24T12:00:00.000Z',
  updatedAt: '2026-11-24T12:00:00.000Z',
}

describe('what is typed over saved credentials', () => {
  test('a field just opened, and an id typed again, are no change', () => {
    const edits = { signingSecret: '', clientSecret: '   ', appId: ' A07QK2M41RD ' }

    expect(changeOf(edits, SAVED)).toEqual({})
    expect(labelsOf(edits, SAVED)).toEqual([])
  })

  test('only what differs is sent, trimmed, and a token that goes is null', () => {
    const edits = { clientId: '2210535565.1111111111', botToken: ' xoxb-1 ', appToken: null }

    expect(changeOf(edits, SAVED)).toEqual({ clientId: '2210535565.1111111111', botToken: 'xoxb-1', appToken: null })
    expect(labelsOf(edits, SAVED)).toEqual(['Client ID', 'Bot token', 'App-level token'])
  })

  test('what is typed is checked against the saved ids beside it', () => {
    const appToken = `xapp-1-A99999999-1234567890123-${'0123456789abcdef'.repeat(4)}`

    expect(noticesOf({ appToken }, SAVED).appToken?.message).toMatch(/belongs to the app A99999999/)
  })
})
