import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
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
/** There nine times in ten: what is needed, so that most of what is made of it is whole. */
const mostly = (name: string, value: fc.Arbitrary<unknown>) =>
  fc.option(value, { nil: undefined, freq: 9 }).map((held): Json => (held === undefined ? {} : { [name]: held }))
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
  { weight: 6, arbitrary: fc.constant('https://a.example/x') },
  { weight: 1, arbitrary: fc.constantFrom('https://a.example/x y', 'a.example', '') },
  {
    weight: 2,
    arbitrary: fc.constantFrom(3_000, 3_001).map((most) => `https://a.example/${'x'.repeat(most)}`.slice(0, most)),
  },
)
const picture = joined(fc.constant({ type: 'image' }), maybe('image_url', url), maybe('alt_text', filled(2_000)))
const confirm = joined(
  fc.constant({}),
  mostly('title', textObject(100, 'plain_text')),
  mostly('text', textObject(300, ...BOTH)),
  mostly('confirm', textObject(30, 'plain_text')),
  mostly('deny', textObject(30, 'plain_text')),
)
const button = joined(
  fc.constant({ type: 'button' }),
  maybe('text', textObject(75, 'plain_text')),
  id('action_id'),
  maybe('url', url),
  maybe('value', filled(2_000)),
  maybe('style', fc.constantFrom('primary', 'danger', 'default')),
  maybe('accessibility_label', filled(75)),
  maybe('confirm', confirm),
)
const option = joined(
  fc.constant({}),
  maybe('text', textObject(75, ...BOTH)),
  maybe('value', filled(150)),
  maybe('description', textObject(75, 'plain_text')),
)
const group = joined(
  fc.constant({}),
  mostly('label', textObject(75, 'plain_text')),
  mostly('options', counted(option, 100)),
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
  joined(
    fc.constant({ type: 'static_select' }),
    mostly('option_groups', counted(group, 100)),
    maybe('confirm', confirm),
  ),
  fc.constant({ type: 'multi_users_select' }),
  fc.constant({ type: 'lever' }),
)

const thumb = joined(
  fc.constant({}),
  mostly('text', textObject(75, 'plain_text')),
  mostly('value', filled(2_000)),
  maybe('accessibility_label', filled(75)),
)
const smallButton = fc.oneof(
  joined(
    fc.constant({ type: 'feedback_buttons' }),
    mostly('positive_button', thumb),
    mostly('negative_button', thumb),
    id('action_id'),
  ),
  joined(
    fc.constant({ type: 'icon_button' }),
    mostly('icon', fc.constant('trash')),
    mostly('text', textObject(75, 'plain_text')),
    id('action_id'),
  ),
  fc.constant({ type: 'button', text: { type: 'plain_text', text: 'Too large' } }),
)
const card = joined(
  fc.constant({ type: 'card' }),
  id('block_id'),
  maybe('title', textObject(150, ...BOTH)),
  maybe('subtitle', textObject(150, ...BOTH)),
  maybe('body', textObject(200, ...BOTH)),
  maybe('hero_image', picture),
  maybe('icon', picture),
  maybe('actions', counted(button, 3, 0)),
)
const cell = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom<Json>({ type: 'raw_text', text: 'a' }, { type: 'rich_text', elements: [] }) },
  { weight: 6, arbitrary: fc.constant<Json>({ type: 'raw_number', value: 1, text: '1' }) },
  { weight: 1, arbitrary: fc.constantFrom<Json>({ type: 'raw_text' }, { type: 'section', text: 'a' }) },
)

