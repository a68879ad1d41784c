import { describe, expect, test } from 'vitest'
import { exampleView } from '../../../server/templates/lint.ts'
import { compileTemplate, renderTemplate } from '../../../server/templates/render.ts'
import { inOurWords } from '../../../server/templates/template-problem.ts'
import { viewOf } from '../../../server/templates/view.ts'
import { readAllowed } from '../../../shared/allowed-fields.ts'

/** What a source makes of an event. */
function rendered(
  source: string,
  event: Record<string, unknown> = {},
  mentionOf?: (word: string) => string | undefined,
) {
  const compiled = compileTemplate(source)
  if (compiled.kind === 'refused') return compiled
  return renderTemplate(compiled.template, exampleView(event), mentionOf ? { mentionOf } : {})
}

/** The notification text that comes of a piece of Liquid. */
function textOf(liquid: string, event: Record<string, unknown> = {}): string {
  const outcome = rendered(`{"text": "Text: ${liquid}"}`, event)
  return outcome.kind === 'rendered' ? outcome.message.text.slice('Text: '.length) : JSON.stringify(outcome.problems)
}

function firstProblem(source: string, event: Record<string, unknown> = {}) {
  const outcome = rendered(source, event)
  if (outcome.kind !== 'refused') throw new Error('it was rendered')
  const { message, line, column, fix } = outcome.problems[0] ?? {}
  return { message, at: `${line}:${column}`, fix }
}

describe('what is put in', () => {
  const title = 'A & B "quoted" <!channel> \\ line\nbreak <https://evil.example|click>'

  test('is text where Slack reads markup: it calls nobody, links nowhere and ends no JSON', () => {
    expect(textOf('{{ title }}', { title })).toBe(
      'A &amp; B "quoted" &lt;!channel&gt; \\ line\nbreak &lt;https://evil.example|click&gt;',
    )
  })

  test('stands as it is in headings, addresses and values, which Slack does not read as markup', () => {
    const source = `{
      "text": "x",
      "blocks": [
        {"type": "header", "text": {"type": "plain_text", "text": "{{ title }}"}},
        {"type": "actions", "elements": [{
          "type": "button", "text": {"type": "plain_text", "text": "Open"}, "url": "{{ url }}", "value": "{{ data.id }}"
        }]}
      ]
    }`

    const outcome = rendered(source, { title: 'R&D', url: 'https://a.example/?a=1&b=2', data: { id: '<&>' } })

    expect(outcome).toMatchObject({
      message: {
        blocks: [{ text: { text: 'R&D' } }, { elements: [{ url: 'https://a.example/?a=1&b=2', value: '<&>' }] }],
      },
    })
  })

  test.each([
    ['{{ data.n }}', '1.5'],
    ['{{ data.list }}', 'a, b'],
    ['{{ data.thing }}', '{"a":"&lt;b&gt;"}'],
    ['{{ data.missing.deeper }}', ''],
    ['{{ data.yes }}', 'true'],
    ['{% capture x %}<{{ title }}>{% endcapture %}{{ x }}', '<A&amp;B>'],
    ['{% assign x = title %}{{ x }}', 'A&amp;B'],
    ['{{ title | append: "<" }}', 'A&amp;B&lt;'],
    ['{{ title | truncate: 3 }}', 'A…'],
    ['{{ data.long | truncate: 4 }}', 'abc…'],
    ['{{ title | link: "https://a.example/?x=1&y" }}', '<https://a.example/?x=1&amp;y|A&amp;B>'],
    ['{{ title | link: "javascript:alert(1)" }}', 'A&amp;B'],
    ['{{ title | link: data.missing }}', 'A&amp;B'],
    ['{{ title | link: "https://a.example" | upcase }}', 'A&amp;B'],
    ['{{ data.at | date: "%d %b %Y %H:%M", "Europe/Berlin" }}', '01 Jul 2026 14:00'],
    ['{{ data.at | date: "%H:%M" }}', '12:00'],
    ['{{ data.at | slack_date }}', '<!date^1782907200^{date_short_pretty} {time}|01 Jul 2026 12:00 UTC>'],
    ['{{ data.at | slack_date: "{time}|<!channel>" }}', '<!date^1782907200^{time}!channel|01 Jul 2026 12:00 UTC>'],
    ['{{ title | slack_date }}', 'A&amp;B'],
  ])('%s becomes %s', (liquid, expected) => {
    const data = {
      n: 1.5,
      list: ['a', 'b'],
      thing: { a: '<b>' },
      yes: true,
      long: 'abcdef',
      at: '2026-07-01T12:00:00Z',
    }

    expect(textOf(liquid.replaceAll('"', "'"), { title: 'A&B', data })).toBe(expected)
  })

  test('markup of the event keeps its emphasis, links and dates, and calls nobody', () => {
    const text =
      '*bold* <https://a.example|link> <!date^1^{time}|then> <!here> <@U123> <!subteam^S1|@all> a & b &amp;\n> quote'

    expect(textOf('{{ text | mrkdwn }}', { text })).toBe(
      '*bold* <https://a.example|link> <!date^1^{time}|then> &lt;!here&gt; &lt;@U123&gt; &lt;!subteam^S1|@all&gt; a &amp; b &amp;\n> quote',
    )
  })

  test('in a plain text, markup is its words', () => {
    const source = `{"text": "x", "blocks": [{"type": "header", "text": {"type": "plain_text", "text": "{{ title | link: url }} {{ at | slack_date: '{time}' }}"}}]}`

    expect(
      rendered(source, { title: 'A & B', url: 'https://a.example', occurredAt: '2026-07-01T12:00:00Z' }),
    ).toMatchObject({
      message: { blocks: [{ text: { text: 'A & B 01 Jul 2026 12:00 UTC' } }] },
    })
  })

  test('as JSON is a value of any kind, its texts made safe by where they stand', () => {
    const source = '{"text": {{ title | json }}, "blocks": {{ data.blocks | json }}}'
    const block = { type: 'section', text: { type: 'mrkdwn', text: '<!channel> & "x"' } }

    const outcome = rendered(source, { title: 'a "b" &', data: { blocks: [block] } })

    expect(outcome).toMatchObject({
      message: { text: 'a "b" &amp;', blocks: [{ text: { text: '&lt;!channel&gt; &amp; "x"' } }] },
    })
  })

  test('can forge none of the marks that it is put in with', () => {
    const title = '\uFDD1<!channel>\uFDD2 \uFDD0x'

    expect(textOf('{{ title }}', { title })).toBe('&lt;!channel&gt; x')
    expect(textOf('\uFDD1{{ title }}', { title })).toContain('&lt;!channel&gt;')
    expect(textOf('\\uFDD1{{ title }}\\uFDD2', { title })).toContain('&lt;!channel&gt;')
  })
})

