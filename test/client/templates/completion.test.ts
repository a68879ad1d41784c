import { expect, test } from 'vitest'
import { offersAt } from '../../../client/templates/completion.ts'

const SAMPLE = { title: 'T', data: { issue: { id: 'ISS-1' }, list: [1] } }

/** What is offered where the bar stands. */
function offered(source: string): string[] {
  const at = source.indexOf('|')
  const [before, after] = [source.slice(0, at), source.slice(at + 1)]
  return offersAt(before + after, at, SAMPLE)?.offers.map(({ label }) => label) ?? []
}

/** The same for a source with Liquid's own bar in it: the cursor is at its end. */
const offeredAfter = (source: string) => offersAt(source, source.length, SAMPLE)?.offers.map(({ label }) => label) ?? []

test('inside of Liquid, variables with the fields of the sample, filters after a bar, tags at the beginning', () => {
  expect(offeredAfter('{"text": "{{ ')).toEqual(
    expect.arrayContaining(['title', 'type.emoji', 'data.issue.id', 'data.list']),
  )
  expect(offeredAfter('{"text": "{{ title | tr')).toEqual(expect.arrayContaining(['truncate', 'link']))
  expect(offeredAfter('{"text": "{{ title | tr')).not.toContain('title')
  expect(offeredAfter('{% ')).toEqual(expect.arrayContaining(['if', 'for']))
  expect(offeredAfter('{% if sev')).toContain('severity')
  expect(offeredAfter('{{ title }} ')).toEqual([])
})

test('as the value of type, the blocks, elements and texts that Slack takes', () => {
  expect(offered('{"blocks": [{"type": "|')).toEqual(expect.arrayContaining(['section', 'button', 'mrkdwn']))
  expect(offered('{"blocks": [{"type": "ca|')).toEqual(expect.arrayContaining(['card', 'carousel', 'container']))
  expect(offered('{"blocks": [{"type": "|')).toEqual(
    expect.arrayContaining(['context_actions', 'icon_button', 'raw_text']),
  )
})

test('as a key, the fields of the object around it that it has not yet', () => {
  expect(offered('{"|"}')).toEqual(['text', 'blocks'])
  expect(offered('{"blocks": [{"type": "section", "|"}]}')).toEqual([
    'text',
    'fields',
    'accessory',
    'expand',
    'block_id',
  ])
  expect(offered('{"blocks": [{ "|", "type": "header" }]}')).toEqual(['text', 'level', 'block_id'])
  expect(offered('{"blocks": [{"type": "section", "text": {"type": "mrkdwn", "|"}}]}')).toEqual([
    'text',
    'emoji',
    'verbatim',
  ])
  expect(
    offered('{"blocks": [{% if x %}{"type": "actions", "elements": [{"type": "button", "|"}]}{% endif %}]}'),
  ).toEqual(expect.arrayContaining(['url', 'action_id', 'style']))
})

test('in a card, its own fields; in a container and what it holds, theirs', () => {
  expect(offered('{"blocks": [{"type": "carousel", "elements": [{"type": "card", "title": {}, "|"}]}]}')).toEqual([
    'subtitle',
    'body',
    'hero_image',
    'icon',
    'actions',
    'block_id',
  ])
  expect(offered('{"blocks": [{"type": "container", "|"}]}')).toEqual(
    expect.arrayContaining(['title', 'child_blocks', 'width', 'is_collapsible']),
  )
  expect(offered('{"blocks": [{"type": "container", "child_blocks": [{"type": "image", "|"}]}]}')).toContain('title')
  expect(offered('{"blocks": [{"type": "card", "icon": {"type": "image", "|"}}]}')).not.toContain('title')
})

test('nothing in the words of a text', () => {
  expect(offered('{"text": "some words|"}')).toEqual([])
})
