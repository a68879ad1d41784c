import { describe, expect, test } from 'vitest'
import { blocksIn, forShowing, isSafeUrl, partsOf, pictureWords } from '../../shared/slack-blocks.ts'

describe('links', () => {
  test.each(['https://acme.example', 'http://acme.example', 'mailto:kim@acme.example'])('%s may be followed', (url) => {
    expect(isSafeUrl(url)).toBe(true)
  })

  test.each(['javascript:alert(1)', ' JavaScript:alert(1)', 'data:text/html,x', 'vbscript:x', '', undefined])(
    '%s may not',
    (url) => {
      expect(isSafeUrl(url)).toBe(false)
    },
  )
})

describe('blocks for showing', () => {
  test('lose the links that could run script, at any depth, and their block ids', () => {
    const elements = [{ type: 'button', url: 'javascript:alert(1)', text: { type: 'plain_text', text: 'Go' } }]

    expect(forShowing([{ type: 'actions', block_id: 'a', elements }])).toEqual([
      { type: 'actions', elements: [{ type: 'button', text: { type: 'plain_text', text: 'Go' } }] },
    ])
  })

  test('tell pictures in words, because nothing is fetched from other hosts', () => {
    const image = { type: 'image', image_url: 'https://acme.example/a.png', alt_text: 'A chart' }
    const text = { type: 'mrkdwn', text: 'Hello' }
    const words = { type: 'plain_text', text: 'Picture: A chart' }

    expect(
      forShowing([image, { type: 'section', text, accessory: image }, { type: 'context', elements: [image, text] }]),
    ).toEqual([
      { type: 'context', elements: [words] },
      { type: 'section', text },
      { type: 'context', elements: [words] },
      { type: 'context', elements: [words, text] },
    ])
  })
})

test('a message is cut where people can act, so that buttons can be drawn apart', () => {
  const button = { type: 'button', text: { type: 'plain_text', text: 'Go' } }
  const section = { type: 'section', text: { type: 'mrkdwn', text: 'Hello' } }

  expect(partsOf([section, { ...section, accessory: button }, { type: 'actions', elements: [button] }])).toEqual([
    { kind: 'shown', blocks: [section, section] },
    { kind: 'actions', elements: [button] },
    { kind: 'actions', elements: [button] },
  ])
})

test('cards and containers are parts of their own, with what they hold', () => {
  const card = { type: 'card', title: { type: 'mrkdwn', text: 'One' } }
  const container = { type: 'container', child_blocks: [{ type: 'divider' }, 'no block'] }
  const small = { type: 'icon_button', icon: 'trash', text: { type: 'plain_text', text: 'Delete' } }

  expect(
    partsOf([
      card,
      { type: 'carousel', elements: [card, 7] },
      container,
      { type: 'context_actions', elements: [small] },
      { type: 'carousel' },
    ]),
  ).toEqual([
    { kind: 'card', card },
    { kind: 'carousel', cards: [card] },
    { kind: 'container', container },
    { kind: 'actions', elements: [small] },
    { kind: 'carousel', cards: [] },
  ])
  expect(blocksIn(container)).toEqual([{ type: 'divider' }])
  expect(pictureWords({ type: 'image', alt_text: 'A door' })).toBe('Picture: A door')
  expect(pictureWords('A door')).toBeUndefined()
})