describe('mentions', () => {
  test('call whom the workspace knows; an unknown one stands there as text and is told', () => {
    const source = '{"text": "Ask {{ data.owners | mention }} or {{ data.who | mention }}"}'
    const known: Record<string, string> = { '@ada': '<@U0ADA>', '@team': '<!subteam^S0TEAM>' }

    const outcome = rendered(source, { data: { owners: ['@ada', '@team'], who: '<@U0EVIL>' } }, (word) => known[word])

    expect(outcome).toEqual({
      kind: 'rendered',
      message: { text: 'Ask <@U0ADA> <!subteam^S0TEAM> or &lt;@U0EVIL&gt;' },
      unresolved: ['<@U0EVIL>'],
    })
  })

  test.each(['@channel', '@Here', '<!everyone>', '<!channel|x>', ' @everyone '])(
    'that an event brings never call everybody: %s',
    (who) => {
      const everybody = () => '<!channel>'

      const outcome = rendered('{"text": "Ask {{ data.who | mention }}"}', { data: { who } }, everybody)

      expect(outcome).toMatchObject({ kind: 'rendered', unresolved: [] })
      expect(JSON.stringify(outcome)).not.toMatch(/<!|@(?:here|channel|everyone)/i)
    },
  )

  test('of a type are markup already', () => {
    const compiled = compileTemplate('{"text": "Hey {{ mentions }}: {{ title }}"}')
    const view = viewOf(
      { type: 'a', title: '<!channel>' },
      { type: { name: 'a' }, mentions: ['<@U1>', '<!here>'], now: 0, publicUrl: 'https://s.example' },
    )
    if (compiled.kind === 'refused') throw new Error('refused')

    expect(renderTemplate(compiled.template, view)).toMatchObject({
      message: { text: 'Hey <@U1> <!here>: &lt;!channel&gt;' },
    })
  })
})

