import { describe, expect, test } from 'vitest'
import { decide, nameOf } from '../../../server/routing/decide.ts'
import type { Snapshot } from '../../../server/routing/snapshot.ts'
import type { NewEvent } from '../../../shared/events.ts'
import { ruleOf, snapshotOf, typeOf } from './snapshot-of.ts'

const EVENT: NewEvent = { type: 'door.open', category: 'security', title: 'Door 3', data: { days_remaining: 2, id: 3 } }
const [A, B, C] = [{ id: 'dst_a' }, { id: 'dst_b' }, { id: 'dst_c' }]
const OWN = { integrationId: 'int_1', recipient: true } as const
const SECURITY = "category == 'security'"

const decided = (snapshot: Snapshot, event: NewEvent = EVENT) => decide(event, snapshot, { trace: false })
const ids = (snapshot: Snapshot, event?: NewEvent) =>
  decided(snapshot, event).targets.map(({ target }) => nameOf(target))

describe('where an event goes', () => {
  test.each([
    ['nowhere when nothing sends it anywhere', snapshotOf(), []],
    [
      'where its type says',
      snapshotOf({ types: [typeOf('door.open', { destinations: [A, OWN] })] }),
      ['dst_a', 'recipient int_1'],
    ],
    ['nowhere by the type of another', snapshotOf({ types: [typeOf('door', { destinations: [A] })] }), []],
    [
      'where the type and each matching rule say, in their order, each place once',
      snapshotOf({
        types: [typeOf('door.open', { destinations: [B] })],
        rules: [
          ruleOf('one', SECURITY, { destinations: [C, B] }),
          ruleOf('other', "category == 'billing'", { destinations: [A] }),
          ruleOf('two', 'days_remaining <= 3', { destinations: [A] }),
        ],
      }),
      ['dst_b', 'dst_c', 'dst_a'],
    ],
    [
      'no further than the first matching rule that stops',
      snapshotOf({
        rules: [
          ruleOf('no match', "category == 'billing'", { stop: true }),
          ruleOf('one', SECURITY, { destinations: [A], stop: true }),
          ruleOf('two', SECURITY, { destinations: [B] }),
        ],
      }),
      ['dst_a'],
    ],
    [
      'not by a rule that is off, which stops nothing either',
      snapshotOf({
        rules: [
          ruleOf('one', SECURITY, { destinations: [A], stop: true, enabled: false }),
          ruleOf('two', SECURITY, { destinations: [B] }),
        ],
      }),
      ['dst_b'],
    ],
    [
      'not by a rule whose condition is no longer taken',
      snapshotOf({ rules: [ruleOf('one', 'category ===', { destinations: [A] })] }),
      [],
    ],
    [
      'to the fallback when nothing else sends it anywhere',
      snapshotOf({ types: [typeOf('door.open')], rules: [ruleOf('one', SECURITY)], fallback: [C] }),
      ['dst_c'],
    ],
    [
      'not to the fallback when something does',
      snapshotOf({ rules: [ruleOf('one', SECURITY, { destinations: [A] })], fallback: [C] }),
      ['dst_a'],
    ],
  ])('%s', (_, snapshot, expected) => {
    expect(ids(snapshot)).toEqual(expected)
  })

  test('each place knows all that sends there', () => {
    const snapshot = snapshotOf({
      types: [typeOf('door.open', { destinations: [A] })],
      rules: [ruleOf('one', SECURITY, { destinations: [A] })],
    })

    expect(decided(snapshot).targets).toEqual([
      {
        target: A,
        because: [
          { kind: 'type', name: 'door.open' },
          { kind: 'rule', id: 'rul_one', name: 'one' },
        ],
      },
    ])
  })

  test('an event that names its destinations goes by no rule, and is shaped by its type', () => {
    const snapshot = snapshotOf({
      types: [typeOf('door.open', { destinations: [A], mentions: ['@kim'], emoji: ':door:', template: 'door' })],
      rules: [ruleOf('one', SECURITY, { destinations: [B], mentions: ['@ada'], priority: 'urgent' })],
      fallback: [C],
    })

    expect(decided(snapshot, { ...EVENT, destinations: ['dst_x'] })).toMatchObject({
      outcome: 'named_by_event',
      targets: [],
      mentions: ['@kim'],
      emoji: ':door:',
      template: 'door',
      priority: 'normal',
    })
  })

  test.each([
    ['applied', typeOf('door.open'), EVENT],
    ['off', typeOf('door.open', { enabled: false }), EVENT],
    ['off', typeOf('door.open', { enabled: false }), { ...EVENT, destinations: ['dst_x'] }],
    ['unknown', typeOf('door'), EVENT],
  ] as const)('its type is %s', (outcome, type, event) => {
    expect(decided(snapshotOf({ types: [type] }), event as NewEvent).outcome).toBe(outcome)
  })
})

