import { describe, expect, test } from 'vitest'
import { checkShape } from '../../../server/configuration/check-shape.ts'
import { formatOf } from '../../../server/configuration/formats/formats.ts'
import { readText } from '../../../server/configuration/read-text.ts'
import { ConfigurationFile, StudioFile } from '../../../shared/configuration-file.ts'

/** Every problem of a file as `line:column path: message fix`, in the order of their places. */
function problemsOf(text: string, schema: typeof ConfigurationFile | typeof StudioFile = ConfigurationFile): string[] {
  const read = readText(text)
  if (read.problems.length === 0) checkShape(schema, read)
  return read.problems
    .sort((one, other) => one.line - other.line || one.column - other.column)
    .map(({ line, column, path, message, fix }) =>
      [`${line}:${column} ${path}:`, message, fix].filter(Boolean).join(' '),
    )
}

describe('what is wrong with the text itself is told at its place', () => {
  test.each([
    ['a tab before a key', '\tswitchboard: 1', /^1:1 : A tab can not indent YAML/],
    ['a second colon', 'rules: a: b', /^1:8 : A second colon stands on this line/],
    ['an open quote', 'switchboard: "1', /^1:16 : A quote, bracket, comma or colon is missing here/],
    ['an open bracket', 'rules: [', /^1:9 : This is not indented like its neighbours, or a bracket/],
    ['wrong indentation', 'types:\n  a: {}\n b: {}', /^3:1 : This is not indented like its neighbours/],
    ['a second document', 'switchboard: 1\n---\nswitchboard: 1', /^2:1 : A second document begins here/],
    ['a tag', 'switchboard: !secret 1', /^1:14 : Tags, as in !name, mean nothing here/],
    ['an alias of nothing', 'rules: *none', /^1:8 rules: This refers to an anchor that is not there/],
    ['a key that stands twice', 'types:\n  a: {}\n  a: {}', /^3:3 types\.a: "a" stands here twice/],
    ['a key that is a list', '? [a]\n: 1', /^1:3 : A name has to be a word or a text here/],
    ['a name that objects have by themselves', 'types:\n  __proto__: {}', /^2:3 types: This can not be a name/],
    ['JSON that ends early', '{"switchboard": 1,\n "types": {', /^2:\d+ : This is not indented|^2:\d+ : A quote/],
  ])('%s', (_what, text, told) => {
    expect(problemsOf(text)[0]).toMatch(told)
  })

  test('in words of our own, since the text may hold a secret', () => {
    const secret = 'xoxb-1234567890-abcdefghij'

    const told = [
      ...problemsOf(`a: ${secret}: b: c`),
      ...problemsOf(`a: [${secret}`),
      ...problemsOf(`a: *${secret}`),
      ...problemsOf(`"${secret}\n`),
    ]

    expect(told.length).toBeGreaterThanOrEqual(4)
    expect(told.join('\n')).not.toContain(secret)
  })
})

describe('what does not fit is told with what was meant', () => {
  test.each([
    [
      'a key',
      'switchboard: 1\ntypes:\n  a:\n    mentons: []',
      '4:5 types.a.mentons: There is no "mentons" in types.a. Did you mean `mentions`?',
    ],
    [
      'a section',
      'switchboard: 1\nrule: []',
      '2:1 rule: There is no "rule" at the top of the file. Did you mean `rules`?',
    ],
    [
      'a key in other letters',
      'switchboard: 1\ntypes:\n  a: {max_attempts: 3}',
      '3:7 types.a.max_attempts: There is no "max_attempts" in types.a. Did you mean `maxAttempts`?',
    ],
    [
      'a priority',
      'switchboard: 1\ntypes:\n  a: {priority: urgnt}',
      '3:17 types.a.priority: This has to be one of urgent, normal, low. Did you mean `urgent`?',
    ],
    [
      'a quoted switch',
      'switchboard: 1\ntypes:\n  a: {enabled: "yes"}',
      '3:16 types.a.enabled: This has to be true or false, not a text. Write true or false, without quotes.',
    ],
    [
      'a text for a list',
      'switchboard: 1\ntypes:\n  a: {mentions: "@x"}',
      '3:17 types.a.mentions: This has to be a list, not a text. Write a list: [one, another], or a line with - for each.',
    ],
    [
      'a number that is a text',
      'switchboard: 1\nintegrations:\n  Acme: {clientId: 12.5}',
      '3:20 integrations.Acme.clientId: This has to be a text, not a number. Put it in quotes.',
    ],
    ['another version', 'switchboard: 2', '1:14 switchboard: This has to be 1.'],
    [
      'a target',
      'switchboard: 1\nfallback:\n  - {chanel: "#x"}',
      '3:6 fallback.0.chanel: There is no "chanel" in fallback.0. Did you mean `channel`?',
    ],
    [
      'a kind of source',
      'switchboard: 1\nschedules:\n  a: {cron: "0 9 * * *", type: a, source: {kind: platfrm}}',
      '3:50 schedules.a.source.kind: This has to be one of platform, stored_events. Did you mean `platform`?',
    ],
    [
      'a command without its slash',
      'switchboard: 1\ncommands:\n  risk: {description: x, handler: y}',
      '3:3 commands.risk: A command is a slash and up to 31 lower-case letters, digits, _ and -.',
    ],
    ['what is missing', 'switchboard: 1\nrules:\n  - name: a', '3:5 rules.0.condition: This is missing.'],
  ])('%s', (_what, text, told) => {
    expect(problemsOf(text)).toEqual([told])
  })

  test('a channel that a comment swallowed', () => {
    const told = problemsOf('notification_types:\n  a:\n    channel: #compliance\n    priority: low\n', StudioFile)

    expect(told).toEqual([
      '3:5 notification_types.a.channel: Nothing stands here: # begins a comment. Put it in quotes, for example "#compliance".',
    ])
  })

  test('all of it at once, in JSON with tabs too', () => {
    const told = problemsOf(
      '{\n\t"switchboard": 1,\n\t"types": {"a": {"priority": "x", "emoj": ":x:"}},\n\t"rules": 3\n}',
    )

    expect(told.map((line) => line.split(' ')[0])).toEqual(['3:30', '3:35', '4:11'])
  })

  test.each([
    ['', 'The file has to be an object of sections.'],
    ['- a\n- b', 'The file has to be an object of sections.'],
    ['hello', 'The file has to be an object of sections.'],
    ['notes: []', 'This file is of no kind that is known here.'],
    ['notification_type: {}', 'Did you mean `notification_types`?'],
    ['swichboard: 1', 'Did you mean `switchboard`?'],
  ])('a file that is none of those known: %j', (text, told) => {
    const read = readText(text)

    expect(formatOf(read)).toBeUndefined()
    expect(read.problems.map(({ message, fix }) => `${message} ${fix}`).join()).toContain(told)
  })
})

