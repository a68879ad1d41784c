import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { splitMessage, wordsOfBlocks } from '../../../server/deliveries/split-message.ts'
import { cutText, splitText } from '../../../server/deliveries/split-text.ts'
import type { Message } from '../../../shared/deliveries.ts'

const partsOf = (message: Message): Message[] => {
  const split = splitMessage(message, false)
  return split.kind === 'parts' ? split.parts : []
}
const words = (count: number, word = 'word') => Array(count).fill(word).join(' ')

describe('cutting a text', () => {
  const MARKUP = fc
    .array(
      fc.oneof(
        fc.constantFrom(
          '\n\n',
          '\n',
          ' ',
          '. ',
          '```',
          '`',
          '<',
          '>',
          '&',
          '&amp;',
          '&lt;',
          '😀',
          '👩‍👩‍👧',
          'é',
          'e\u0301',
        ),
        fc.constantFrom('<https://example.com/a?b=c|a link>', '<@U0123456>', '<!subteam^S1|@team>'),
        fc.string({ maxLength: 30 }),
        fc.string({ unit: 'grapheme', maxLength: 30 }),
      ),
      { maxLength: 400, size: 'max' },
    )
    .map((pieces) => pieces.join(''))

  test('put together again the pieces are the text, and none is too long', () => {
    fc.assert(
      fc.property(MARKUP, fc.integer({ min: 60, max: 300 }), (text, most) => {
        const pieces = cutText(text, most)

        expect(pieces.join('')).toBe(text)
        expect(pieces.every((piece) => piece.length > 0 && piece.length <= most)).toBe(true)
      }),
      { numRuns: 200 },
    )
  })

  test('no piece ends in the middle of a character, a mark or an entity', () => {
    const whole = fc.array(
      fc.constantFrom(
        '<https://example.com/a?b=c|a link>',
        '<@U0123456>',
        '&amp;',
        '&lt;',
        '😀',
        '👩‍👩‍👧',
        'x',
        ' ',
        'e\u0301',
      ),
      { minLength: 1, maxLength: 300, size: 'max' },
    )
    fc.assert(
      fc.property(whole, (tokens) => {
        const text = tokens.join('')
        const ends = new Set<number>()
        let at = 0
        for (const token of tokens) {
          at += token.length
          ends.add(at)
        }

        let end = 0
        for (const piece of cutText(text, 80)) {
          end += piece.length
          expect(ends.has(end), piece).toBe(true)
        }
      }),
      { numRuns: 200 },
    )
  })

  test.each([
    ['a paragraph', `${words(12)}\n\n${words(12)}\nand ${words(12)}`, `${words(12)}\n\n`],
    ['a line', `${words(12)}\n${words(12)}. ${words(12)}`, `${words(12)}\n`],
    ['a sentence', `${words(12)}. ${words(30)}`, `${words(12)}. `],
    ['a word', words(40), `${words(20)} `],
  ])('a piece ends after %s where it can', (_, text, first) => {
    expect(cutText(text, 100)[0]).toBe(first)
  })

  test('a code block that goes over a cut is closed before it and opened again after it', () => {
    const pieces = splitText(`Look:\n\`\`\`\n${words(50)}\n\`\`\`\nThat was it.`, 120)

    expect(pieces.length).toBeGreaterThan(2)
    for (const piece of pieces) {
      expect(piece.split('```').length % 2, piece).toBe(1)
      expect(piece.length).toBeLessThanOrEqual(120)
    }
    expect(pieces[1]?.startsWith('```\n')).toBe(true)
  })

  test('a text made to look like marks all over is cut in good time', () => {
    const text = '< '.repeat(50_000) + '>'.repeat(50_000) + '&'.repeat(50_000)

    const startedMs = performance.now()
    expect(cutText(text, 4_000).join('')).toBe(text)

    expect(performance.now() - startedMs).toBeLessThan(5_000)
  })
})