test('a field that the type does not allow to be seen does not exist', () => {
  const compiled = compileTemplate('{"text": "x {{ title }}{{ text }}{{ data.id }}{{ data.secret }}{{ data | json }}"}')
  const view = viewOf(
    { type: 'a', title: 'T', text: 'hidden', data: { id: 1, secret: 'hidden' } },
    { type: { name: 'a' }, mentions: [], now: 0, publicUrl: '', allowed: readAllowed(['title', 'data.id']) },
  )
  if (compiled.kind === 'refused') throw new Error('refused')

  expect(JSON.stringify(view)).not.toContain('hidden')
})

describe('the JSON around it', () => {
  test('may have commas that a loop or a condition left over', () => {
    const source = `{
      "text": "x",
      "blocks": [
        {% if category %}{"type": "divider"},{% endif %}
        {% for item in data.items %}{"type": "section", "text": {"type": "mrkdwn", "text": "{{ item }}"}},{% endfor %}
        ,
        {% if title %}{"type": "divider"}{% endif %},
      ],
    }`

    expect(rendered(source, { data: { items: ['a', 'b'] } })).toMatchObject({
      message: { blocks: [{ text: { text: 'a' } }, { text: { text: 'b' } }] },
    })
  })

  test('loses the blocks that say nothing, over which Slack would refuse the message', () => {
    const source = `{"text": "x", "blocks": [
      {"type": "header", "text": {"type": "plain_text", "text": "{{ title }}"}},
      {"type": "section", "text": {"type": "mrkdwn", "text": "{{ text }}"}, "fields": [{"type": "mrkdwn", "text": " "}]},
      {"type": "context", "elements": [{"type": "mrkdwn", "text": "{{ category }}"}]},
      {"type": "actions", "elements": [{% if url %}{"type": "button"}{% endif %}]}
    ]}`

    expect(rendered(source)).toMatchObject({ kind: 'rendered', message: { text: 'x' } })
  })

  test.each([
    ['{"text": "a" "blocks": []}', '1:14', 'A comma is missing before this.'],
    ['{\n  "text": "a",\n  blocks: []\n}', '3:3', 'The name of a field is expected here.'],
    ['{"text": "a\nb"}', '1:10', 'This text has no closing quote on its line.'],
    ['{"text": "a"', '1:1', 'This { is not closed.'],
    ['{"text": {{ title }}}', '1:10', 'There is not a value.'],
    ['{"text": "a", "text": "b"}', '1:15', '"text" stands here twice.'],
    ['{"text": "\\x"}', '1:11', '\\x means nothing here.'],
    ['{"text": "a"} x', '1:15', 'Something stands after the end of the message.'],
    ['["a"]', '1:1', 'A message is an object.'],
    [`${'['.repeat(100)}`, '1:66', 'This is nested too deeply.'],
  ])('that is wrong is told at its place in the source: %s', (source, at, message) => {
    expect(firstProblem(source, { title: 'There' })).toMatchObject({ at, message })
  })

  test('holds fields of any name and none that reaches further', () => {
    const outcome = rendered('{"text": "x", "__proto__": {"polluted": true}, "constructor": 1}')

    expect(outcome.kind).toBe('refused')
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })
})

