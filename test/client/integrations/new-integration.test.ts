import { describe, expect, test } from 'vitest'
import { type Draft, filledCredentials, problemsOf } from '../../../client/integrations/draft.ts'

const EMPTY: Draft = {
  source: 'manifest',
  name: '',
  appId: '',
  clientId: '',
  clientSecret: '',
  signingSecret: '',
  botToken: '',
  appToken: '',
  features: [],
  testChannel: '',
  webhooks: [],
}
const FILLED: Draft = {
  ...EMPTY,
  name: 'Acme production',
  appId: 'A07QK2M41RD',
  clientId: '2210535565.7418023391',
  clientSecret: '0123456789abcdef0123456789abcdef',
  signingSecret: 'fedcba9876543210fedcba9876543210',
}

describe('what is wrong with an integration being made', () => {
  test('nothing is said about empty fields while one still types', () => {
    expect(problemsOf(EMPTY, false)).toEqual({})
  })

  test('once saving was asked for, each field that is needed is named', () => {
    const problems = problemsOf(EMPTY, true)

    expect(Object.keys(problems).sort()).toEqual(['appId', 'clientId', 'clientSecret', 'name', 'signingSecret'])
    expect(problems.signingSecret).toEqual({ level: 'error', message: 'The signing secret is needed.' })
  })

  test('a filled form has no problem, tokens or not', () => {
    expect(problemsOf(FILLED, true)).toEqual({})
  })

  test.each([
    ['a user token in the bot field', { botToken: 'xoxp-1234567890-1234567890-abcdef' }, 'botToken', /user token/],
    ['a webhook in a token field', { botToken: 'https://hooks.slack.com/services/T0/B0/x' }, 'botToken', /webhook URL/],
    ['the client secret twice', { signingSecret: FILLED.clientSecret }, 'signingSecret', /same as the client secret/],
  ] as const)('%s is a mistake for certain', (_what, change, field, message) => {
    const problem = problemsOf({ ...FILLED, ...change }, false)[field]

    expect(problem).toMatchObject({ level: 'error', message: expect.stringMatching(message) })
  })

  test('what is sent has no spaces around it and no empty field', () => {
    expect(filledCredentials({ ...EMPTY, appId: ' A07QK2M41RD ', botToken: '  ' })).toEqual({ appId: 'A07QK2M41RD' })
  })
})