test('a name that looks like a number stays as it was written', () => {
  expect(readText('1.10: a\n0x10: b\n1e3: c\n007: d').value).toEqual({
    '1.10': 'a',
    '0x10': 'b',
    '1e3': 'c',
    '007': 'd',
  })
})

test('thousands of unknown keys are told in no time, since deliveries wait meanwhile', () => {
  const rules = Array.from({ length: 2_000 }, (_, number) => `- {name: r${number}, condition: a == 1, prioriti: low}`)
  const startedAt = performance.now()

  const problems = problemsOf(`switchboard: 1\nrules:\n${rules.join('\n')}`)

  expect(problems).toHaveLength(2_000)
  expect(problems[0]).toContain('Did you mean `priority`?')
  expect(performance.now() - startedAt).toBeLessThan(4_000)
})

describe('a place inside a text is found', () => {
  const text = [
    "plain: category = 'x'",
    "single: 'a = ''b'' ='",
    'double: "a \\"b\\" \\u0041 ="',
    'block: |',
    '  first',
    '    second =',
    'folded: >',
    '  one',
    '  two =',
  ].join('\n')

  test.each([
    ['plain', 9, 1, 17],
    ['single', 8, 2, 20],
    ['double', 8, 3, 25],
    ['block', 15, 6, 12],
    ['folded', 8, 7, 9],
  ])('%s', (key, inside, line, column) => {
    const read = readText(text)
    const value = (read.value as Record<string, string>)[key] ?? ''

    const place = read.at([key], { severity: 'error', message: '' }, { inside })

    expect(read.problems).toEqual([])
    expect({ line: place.line, column: place.column }).toEqual({ line, column })
    if (key !== 'folded') expect([value[inside], text.split('\n')[line - 1]?.[column - 1]]).toEqual(['=', '='])
  })
})

describe('a file made to hurt', () => {
  test.each([
    ['aliases of aliases', bomb(8)],
    ['an alias of itself', 'a: &a [*a]'],
    ['deep lists', '['.repeat(100_000)],
    ['deep lines', `${'- '.repeat(100_000)}a`],
    ['deep objects', '{a: '.repeat(50_000)],
    ['many values', `[${'1,'.repeat(200_000)}1]`],
  ])('%s ends in a problem, not in an error', (_what, text) => {
    const { problems } = readText(text)

    expect(problems.length).toBeGreaterThan(0)
    expect(problems.length).toBeLessThanOrEqual(50)
  })

  test('a few aliases are as good as what they stand for', () => {
    const read = readText('switchboard: 1\ntypes:\n  a: &a {priority: low}\n  b: *a')

    expect(checkShape(ConfigurationFile, read)?.types).toEqual({ a: { priority: 'low' }, b: { priority: 'low' } })
  })

  test('names that objects have by themselves are names like others', () => {
    const read = readText('switchboard: 1\ntypes:\n  constructor: {priority: low}\n  toString: {}')

    const types = checkShape(ConfigurationFile, read)?.types

    expect(Object.keys(types ?? {})).toEqual(['constructor', 'toString'])
  })
})

function bomb(levels: number): string {
  const lines = ['a0: &a0 [x,x,x,x,x,x,x,x,x,x]']
  for (let level = 1; level <= levels; level += 1) {
    lines.push(
      `a${level}: &a${level} [${Array(10)
        .fill(`*a${level - 1}`)
        .join(',')}]`,
    )
  }
  return lines.join('\n')
}
