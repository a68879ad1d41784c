import { describe, expect, test } from 'vitest'
import { type Called, decideMention, type Known } from '../../../server/mentions/decide-mention.ts'
import { nameKey, readWord } from '../../../server/mentions/read-word.ts'

const person = (id: string, handle: string, change: Partial<Called> & { shown?: string } = {}): Called => {
  const { shown = '', ...rest } = change
  const name = rest.name ?? `The ${handle}`
  const keys: Called['keys'] = [nameKey(handle), nameKey(shown), nameKey(name)]
  return { kind: 'user', id, name, keys, email: null, isGone: false, ...rest }
}
const group = (id: string, handle: string, change: Partial<Called> = {}): Called => ({
  ...{ kind: 'group', id, name: handle, keys: [nameKey(handle), '', ''], email: null, isGone: false },
  ...change,
})
const knowing = (...called: Called[]): Known => ({ called, lookedUp: new Map(), areListsWhole: true })
const decide = (text: string, known: Known) => decideMention(text, readWord(text), known)

describe('whom a word calls', () => {
  test.each([
    ['@here', '<!here>'],
    ['@Channel', '<!channel>'],
    ['<!everyone>', '<!everyone>'],
    ['<!here|here>', '<!here>'],
    ['U0GRACEHOPP', '<@U0GRACEHOPP>'],
    ['@W012A3CDE', '<@W012A3CDE>'],
    ['<@U0GRACEHOPP|grace>', '<@U0GRACEHOPP>'],
    ['S0COMPLTEAM', '<!subteam^S0COMPLTEAM>'],
    ['<!subteam^S0COMPLTEAM|@compliance-team>', '<!subteam^S0COMPLTEAM>'],
  ])('%s is %s, with nothing known of the workspace', (text, markup) => {
    expect(decide(text, { ...knowing(), areListsWhole: false })).toMatchObject({ markup })
  })

  test.each([
    ['@grace', 'by handle'],
    ['@GRACE', 'in any case'],
    ['@the boss', 'by display name'],
    ['@Grace  Hopper', 'by full name'],
    ['@ｇｒａｃｅ', 'in letters of another width'],
  ])('%s finds a person %s', (text) => {
    const known = knowing(person('U1', 'grace', { name: 'Grace Hopper', shown: 'The Boss' }), person('U2', 'ada'))

    expect(decide(text, known)).toEqual({ kind: 'user', id: 'U1', markup: '<@U1>', name: 'Grace Hopper' })
  })

  test('a group is found by its handle', () => {
    expect(decide('@compliance-team', knowing(group('S1', 'compliance-team')))).toMatchObject({
      kind: 'group',
      markup: '<!subteam^S1>',
    })
  })

  test('an address is found in the list, else by what Slack said of it', () => {
    const lookedUp = new Map([
      ['new@acme.example', { id: 'U9', name: 'New One' }],
      ['no@acme.example', null],
    ])
    const known = { ...knowing(person('U1', 'ada', { email: 'ada@acme.example' })), lookedUp }

    expect(decide('Ada@Acme.example', known)).toMatchObject({ id: 'U1' })
    expect(decide('new@acme.example', known)).toEqual({ kind: 'user', id: 'U9', markup: '<@U9>', name: 'New One' })
    expect(decide('no@acme.example', known)).toMatchObject({ kind: 'unresolved', reason: 'unknown' })
    expect(decide('who@acme.example', known)).toMatchObject({ kind: 'unresolved', reason: 'not_looked_up' })
  })
})

describe('what calls nobody', () => {
  test('a name that several have, with their names', () => {
    const known = knowing(
      person('U1', 'alex', { name: 'Alex Ames', shown: 'Lex' }),
      person('U2', 'alexb', { name: 'Alex Bell', shown: 'lex' }),
    )

    expect(decide('@lex', known)).toEqual({
      kind: 'unresolved',
      markup: '@lex',
      reason: 'ambiguous',
      candidates: ['Alex Ames (@alex)', 'Alex Bell (@alexb)'],
    })
  })

  test('someone who left, and a group that was disabled', () => {
    const known = knowing(person('U1', 'lena', { isGone: true }), group('S1', 'auditors', { isGone: true }))

    for (const text of ['@lena', 'U1ABCDEF', '@auditors']) {
      const called = text === 'U1ABCDEF' ? knowing(person('U1ABCDEF', 'lena', { isGone: true })) : known
      expect(decide(text, called)).toMatchObject({ kind: 'unresolved', reason: 'deactivated' })
    }
  })

  test.each([
    ['@nobody', true, 'unknown'],
    ['@nobody', false, 'not_read'],
    ['manager', true, 'not_a_mention'],
    ['URGENTLY', true, 'not_a_mention'],
    ['', true, 'not_a_mention'],
  ])('%j, with the lists whole: %s, is %s', (text, areListsWhole, reason) => {
    expect(decide(text, { ...knowing(), areListsWhole })).toMatchObject({ kind: 'unresolved', reason })
  })
})

describe('a name can not be used to call others', () => {
  test('a display name takes over neither a handle nor a group', () => {
    const known = knowing(
      person('U1', 'manager'),
      person('U6', 'mallory', { shown: 'manager' }),
      person('U7', 'mallory2', { shown: 'security-team' }),
      group('S1', 'security-team'),
    )

    expect(decide('@manager', known)).toMatchObject({ id: 'U1' })
    expect(decide('@security-team', known)).toMatchObject({ id: 'S1' })
  })

  test('nor what belonged to somebody who left, or to a group that was disabled', () => {
    const known = knowing(group('S1', 'security-team', { isGone: true }), person('U7', 'm', { shown: 'security-team' }))

    expect(decide('@security-team', known)).toMatchObject({ kind: 'unresolved', reason: 'deactivated' })
  })

  test.each(['here', 'channel', 'everyone', '<!channel>', '@channel', '<@U6>'])(
    'someone who calls themselves %s changes nothing',
    (shown) => {
      const known = knowing(person('U6', 'mallory', { name: shown, shown }))

      const asked = ['@here', '@channel', '@everyone', '@mallory', `@${shown}`].map((text) => decide(text, known))

      expect(asked.slice(0, 4).map(({ markup }) => markup)).toEqual(['<!here>', '<!channel>', '<!everyone>', '<@U6>'])
      expect(asked[4]?.markup).toMatch(/^<(@U6|!(here|channel|everyone))>$/)
    },
  )

  test.each([
    ['<!channel> now', '&lt;!channel&gt; now'],
    ['@nobody<!here>', '@nobody&lt;!here&gt;'],
    ['hello @channel', 'hello @\u2060channel'],
    ['@EVERYONE!', '@\u2060EVERYONE!'],
    ['<@U1|x><!channel>', '&lt;@U1|x&gt;&lt;!channel&gt;'],
    ['a & b', 'a &amp; b'],
    ['<!subteam^S1> ', '&lt;!subteam^S1&gt;'],
  ])('%j stands as the plain text %j', (text, markup) => {
    expect(decide(text, knowing())).toMatchObject({ kind: 'unresolved', markup })
  })
})