const plainBlock = joined(
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
    joined(fc.constant({ type: 'context_actions' }), mostly('elements', counted(smallButton, 5, 0))),
    joined(fc.constant({ type: 'table' }), mostly('rows', counted(counted(cell, 20, 0), 100))),
    joined(
      fc.constant({ type: 'video' }),
      mostly('title', textObject(199, 'plain_text')),
      maybe('author_name', filled(49)),
      maybe('title_url', url),
      maybe('description', textObject(2_000, 'plain_text')),
    ),
    joined(
      fc.constant({ type: 'input' }),
      mostly('label', textObject(2_000, 'plain_text')),
      maybe('hint', textObject(2_000, 'plain_text')),
      mostly(
        'element',
        fc.oneof(
          fc
            .constantFrom({}, { max_length: 3_000 }, { max_length: 3_001 }, { max_length: 0 }, { min_length: 0.5 })
            .map((lengths) => ({ type: 'plain_text_input', ...lengths })),
          fc.constantFrom({ type: 'file_input' }, { type: 'button' }),
        ),
      ),
    ),
    joined(
      fc.constant({ type: 'file' }),
      mostly('external_id', fc.constant('f1')),
      mostly('source', fc.constantFrom('remote', 'local')),
    ),
    fc.constant({ type: 'sektion' }),
  ),
)
const container = joined(
  fc.constant({ type: 'container' }),
  id('block_id'),
  mostly('title', textObject(150, 'plain_text')),
  maybe('rich_text_title', fc.constantFrom({ type: 'rich_text', elements: [] }, { type: 'section' })),
  maybe('subtitle', textObject(150, ...BOTH)),
  mostly('child_blocks', counted(plainBlock, 10, 0)),
  maybe('width', fc.constantFrom('narrow', 'standard', 'wide', 'full', 'huge')),
  maybe('icon', picture),
  maybe('is_collapsible', fc.constantFrom(true, false, 'true')),
)
const carousel = joined(
  fc.constant({ type: 'carousel' }),
  id('block_id'),
  mostly('elements', counted(fc.oneof({ weight: 9, arbitrary: card }, { weight: 1, arbitrary: plainBlock }), 10, 0)),
)
const block = fc.oneof(
  { weight: 6, arbitrary: plainBlock },
  { weight: 2, arbitrary: card },
  { weight: 1, arbitrary: carousel },
  { weight: 2, arbitrary: container },
  {
    weight: 1,
    arbitrary: container.map((inner) => ({ type: 'container', child_blocks: [inner], title: inner.title })),
  },
)
/** Whether it has no more parts than that; many times many of each would make a message of a hundred megabytes. */
function isModest(value: unknown, most = 20_000): boolean {
  const open = [value]
  for (let seen = 0; open.length > 0; seen += 1) {
    if (seen > most) return false
    const part = open.pop()
    if (typeof part === 'object' && part !== null) open.push(...Object.values(part))
  }
  return true
}
const message = fc
  .record({ text: fc.constant('Something happened'), blocks: counted(block, 50, 0) })
  .filter((sent) => isModest(sent))

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

const words = (text: string, type = 'plain_text') => ({ type, text })
const CARD = { type: 'card', title: words('A card', 'mrkdwn') }
const many = <Item>(count: number, item: Item) => Array.from({ length: count }, () => item)
const chars = (count: number) => 'x'.repeat(count)
const GO = { type: 'button', text: words('Go') }
const held = (...child_blocks: Json[]) => ({ type: 'container', title: words('Held'), child_blocks })

