import { describe, expect, test } from 'vitest'
import { exampleView, lintTemplate } from '../../../server/templates/lint.ts'
import { compileTemplate, renderTemplate } from '../../../server/templates/render.ts'
import { worstCase } from '../../../server/templates/worst-case.ts'

/* What a source or a sample could do to the server that only looks at it. Counts are bounded, so none of this takes long. */

describe('a source made to hurt', () => {
  const text = (inside: string) => `{"text": "x ${inside}", "blocks": []}`

  test.each([
    ['one word of 50,000 letters', text('a'.repeat(50_000))],
    ['50,000 blanks before a comparison', text(`{{ a${' '.repeat(50_000)}}}`)],
    ['3,000 cases that end nowhere', text(`{% raw %}${'{% case x %}'.repeat(3_000)}{% endraw %}`)],
    ['2,000 comparisons', text(Array.from({ length: 2_000 }, (_, n) => `{% if a == '${n}' %}{% endif %}`).join(''))],
    ['loops in loops', text('{% for a in (1..5000) %}{% for b in (1..5000) %}{% endfor %}{% endfor %}')],
    ['a list of a million', text('{% for a in (1..1000000) %}{% endfor %}')],
    ['text that doubles', text(`{% assign a = "xx" %}${'{% assign a = a | append: a %}'.repeat(60)}{{ a }}`)],
    [
      '9,000 blocks with something wrong in each',
      `{"text": "x", "blocks": [{% for a in (1..6000) %}{"type": "b"},{% endfor %}]}`,
    ],
    ['brackets without end', '['.repeat(50_000)],
    ['braces without end', '{{'.repeat(25_000)],
  ])('is read to the end of what it may cost: %s', (_, source) => {
    const { problems } = lintTemplate(source, { type: 'a' })

    expect(problems.length).toBeLessThanOrEqual(100)
  })

  test('is stopped in the middle of a chain of filters, which is one step of the engine', () => {
    const source = text(`{% assign a = text${' | truncate: 999999'.repeat(3_000)} %}`)
    const startedMs = performance.now()

    const { problems } = lintTemplate(source, { type: 'a', text: 'a'.repeat(199_000) })

    expect(problems).toMatchObject([{ message: 'This takes too long.' }])
    // Unstopped it takes a minute and a half.
    expect(performance.now() - startedMs).toBeLessThan(10_000)
  })

  test('pollutes no object by what it compares', () => {
    lintTemplate(
      text("{% if __proto__.polluted == 'yes' %}{% endif %}{% if data.__proto__.polluted == 'yes' %}{% endif %}"),
      {
        type: 'a',
        data: { a: 1 },
      },
    )

    expect(({} as { polluted?: string }).polluted).toBeUndefined()
  })
})

test('lists within lists do not grow beyond all bounds', () => {
  const nested = (depth: number): unknown => (depth === 0 ? 'x' : [nested(depth - 1)])

  const grown = worstCase({ data: { lists: nested(20), empty: [], more: { lists: nested(20) } } })

  expect(JSON.stringify(grown).length).toBeLessThan(20_000_000)
})

test('a field of any name stays a field of its own', () => {
  const sample = JSON.parse('{"data": {"__proto__": {"a": "x"}, "": "y", "constructor": "z"}}')

  const { data } = worstCase(sample, { 'data.kind': 'k' }) as { data: object }

  expect(Object.keys(data)).toEqual(['__proto__', '', 'constructor', 'kind'])
  expect(Object.getPrototypeOf(data)).toBe(Object.prototype)
})

describe('data made to hurt, in a card, a carousel and a container', () => {
  const source = `{
    "text": "{{ title }}",
    "blocks": [
      {
        "type": "card",
        "title": {"type": "mrkdwn", "text": "{{ title }}"},
        "subtitle": {"type": "plain_text", "text": "{{ title }}"},
        "body": {"type": "mrkdwn", "text": "See <{{ data.to }}|here>: {{ text }}"},
        "hero_image": {"type": "image", "image_url": "{{ url }}", "alt_text": "{{ title }}"},
        "actions": [{"type": "button", "text": {"type": "plain_text", "text": "{{ title }}"}, "url": "{{ url }}"}]
      },
      {"type": "carousel", "elements": [{"type": "card", "title": {"type": "mrkdwn", "text": "{{ title }}"}}]},
      {
        "type": "container",
        "title": {"type": "plain_text", "text": "{{ title }}"},
        "subtitle": {"type": "mrkdwn", "text": "{{ title }}"},
        "child_blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "{{ title }}"}}]
      }
    ]
  }`
  const made = (event: Record<string, unknown>) => {
    const compiled = compileTemplate(source)
    if (compiled.kind === 'refused') throw new Error('refused')
    return renderTemplate(compiled.template, exampleView({ type: 'a', url: 'https://a.example', ...event }))
  }

  test.each([
    ['<!channel> <@U1> <!subteam^S1>', '&lt;!channel&gt; &lt;@U1&gt; &lt;!subteam^S1&gt;'],
    ['"}, "blocks": [], "x": {"a": "', '"}, "blocks": [], "x": {"a": "'],
    ['one\ntwo\\', 'one\ntwo\\'],
    ['<https://evil.example|click> & co', '&lt;https://evil.example|click&gt; &amp; co'],
  ])('%j stands as text', (title, escaped) => {
    const outcome = made({ title, text: title, data: { to: 'https://b.example' } })

    expect(outcome).toMatchObject({
      kind: 'rendered',
      message: {
        blocks: [
          {
            title: { text: escaped },
            subtitle: { text: title },
            body: { text: `See <https://b.example|here>: ${escaped}` },
            hero_image: { alt_text: title, image_url: 'https://a.example' },
            actions: [{ text: { text: title } }],
          },
          { elements: [{ title: { text: escaped } }] },
          { title: { text: title }, subtitle: { text: escaped }, child_blocks: [{ text: { text: escaped } }] },
        ],
      },
    })
  })

  test('an address can not become a call, and one of script is refused', () => {
    const called = made({ title: 'A', text: 'B', data: { to: '!channel' } })
    const script = made({ title: 'A', text: 'B', url: 'javascript:alert(1)' })

    expect(JSON.stringify(called)).not.toContain('<!channel')
    expect(script).toMatchObject({
      kind: 'refused',
      problems: [
        { message: expect.stringContaining('no address that may be followed') },
        { message: expect.stringContaining('no address that may be followed') },
      ],
    })
  })
})
