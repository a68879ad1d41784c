import { describe, expect, test } from 'vitest'
import { compilePattern } from '../../../server/routing/patterns.ts'
import { checkCondition } from '../../../shared/conditions/check.ts'
import { parseCondition } from '../../../shared/conditions/parse.ts'
import { MOST_SEARCHED } from '../../../shared/conditions/patterns.ts'
import { compiledOf, fitsEvent } from './ask.ts'

describe('only what an event holds itself can be reached', () => {
  const inherited = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', '__defineGetter__']
  const reached = inherited.flatMap((name) => [
    `${name} exists`,
    `data.${name} exists`,
    `data['${name}'] exists`,
    `title.${name} exists`,
    `tags.${name} exists`,
    `constructor.${name} exists`,
    `data.constructor.${name} exists`,
  ])

  test.each(reached)('%s is false', (condition) => {
    expect(fitsEvent(condition, { title: 'x', data: { tags: ['a'] } })).toBe(false)
  })

  test('a key that is called like something inherited is a key like any other', () => {
    const event = { data: JSON.parse('{"__proto__": {"admin": true}, "constructor": "Bob"}') }

    expect(fitsEvent("constructor == 'Bob'", event)).toBe(true)
    expect(fitsEvent('__proto__.admin == true', event)).toBe(true)
    expect(fitsEvent('admin exists', event)).toBe(false)
  })

  test('what someone put on the prototype of all objects is not seen', () => {
    const polluted = Object.prototype as Record<string, unknown>
    polluted.severity = 'critical'
    try {
      expect(fitsEvent("severity == 'critical'", { data: {} })).toBe(false)
    } finally {
      delete polluted.severity
    }
  })

  test('nothing is changed or called: no getter, no toString, no valueOf, no toJSON of a value', () => {
    const touched: string[] = []
    const trap = {
      toString: () => String(touched.push('toString')),
      valueOf: () => touched.push('valueOf'),
      toJSON: () => touched.push('toJSON'),
      [Symbol.toPrimitive]: () => touched.push('toPrimitive'),
    }
    const event = Object.freeze({ data: Object.freeze({ trap }) })

    for (const rest of ["== 'x'", '< 3', "contains 'x'", "in ['x']", "matches 'x'", "starts with 'x'", '!= 3']) {
      fitsEvent(`trap ${rest}`, event)
    }

    expect(touched).toEqual([])
  })
})

describe('text never becomes code', () => {
  test.each([
    "constructor.constructor('return process')()",
    "data['x'](1)",
    'a == `x` + process.exit()',
    "a == 'x'; process.exit()",
    'a = b',
    'a == 1 // comment',
    '({}).x == 1',
    'a == {"x": 1}',
    'a == /x/',
    'a == 1 ? 2 : 3',
    'a() == 1',
    'a == -b',
    'a + 1 == 2',
  ])('%s is refused', (condition) => {
    expect(parseCondition(condition).kind).toBe('refused')
  })
})

describe('a condition stays within bounds', () => {
  test.each([
    ['brackets', `${'('.repeat(990)}a exists${')'.repeat(990)}`],
    ['open brackets', '('.repeat(2_000)],
    ['NOTs', `${'NOT '.repeat(490)}a exists`],
    ['length', `a == '${'x'.repeat(2_000)}'`],
    ['comparisons', Array.from({ length: 150 }, () => 'a==1').join(' OR ')],
    ['values of a list', `a in [${Array.from({ length: 201 }, () => 1).join(',')}]`],
    ['length, by far', 'a'.repeat(5_000_000)],
    ['a huge number', `a == ${'9'.repeat(400)}`],
  ])('too many %s', (_, condition) => {
    expect(parseCondition(condition)).toMatchObject({ kind: 'refused', problems: [{ message: expect.any(String) }] })
  })

  test('what is just within them is taken', () => {
    expect(fitsEvent(`${'('.repeat(30)}a exists${')'.repeat(30)}`, { data: { a: 1 } })).toBe(true)
    expect(fitsEvent(Array.from({ length: 100 }, () => 'a==1').join(' AND '), { data: { a: 1 } })).toBe(true)
    expect(fitsEvent(`a in [${Array.from({ length: 200 }, (_, at) => at).join(',')}]`, { data: { a: 199 } })).toBe(true)
  })
})

describe('patterns cannot blow up', () => {
  const evil = ['(a+)+$', '(a|a)*$', '(a|aa)+$', '(.*a){12}$', '([a-z]+)*$', '(x+x+)+y', '^(([a-z])+.)+[A-Z]([a-z])+$']

  test.each(evil)('%s over a long text that nearly fits', (pattern) => {
    const text = `${'a'.repeat(200_000)}!`

    expect(fitsEvent(`text matches '${pattern}'`, { text: `b${text}` })).toEqual(expect.any(Boolean))
  })

  test.each([
    'a{1000}',
    '((a{10}){10}){10}',
    '(a{100}){9}',
    '\\pL{600}',
    `${'a?'.repeat(200)}`,
    '(a',
    '[z-a]',
    '*',
    '',
    '\\1',
  ])('%s is refused when it is saved', (pattern) => {
    expect(checkCondition(`text matches '${pattern}'`, compilePattern).kind).toBe('refused')
  })

  test('one that was never checked matches nothing, instead of failing', () => {
    const parsed = parseCondition("text matches '(a'")

    expect(parsed.kind).toBe('parsed')
    expect(() => compiledOf("text matches '(a'")).toThrow('missing closing')
  })

  test('a pattern looks at the beginning of a long text only', () => {
    const text = (at: number) => ({ text: `${'x'.repeat(at)}needle` })

    expect(fitsEvent("text matches 'needle'", text(MOST_SEARCHED - 6))).toBe(true)
    expect(fitsEvent("text matches 'needle'", text(MOST_SEARCHED))).toBe(false)
  })
})

test('an event is looked at once for each field, however many comparisons ask for it', () => {
  const looks = (fields: string[]) => {
    let count = 0
    const event = new Proxy(
      { data: {} },
      {
        getOwnPropertyDescriptor: (target, key) => {
          count++
          return Reflect.getOwnPropertyDescriptor(target, key)
        },
      },
    )
    fitsEvent(fields.map((name) => `${name} == 1`).join(' OR '), event)
    return count
  }

  const names = Array.from({ length: 100 }, (_, at) => `field_${at}`)
  expect(looks(names)).toBe(looks(['a']) * 100)
  expect(looks(names.map(() => 'a'))).toBe(looks(['a']))
})

test.each([
  ['contains', (word: string) => `tags contains '${word}'`],
  ['in', (word: string) => `'${word}' in tags`],
])('an endless list does not keep a thousand conditions busy that ask it with %s', (_, asking) => {
  const tags = Array.from({ length: 60_000 }, () => '2026-01-01')
  const conditions = Array.from({ length: 1_000 }, (_, place) => asking(`team-${place}`))

  expect(conditions.filter((condition) => fitsEvent(condition, { data: { tags } }))).toEqual([])
})