describe('what is added', () => {
  test.each([
    [undefined, null, [], 'normal'],
    [undefined, 'low', [], 'low'],
    [undefined, 'low', ['normal'], 'normal'],
    [undefined, 'normal', ['low', 'urgent'], 'urgent'],
    [undefined, null, ['low'], 'low'],
    ['low', 'urgent', ['urgent'], 'low'],
  ] as const)('the event says %s, its type %s, its rules %j: priority %s', (own, type, rules, expected) => {
    const snapshot = snapshotOf({
      types: [typeOf('door.open', { priority: type })],
      rules: rules.map((priority, place) => ruleOf(`${place}`, SECURITY, { priority })),
    })

    expect(decided(snapshot, { ...EVENT, ...(own && { priority: own }) }).priority).toBe(expected)
  })

  test('mentions of the type, then of each matching rule, each once', () => {
    const snapshot = snapshotOf({
      types: [typeOf('door.open', { mentions: ['@here', '@kim'] })],
      rules: [
        ruleOf('one', SECURITY, { mentions: ['@ada', '@here'] }),
        ruleOf('other', "category == 'billing'", { mentions: ['@bo'] }),
      ],
    })

    expect(decided(snapshot).mentions).toEqual(['@here', '@kim', '@ada'])
  })

  test.each([
    ['its own key', {}, { threadKey: 'k' }, 'k'],
    ['the field of its type', { threading: { enabled: true, by: 'data.id' } }, {}, 'door.open data.id 3'],
    ['its own key before that', { threading: { enabled: true, by: 'id' } }, { threadKey: 'k' }, 'k'],
    ['none where the field is missing', { threading: { enabled: true, by: 'data.none' } }, {}, null],
    ['none where the field is no word', { threading: { enabled: true, by: 'data' } }, {}, null],
    ['none where threads are off', { threading: { enabled: false, by: 'id' } }, { threadKey: 'k' }, null],
  ])('a thread by %s', (_, type, event, expected) => {
    const snapshot = snapshotOf({ types: [typeOf('door.open', type)] })

    expect(decided(snapshot, { ...EVENT, ...event }).threadKey).toBe(expected)
  })

  test('a message is changed in place by its own key, else by the field of its type', () => {
    const snapshot = snapshotOf({ types: [typeOf('door.open', { updateBy: 'id' })] })

    expect(decided(snapshot).updateKey).toBe('door.open id 3')
    expect(decided(snapshot, { ...EVENT, updateKey: 'k' }).updateKey).toBe('k')
    expect(decided(snapshotOf()).updateKey).toBeNull()
  })

  test('keys and the recipient that may not be seen are kept as hashes, or not at all', () => {
    const type = typeOf('door.open', { allowedFields: ['title'], updateBy: 'id', threading: { enabled: true } })
    const event = { ...EVENT, threadKey: 'ada@acme.example', dedupeKey: 'secret', recipient: 'ada@acme.example' }

    const { threadKey, updateKey, dedupeKey, recipient } = decided(snapshotOf({ types: [type] }), event)

    for (const key of [threadKey, updateKey, dedupeKey]) expect(key).toMatch(/^sha256 [\w-]{43}$/)
    expect(new Set([threadKey, updateKey, dedupeKey]).size).toBe(3)
    expect(recipient).toBeNull()
  })

  test('a long field makes a key of bounded length, another one for another value', () => {
    const snapshot = snapshotOf({ types: [typeOf('door.open', { updateBy: 'text' })] })
    const keys = ['a', 'b'].map((end) => decided(snapshot, { ...EVENT, text: 'x'.repeat(10_000) + end }).updateKey)

    expect(new Set(keys).size).toBe(2)
    for (const key of keys) expect(key?.length).toBeLessThanOrEqual(200)
  })
})

test('with tracing each rule tells what came of it, and the decision is the same', () => {
  const snapshot = snapshotOf({
    rules: [
      ruleOf('off', SECURITY, { enabled: false }),
      ruleOf('no', "severity == 'high'", { destinations: [B] }),
      ruleOf('yes', 'days_remaining <= 3', { destinations: [A], stop: true }),
      ruleOf('late', SECURITY, { destinations: [C] }),
    ],
  })

  const { rules, ...rest } = decide(EVENT, snapshot, { trace: true })

  expect({ ...rest, rules: [] }).toEqual(decided(snapshot))
  expect(rules.map(({ rule, outcome }) => [rule.name, outcome])).toEqual([
    ['off', 'off'],
    ['no', 'not_matched'],
    ['yes', 'matched'],
    ['late', 'after_stop'],
  ])
  expect(rules[1]?.parts).toMatchObject([{ outcome: 'missing' }])
  expect(rules[2]?.parts).toMatchObject([{ outcome: 'true', saw: 2 }])
})

test('what every object brings along is no field of an event', () => {
  const event = JSON.parse('{"type":"door.open","data":{"__proto__":{"admin":true}}}')
  const conditions = ["constructor.name == 'Object'", 'toString exists', 'admin == true', '__proto__.polluted exists']
  const rules = conditions.map((condition, place) => ruleOf(`${place}`, condition, { destinations: [A] }))

  expect(ids(snapshotOf({ rules }), event)).toEqual([])
})

test('of hundreds of rules the same match whether all are asked and traced, or only those that may match', () => {
  const conditions = [
    SECURITY,
    "category in ['security', 'billing'] AND days_remaining <= 2",
    "type == 'door.open' OR category == 'billing'",
    "NOT category == 'security'",
    "category == 'billing' OR title starts with 'Door'",
    "'security' == category",
    "id == '3'",
  ]
  const rules = Array.from({ length: 300 }, (_, at) => ruleOf(String(at), conditions[at % conditions.length] ?? ''))
  const snapshot = snapshotOf({ rules })

  for (const event of [EVENT, { ...EVENT, category: 'billing' }, { ...EVENT, type: 'other', data: { id: '3' } }]) {
    const traced = decide(event, snapshot, { trace: true }).matchedRuleIds
    expect(decide(event, snapshot, { trace: false }).matchedRuleIds).toEqual(traced)
    expect(traced.length).toBeGreaterThan(100)
  }
})
