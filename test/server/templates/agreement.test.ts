import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readContent } from '../../../server/simulator/content.ts'
import { checkMessage } from '../../../server/templates/limits.ts'

type Json = Record<string, unknown>

/** Texts around each cap: well inside, at it, one past it, empty. */
const sized = (...caps: number[]) =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('ok', 'Some words', 'A & B') },
    { weight: 2, arbitrary: fc.constantFrom(...caps.flatMap((cap) => ['x'.repeat(cap), 'x'.repeat(cap + 1)])) },
    { weight: 1, arbitrary: fc.constant('') },
  )
const filled = (...caps: number[]) => sized(...caps).filter((text) => text !== '')
const type = (...right: string[]) =>
  fc.oneof(
    { weight: 9, arbitrary: fc.constantFrom(...right) },
    { weight: 1, arbitrary: fc.constantFrom('plain_text', 'html') },
  )
const textObject = (cap: number, ...types: string[]) => fc.record({ type: type(...types), text: sized(cap) })
const BOTH = ['mrkdwn', 'plain_text']
const maybe = (name: string, value: fc.Arbitrary<unknown>) =>
  fc.option(value, { nil: undefined }).map((held): Json => (held === undefined ? {} : { [name]: held }))
const joined = (...parts: fc.Arbitrary<Json>[]) => fc.tuple(...parts).map((each): Json => Object.assign({}, ...each))
const id = (name: string) =>
  maybe(
    name,
    fc.oneof({ weight: 5, arbitrary: fc.constantFrom('a', 'b', 'c', 'd', 'e') }, { weight: 1, arbitrary: filled(255) }),
  )
const counted = <Item>(item: fc.Arbitrary<Item>, cap: number, least = 1) =>
  fc.oneof(
    { weight: 5, arbitrary: fc.array(item, { minLength: least, maxLength: 4 }) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(item, fc.constantFrom(cap, cap + 1))
        .map(([one, many]) => Array.from({ length: many }, () => one)),
    },
  )

const url = fc.oneof(
  fc.constant('https://a.example/x'),
  fc.constantFrom(3_000, 3_001).map((most) => `https://a.example/${'x'.repeat(most)}`.slice(0, most)),
)
const picture = joined(fc.constant({ type: 'image' }), maybe('image_url', url), maybe('alt_text', filled(2_000)))
const button = joined(
  fc.constant({ type: 'button' }),
  maybe('text', textObject(75, 'plain_text')),
  id('action_id'),
  maybe('url', url),
  maybe('value', filled(2_000)),
  maybe('style', fc.constantFrom('primary', 'danger', 'default')),
  maybe('accessibility_label', filled(75)),
)
const option = joined(
  fc.constant({}),
  maybe('text', textObject(75, ...BOTH)),
  maybe('value', filled(150)),
  maybe('description', textObject(75, 'plain_text')),
)
const menuOf = (kind: string, cap: number) =>
  joined(
    fc.constant({ type: kind }),
    counted(option, cap).map((options) => ({ options })),
    id('action_id'),
    maybe('placeholder', textObject(150, 'plain_text')),
  )
const element = fc.oneof(
  button,
  menuOf('static_select', 100),
  menuOf('overflow', 5),
  menuOf('checkboxes', 10),
  menuOf('radio_buttons', 10),
)

const block = joined(
  id('block_id'),
  fc.oneof(
    joined(
      fc.constant({ type: 'section' }),
      maybe('text', textObject(3_000, ...BOTH)),
      maybe('fields', counted(textObject(2_000, ...BOTH), 10)),
      maybe('accessory', fc.oneof(button, picture)),
    ),
    joined(fc.constant({ type: 'header' }), maybe('text', textObject(150, 'plain_text'))),
    fc.constant({ type: 'divider' }),
    joined(
      fc.constant({ type: 'context' }),
      counted(fc.oneof(textObject(3_000, ...BOTH), picture), 10).map((elements) => ({ elements })),
    ),
    joined(
      fc.constant({ type: 'actions' }),
      counted(element, 25, 0).map((elements) => ({ elements })),
    ),
    joined(picture, maybe('title', textObject(2_000, 'plain_text'))),
    joined(fc.constant({ type: 'markdown' }), maybe('text', sized(12_000))),
    fc.constant({ type: 'sektion' }),
  ),
)
const message = fc.record({ text: fc.constant('Something happened'), blocks: counted(block, 50, 0) })

/** Slack's own answer, as the stand-in gives it. */
function isTaken(sent: Json): boolean {
  try {
    readContent(structuredClone(sent), { sumOfBlocksIsChecked: true })
    return true
  } catch {
    return false
  }
}

test('the linter finds an error exactly where Slack refuses', () => {
  let taken = 0
  fc.assert(
    fc.property(message, (sent) => {
      const { problems } = checkMessage(sent)
      const errors = problems.filter(({ severity }) => severity === 'error')
      const slack = isTaken(sent)
      if (slack) taken += 1

      expect(errors.length === 0, JSON.stringify(errors.map(({ holder: _, ...problem }) => problem))).toBe(slack)
    }),
    { numRuns: 1_500 },
  )
  expect(taken).toBeGreaterThan(100)
})