describe('the engine', () => {
  test.each([
    ['{{ title | raw }}', 'There is no filter raw: what is put in is always made safe.'],
    ['{{ title | sha256 }}', 'There is no filter sha256.'],
    ['{% include "package.json" %}', 'There is no tag include.'],
    ['{% render "/etc/passwd" %}', 'There is no tag render.'],
    ['{% layout "x" %}', 'There is no tag layout.'],
    ['{% echo title %}', 'There is no tag echo.'],
    ['{% liquid echo title %}', 'There is no tag liquid.'],
    ['{% cycle title, "b" %}', 'There is no tag cycle.'],
    ['{% if title %}', 'This if has no end.'],
    ['{{ title', 'This {{ has no end.'],
    ['{% for i in (1..100000000) %}x{% endfor %}', 'This takes too long.'],
    ['{% for i in (1..9000) %}{% for j in (1..9000) %}{% endfor %}{% endfor %}', 'This is repeated too often.'],
    ['{% for i in (1..900) %}{{ data.long }}{% endfor %}', 'The message becomes too long.'],
    ['{{ at | date: "%H", "Nowhere/Else" }}', 'There is no time zone Nowhere/Else: write it as Europe/Berlin or UTC.'],
  ])('has no %s', (liquid, message) => {
    const event = { title: 'T', data: { long: 'x'.repeat(4_000) } }

    expect(firstProblem(`{"text":\n "${liquid}"}`, event)).toMatchObject({ message, at: expect.stringMatching(/^2:/) })
  })

  test.each(['title.constructor', 'data.__proto__', 'data.constructor.name', 'data.list.push', 'type.toString'])(
    'does not reach %s',
    (path) => {
      expect(textOf(`{{ ${path} }}`, { title: 'T', data: { list: [1] } })).toBe('')
    },
  )

  test('says of what the stack can not hold that it is nested too deep', () => {
    const { message, fix } = inOurWords('Maximum call stack size exceeded', 0, 1)

    expect([message, fix]).toEqual(['This is nested too deep.', 'Nest less in it.'])
  })

  test('suggests the word that was meant', () => {
    expect(firstProblem('{"text": "{{ title | trunkate: 3 }}"}').fix).toBe('Did you mean truncate?')
  })
})

test('a message that Slack would take in no number of parts is refused, one that is only too long is not', () => {
  const button = (label: string) =>
    `{"text": "x", "blocks": [{"type": "actions", "elements": [{"type": "button", "text": {"type": "plain_text", "text": "${label}"}}]}]}`
  const section = '{"text": "x", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "{{ text }}"}}]}'
  const long = { title: 'x'.repeat(300), text: 'y'.repeat(5_000) }

  expect(firstProblem(button('{{ title }}'), long).message).toMatch(/^Text of button.*300 characters.*75\.$/)
  expect(rendered(section, long).kind).toBe('rendered')
})

describe('of cards and containers, what has nothing to say', () => {
  const blocksOf = (blocks: string, event: Record<string, unknown> = {}) => {
    const outcome = rendered(`{"text": "Something", "blocks": ${blocks}}`, event)
    return outcome.kind === 'rendered' ? outcome.message.blocks : outcome.problems.map(({ message }) => message)
  }
  const title = '"title": {"type": "mrkdwn", "text": "{{ title }}"}'
  const body = '"body": {"type": "mrkdwn", "text": "{{ text }}"}'
  const section = '{"type": "section", "text": {"type": "mrkdwn", "text": "{{ text }}"}}'
  const named = '"title": {"type": "plain_text", "text": "Held"}'

  test('is left out, and the rest stays', () => {
    expect(blocksOf(`[{"type": "card", ${title}, ${body}, "actions": []}]`, { title: 'T' })).toEqual([
      { type: 'card', title: { type: 'mrkdwn', text: 'T' } },
    ])
    expect(
      blocksOf(
        `[{"type": "carousel", "elements": [{"type": "card", ${title}}, {"type": "card", "title": {"type": "mrkdwn", "text": "B"}}]}]`,
      ),
    ).toMatchObject([{ elements: [{ title: { text: 'B' } }] }])
    expect(
      blocksOf(`[{"type": "container", ${named}, "child_blocks": [${section}, {"type": "divider"}]}]`),
    ).toMatchObject([{ child_blocks: [{ type: 'divider' }] }])
  })

  test('goes as a whole when nothing is left of it', () => {
    expect(blocksOf(`[{"type": "card", ${title}, ${body}}]`)).toBeUndefined()
    expect(blocksOf(`[{"type": "carousel", "elements": [{"type": "card", ${title}}]}]`)).toBeUndefined()
    expect(blocksOf(`[{"type": "container", ${named}, "child_blocks": [${section}]}]`)).toBeUndefined()
  })

  test('but a card or a container that is written with nothing is told', () => {
    expect(blocksOf('[{"type": "card"}]')).toEqual([expect.stringContaining('A card needs title or body')])
    expect(blocksOf(`[{"type": "container", ${named}, "child_blocks": []}]`)).toEqual([
      expect.stringContaining('Nothing stands in it.'),
    ])
  })
})
