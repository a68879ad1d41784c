import { describe, expect, test } from 'vitest'
import { differencesIn } from '../../../server/templates/differences.ts'
import { ENGINES } from '../../support/each-store.ts'
import { startEventsWorld } from '../events/world.ts'

const PATH = '/api/templates/alert'
const source = (words: string) =>
  `{"text": "${words}: {{ title | default: 'Nothing' }} {{ mentions }}{{ now | date: '%Y' }}"}`
const sample = { type: 'door.open', title: 'Door 3' }
const OPEN = { name: 'A door', event: sample }
const BARE = { name: 'Without a title', event: {} }

describe.each(ENGINES)('the cases of a template on %s', (engine) => {
  test('are kept with what it makes of them, and told once it makes something else', async () => {
    await using world = await startEventsWorld({ engine })

    const made = await world.admin.put(PATH, { source: source('Open'), sample, cases: [OPEN, BARE] })
    const changed = await world.admin.put(PATH, { source: source('Shut'), sample })

    expect(made.body).toMatchObject({
      version: 1,
      cases: [
        { ...OPEN, expected: { text: 'Open: Door 3 2026' } },
        { ...BARE, expected: { text: 'Open: Nothing 2026' } },
      ],
      failing: [],
    })
    expect(changed.body).toMatchObject({
      version: 2,
      cases: made.body.cases,
      failing: [
        {
          name: 'A door',
          state: 'changed',
          message: { text: 'Shut: Door 3 2026' },
          differences: [{ path: 'text', expected: 'Open: Door 3 2026', made: 'Shut: Door 3 2026' }],
        },
        { name: 'Without a title', state: 'changed' },
      ],
    })
  })

  test('are changed by a version, and come back with an earlier one', async () => {
    await using world = await startEventsWorld({ engine })
    const change = { source: source('Open'), sample }
    await world.admin.put(PATH, { ...change, cases: [OPEN] })

    const none = await world.admin.put(PATH, { ...change, cases: [] })
    const same = await world.admin.put(PATH, { ...change, cases: [] })
    const back = await world.admin.post(`${PATH}/rollback`, { to: 1 })

    expect([none.body.version, none.body.cases, same.body.version]).toEqual([2, [], 2])
    expect(back.body).toMatchObject({ version: 3, cases: [{ name: 'A door' }] })
    expect((await world.admin.get(`${PATH}/versions/2`)).body.cases).toEqual([])
  })
})

describe('cases that are tried', () => {
  const cases = [
    { ...OPEN, expected: { text: 'Open: Door 3 2026' } },
    { ...OPEN, name: 'Other', expected: { text: 'Open: Door 3 2026', blocks: [] } },
    { ...BARE, event: { url: 'javascript:x' } },
    BARE,
  ]

  test('need not be saved; a viewer and a reading key may try them', async () => {
    await using world = await startEventsWorld()

    const tried = await (await world.as('viewer')).post('/api/templates/cases', {
      source: source('Open'),
      cases: cases.slice(0, 3),
    })
    const unread = await (await world.withKey(['config:read'])).post('/api/templates/cases', {
      source: '{{',
      cases: [BARE],
    })

    expect(tried.body.items).toMatchObject([
      { name: 'A door', state: 'passed', differences: [] },
      { name: 'Other', state: 'changed', differences: [{ path: 'blocks', expected: '[]' }] },
      { state: 'broken', problem: 'Its event is none that could come.' },
    ])
    expect(unread.body.items).toMatchObject([{ state: 'broken', problem: expect.stringMatching(/\w/) }])
    expect((await world.admin.get(PATH)).status).toBe(404)
  })

  test.each([
    ['two of one name', [OPEN, OPEN], /cases/],
    ['21 of them', Array.from({ length: 21 }, (_, n) => ({ ...OPEN, name: `${n}` })), /cases/],
    ['events of too much', [{ ...OPEN, event: { text: 'x'.repeat(100_000) } }], /^cases$/],
    ['an event that could not come', [{ ...OPEN, event: { url: 'javascript:x' } }], /^cases\.0\.event\.url$/],
    ['a message with more fields', [{ ...OPEN, expected: { text: 'x', more: 1 } }], /cases/],
  ])('%s are refused when a template is saved', async (_, wrong, field) => {
    await using world = await startEventsWorld()

    const answer = await world.admin.put(PATH, { source: source('Open'), sample, cases: wrong })

    expect(answer).toMatchObject({ status: 422, body: { error: { field: expect.stringMatching(field) } } })
    expect((await world.admin.get(PATH)).status).toBe(404)
  })

  test('what is filled in counts to how much cases may take', async () => {
    await using world = await startEventsWorld()
    const event = { title: 'T', text: 'x'.repeat(60_000) }
    const doubled =
      '{"text": "{{ title }}", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "{{ text }}"}}]}'

    const answer = await world.admin.put(PATH, { source: doubled, sample, cases: [{ name: 'Long', event }] })

    expect(answer).toMatchObject({ status: 422, body: { error: { field: 'cases' } } })
  })

  test('one that makes no message and says of none is refused, and a heavy template costs no more than a look at it', async () => {
    await using world = await startEventsWorld()
    const title = '{"text": "{{ title }}"}'
    const heavy = '{"text": "x {% for a in (1..9000) %}{% assign b = a %}{% endfor %}"}'
    const many = Array.from({ length: 20 }, (_, n) => ({ ...BARE, name: `${n}` }))

    const refused = await world.admin.put(PATH, { source: title, sample, cases: [BARE] })
    const tried = await world.admin.post('/api/templates/cases', { source: heavy, cases: many })

    expect(refused).toMatchObject({ status: 422, body: { error: { field: 'cases.0' } } })
    expect(tried.body.items.at(-1)).toMatchObject({ state: 'broken', problem: 'The cases before it took too long.' })
  })
})

test.each([
  [{ a: 1 }, { a: 1 }, []],
  [{ a: [1, 2] }, { a: [1] }, [{ path: 'a[1]', expected: '2' }]],
  [
    { a: { b: 'x' } },
    { a: { b: 'y' }, c: null },
    [
      { path: 'a.b', expected: 'x', made: 'y' },
      { path: 'c', made: 'null' },
    ],
  ],
  [JSON.parse('{"__proto__": 1}'), {}, [{ path: '__proto__', expected: '1' }]],
  [['a', 'b', 'c', 'd', 'e', 'f'], [], ['a', 'b', 'c', 'd', 'e'].map((expected, n) => ({ path: `[${n}]`, expected }))],
])('%j and %j differ in %j', (expected, made, differences) => {
  expect(differencesIn(expected, made)).toEqual(differences)
})