describe('each limit of blocks that are seldom met', () => {
  test.each<[string, (size: number) => Json, number]>([
    ['the title of a card', (size) => ({ type: 'card', title: words(chars(size), 'mrkdwn') }), 150],
    ['the subtitle of a card', (size) => ({ ...CARD, subtitle: words(chars(size), 'mrkdwn') }), 150],
    ['the body of a card', (size) => ({ ...CARD, body: words(chars(size), 'mrkdwn') }), 200],
    ['the buttons of a card', (size) => ({ ...CARD, actions: many(size, GO) }), 3],
    ['the cards of a carousel', (size) => ({ type: 'carousel', elements: many(size, CARD) }), 10],
    [
      'a title in a carousel',
      (size) => ({ type: 'carousel', elements: [{ ...CARD, title: words(chars(size), 'mrkdwn') }] }),
      150,
    ],
    ['the title of a container', (size) => ({ ...held({ type: 'divider' }), title: words(chars(size)) }), 150],
    ['the subtitle of a container', (size) => ({ ...held({ type: 'divider' }), subtitle: words(chars(size)) }), 150],
    ['the blocks of a container', (size) => held(...many(size, { type: 'divider' })), 10],
    ['a header in a container', (size) => held({ type: 'header', text: words(chars(size)) }), 150],
    ['a section in a container', (size) => held({ type: 'section', text: words(chars(size)) }), 3_000],
    [
      'small buttons',
      (size) => ({
        type: 'context_actions',
        elements: many(size, { type: 'icon_button', icon: 'trash', text: words('Go') }),
      }),
      5,
    ],
    [
      'the length of what is filled in',
      (size) => ({ type: 'input', label: words('Why'), element: { type: 'plain_text_input', max_length: size } }),
      3_000,
    ],
    ['the rows of a table', (size) => ({ type: 'table', rows: many(size, [{ type: 'raw_text', text: 'a' }]) }), 100],
    ['the cells of a row', (size) => ({ type: 'table', rows: [many(size, { type: 'raw_text', text: 'a' })] }), 20],
    [
      'the question before a click',
      (size) => ({
        type: 'actions',
        elements: [
          {
            ...GO,
            confirm: { title: words(chars(size)), text: words('Sure?'), confirm: words('Yes'), deny: words('No') },
          },
        ],
      }),
      100,
    ],
    ['the author of a video', (size) => ({ type: 'video', title: words('A video'), author_name: chars(size) }), 49],
  ])('%s', (_, make, most) => {
    const errorsAt = (size: number) => {
      const sent = { text: 'Something happened', blocks: [make(size)] }
      const errors = checkMessage(sent).problems.filter(({ severity }) => severity === 'error')
      return { linter: errors.length, slack: isTaken(sent) }
    }

    expect(errorsAt(most)).toEqual({ linter: 0, slack: true })
    expect(errorsAt(most + 1)).toEqual({ linter: 1, slack: false })
  })

  test.each<[string, Json]>([
    ['a card that says nothing', { type: 'card', subtitle: words('Small') }],
    [
      'a card of an icon alone',
      { type: 'card', icon: { type: 'image', image_url: 'https://a.example/x', alt_text: 'X' } },
    ],
    ['a menu on a card', { ...CARD, actions: [{ type: 'users_select' }] }],
    ['a carousel without cards', { type: 'carousel', elements: [] }],
    ['a carousel of sections', { type: 'carousel', elements: [{ type: 'section', text: words('A') }] }],
    ['a container without a title', { type: 'container', child_blocks: [{ type: 'divider' }] }],
    ['a container in a container', held(held({ type: 'divider' }))],
    ['a card in a container', held(CARD)],
    ['a name twice, in and out of a container', { ...held({ type: 'divider', block_id: 'a' }), block_id: 'a' }],
    ['a flag in quotes', { ...held({ type: 'divider' }), is_collapsible: 'true' }],
    ['a blank in an address', { ...CARD, actions: [{ ...GO, url: 'https://a.example/x y' }] }],
  ])('%s is refused', (_, block) => {
    const sent = { text: 'Something happened', blocks: [block] }

    expect(checkMessage(sent).problems.map(({ severity }) => severity)).toContain('error')
    expect(isTaken(sent)).toBe(false)
  })
})

test('what is too long in a container can not be split: it is told as an error, not as a message in parts', () => {
  const long = held({ type: 'section', text: words(chars(3_001)) })
  const full = held(...many(5, { type: 'section', text: words(chars(3_000)) }))

  const splits = (block: Json) =>
    checkMessage({ text: 'Long', blocks: [block] }).problems.map(({ split }) => split === true)

  expect(splits(long)).toEqual([false])
  expect(splits(full)).toContain(false)
})