describe('a message', () => {
  test('that Slack takes is left as it is', () => {
    const message = { text: 'Hello', blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'Hello' } }] }

    expect(partsOf(message)).toEqual([message])
    expect(partsOf({ text: 'x'.repeat(4_000) })).toHaveLength(1)
  })

  test('of cards and containers goes as it is, with their words where there are no others', () => {
    const words = (text: string) => ({ type: 'mrkdwn', text })
    const card = { type: 'card', title: words('A card'), body: words('says this') }
    const section = { type: 'section', text: words('x'.repeat(3_000)) }
    const blocks = [
      { type: 'carousel', elements: [card, card] },
      { type: 'container', title: words('Held'), child_blocks: [section, { type: 'header', text: words('Below') }] },
    ]

    expect(partsOf({ text: 'Words', blocks })).toEqual([{ text: 'Words', blocks }])
    expect(wordsOfBlocks(blocks).split('\n')).toEqual([
      'A card',
      'says this',
      'A card',
      'says this',
      'Held',
      'x'.repeat(3_000),
      'Below',
    ])
  })

  test('of a long text becomes several, each marked with its place', () => {
    const text = words(2_400)

    const parts = partsOf({ text })

    expect(parts).toHaveLength(4)
    expect(parts.map((part) => part.text.split('\n').at(-1))).toEqual(['(1/4)', '(2/4)', '(3/4)', '(4/4)'])
    expect(parts.map((part) => part.text.replace(/\n\(\d\/4\)$/, '')).join('')).toBe(text)
    expect(parts.every((part) => part.text.length <= 4_000)).toBe(true)
  })

  test('of too many blocks, or too much in them, becomes several that each keep to the limits', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            type: fc.constantFrom('header', 'section', 'context'),
            length: fc.integer({ min: 1, max: 9_000 }),
          }),
          { minLength: 1, maxLength: 50, size: 'max' },
        ),
        (shapes) => {
          const blocks = shapes.map(({ type, length }) => {
            const text = words(Math.ceil(length / 5)).slice(0, length)
            if (type === 'header') return { type, text: { type: 'plain_text', text: text.slice(0, 600) } }
            if (type === 'section') return { type, text: { type: 'mrkdwn', text } }
            return { type, elements: [{ type: 'mrkdwn', text: text.slice(0, 1_900) }] }
          })

          const parts = partsOf({ text: 'Words', blocks })

          const isMark = (block: Record<string, unknown>) => /^\(\d+\/\d+\)$/.test(textOf(block))
          const shown = parts.flatMap((part) => (part.blocks ?? []).filter((block) => !isMark(block)))
          expect(shown.map(textOf).join('')).toBe(blocks.map(textOf).join(''))
          for (const part of parts) {
            const texts = (part.blocks ?? []).map(textOf)
            expect(texts.length).toBeLessThanOrEqual(50)
            expect(texts.join('').length).toBeLessThanOrEqual(12_000)
            expect(part.text.length).toBeLessThanOrEqual(4_000)
          }
          for (const block of shown) {
            expect(textOf(block).length).toBeLessThanOrEqual(block.type === 'header' ? 150 : 3_000)
          }
        },
      ),
      { numRuns: 100 },
    )
  })

  test('of too long fields keeps all of them, ten to a block', () => {
    const fields = Array.from({ length: 14 }, (_, place) => ({ type: 'mrkdwn', text: `${place} ${words(100)}` }))

    const [part] = partsOf({ text: 'Words', blocks: [{ type: 'section', fields, block_id: 'one' }] })

    expect((part?.blocks ?? []).flatMap((block) => (block.fields as unknown[]) ?? [])).toEqual(fields)
  })

  test('longer than ten becomes a file where one can be attached, and as many as it takes elsewhere', () => {
    const text = words(10_000)

    const attached = splitMessage({ text }, true)
    const followed = splitMessage({ text }, false)

    expect(attached).toMatchObject({ kind: 'file', whole: text })
    expect(attached.kind === 'file' && attached.head.text).toContain('All of it is in the file.')
    expect(followed.kind === 'parts' && followed.parts.length).toBeGreaterThan(10)
  })

  test('with something to press never becomes a file', () => {
    const block = { type: 'section', text: { type: 'mrkdwn', text: words(2_000) } }
    const button = { type: 'actions', elements: [{ type: 'button', text: { type: 'plain_text', text: 'Go' } }] }

    expect(splitMessage({ text: 'x', blocks: [...Array(15).fill(block)] }, true).kind).toBe('file')
    expect(splitMessage({ text: 'x', blocks: [...Array(15).fill(block), button] }, true).kind).toBe('parts')
  })
})

function textOf(block: Record<string, unknown>): string {
  const elements = (block.elements ?? [block.text]) as { text: string }[]
  return elements.map((element) => element?.text ?? '').join('')
}
