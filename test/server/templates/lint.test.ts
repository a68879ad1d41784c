import { describe, expect, test } from 'vitest'
import { exampleView, lintTemplate } from '../../../server/templates/lint.ts'
import { PRESETS } from '../../../server/templates/presets/presets.ts'
import { compileTemplate, renderTemplate } from '../../../server/templates/render.ts'

const section = (text: string) =>
  `{"text": "x", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "${text}"}}]}`
const SAMPLE = { type: 'a', title: 'T', text: 'Text', data: { name: 'N', items: ['a'] } }

const told = (source: string, sample: Record<string, unknown> = SAMPLE) =>
  lintTemplate(source, sample).problems.map(
    ({ severity, line, column, message }) => `${severity} ${line}:${column} ${message}`,
  )

describe('the linter', () => {
  test('says where a message can pass a limit, and by what data', () => {
    const source = `{
  "text": "x",
  "blocks": [
    {"type": "header", "text": {"type": "plain_text", "text": "New: {{ data.name }}"}}
  ]
}`

    const { problems } = lintTemplate(source, SAMPLE)

    expect(problems).toEqual([
      {
        severity: 'warning',
        message:
          'Text of header, block 1 can be 4,005 characters, mostly of {{ data.name }}; Slack takes 150, so it would be split.',
        fix: 'Shorten it: {{ data.name | truncate: 140 }}.',
        line: 4,
        column: 69,
        start: source.indexOf('{{'),
        end: source.indexOf('{{') + '{{ data.name }}'.length,
      },
    ])
  })

  test('is content with a template that shortens what could be long', () => {
    expect(told(section('{{ text | truncate: 2900 | mrkdwn }} {{ title | truncate: 50 }}'))).toEqual([])
  })

  test('says which loop can make too many blocks', () => {
    const source = `{"text": "x", "blocks": [
{% for item in data.items %}
{"type": "divider"},
{% endfor %}
]}`

    expect(told(source)).toEqual(['warning 3:1 Blocks can be 60 blocks; Slack takes 50, so it would be split.'])
  })

  test('goes along every branch that a condition on a text can take', () => {
    const button = '{"type": "button", "text": {"type": "plain_text", "text": "{{ title }}"}}'
    const actions = `{"type": "actions", "elements": [${button}]}`
    const byIf = `{"text": "x", "blocks": [{% if severity == 'critical' %}${actions}{% endif %}]}`
    const byCase = `{"text": "x", "blocks": [{% case data.kind %}{% when 'a', 'b' %}${actions}{% endcase %}]}`

    for (const source of [byIf, byCase]) {
      expect(told(source, { ...SAMPLE, data: { kind: 'z' } })).toEqual([
        expect.stringMatching(/^warning 1:\d+ Text of button.* sent as the standard message\.$/),
      ])
    }
  })

  test('says what an event without that data would be refused for', () => {
    expect(told('{"text": "{{ title }}"}')).toEqual([
      'warning 1:10 With an event that has nothing but a type: The notification text: It says nothing.',
    ])
  })

  test('names fields that the sample does not have, and those that no event has', () => {
    expect(told(section('{{ data.nmae | truncate: 9 }}{{ issue | truncate: 9 }}'))).toEqual([
      expect.stringContaining('The sample has no data.nmae.'),
      expect.stringContaining('There is no field issue.'),
    ])
  })

  test('guesses the field that was meant', () => {
    const fixes = ['titel', 'issue'].map(
      (name) => lintTemplate(section(`{{ ${name} | truncate: 9 }}`), SAMPLE).problems[0]?.fix,
    )

    expect(fixes).toEqual(['Did you mean title?', 'Did you mean data.issue?'])
  })

  test.each([
    ['{"text": "..."}', 'The notification text: It says nothing.'],
    ['{"blocks": []}', 'The notification text: It says nothing.'],
    ['{"text": "x", "blocks": [{"type": "sektion"}]}', 'There is no block of type "sektion".'],
    [
      '{"text": "x", "blocks": [{"type": "section", "txt": 1, "text": {"type": "mrkdwn", "text": "a"}}]}',
      'There is no field "txt" here.',
    ],
    ['{"text": "x", "block": []}', 'There is no field "block" here.'],
    [section('<javascript:alert(1)|x>'), 'A link in it leads to script.'],
    [
      '{"text": "x", "blocks": [{"type": "actions", "elements": [{"type": "button", "text": {"type": "plain_text", "text": "a"}, "url": "javascript:x"}]}]}',
      'It is no address that may be followed.',
    ],
    [
      '{"text": "x", "blocks": [{"type": "image", "image_url": "https://a.example/x.png"}]}',
      'The field "alt_text" is missing.',
    ],
    [
      '{"text": "x", "blocks": [{"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "a"}]}',
      '"a" stands twice.',
    ],
    ['{"text": "x", "blocks": [{"type": "section"}]}', 'A section needs text or fields.'],
  ])('refuses %s', (source, message) => {
    expect(told(source)[0]).toMatch(/^error/)
    expect(told(source)[0]).toContain(message)
  })

  test('measures every part that has a limit', () => {
    const { meters } = lintTemplate(section('{{ text }}'), SAMPLE)

    expect(meters).toEqual([
      { what: 'Notification text', used: 1, most: 4_000 },
      { what: 'Blocks', used: 1, most: 50 },
      { what: 'Text of section, block 1', used: 4, most: 3_000 },
      { what: 'Text of all blocks', used: 4, most: 12_000 },
    ])
  })
})

describe.each(PRESETS)('the preset $name', ({ source, sample }) => {
  test('makes a message of its sample and of an event with nothing in it', () => {
    const { problems } = lintTemplate(source, sample)
    const compiled = compileTemplate(source)
    if (compiled.kind === 'refused') throw new Error('refused')

    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(
      problems.filter(({ message }) => /standard message|has nothing but|The sample has no/.test(message)),
    ).toEqual([])
    for (const event of [sample, { type: 'door.open' }]) {
      const outcome = renderTemplate(compiled.template, exampleView(event))
      expect(outcome).toMatchObject({ kind: 'rendered', message: { text: expect.stringMatching(/\w{3}/) } })
    }
  })
})

test('the three of the seed, with the button that acknowledges', () => {
  const [alert] = PRESETS
  const compiled = compileTemplate(alert?.source ?? '')
  if (compiled.kind === 'refused') throw new Error('refused')

  const outcome = renderTemplate(compiled.template, exampleView(alert?.sample ?? {}))

  expect(PRESETS.slice(0, 3).map(({ name }) => name)).toEqual(['critical_alert', 'compliance_update', 'report_ready'])
  expect(outcome).toMatchObject({
    message: {
      blocks: expect.arrayContaining([
        expect.objectContaining({
          type: 'actions',
          elements: [
            expect.objectContaining({
              url: 'https://platform.example.com/issues/1042',
              text: { type: 'plain_text', text: 'View Details' },
            }),
            expect.objectContaining({ action_id: 'acknowledge_alert', value: 'ISS-1042' }),
          ],
        }),
      ]),
    },
  })
})

test('SkyPortal reads its own text: what happened, and its address in brackets', () => {
  const preset = PRESETS.find(({ name }) => name === 'skyportal_notification')
  const compiled = compileTemplate(preset?.source ?? '')
  if (compiled.kind === 'refused') throw new Error('refused')
  const say = (event: Record<string, unknown>) => {
    const outcome = renderTemplate(compiled.template, exampleView(event))
    return outcome.kind === 'rendered' && outcome.message.text
  }

  const text = '*@author* mentioned you in a comment on *obj*'
  expect(say({ type: 'mention', text, url: 'https://sky.example/source/obj' })).toBe(
    `${text} (https://sky.example/source/obj)`,
  )
  expect(say({ type: 'mention', text, data: { app_url: 'https://sky.example', path: '/source/obj' } })).toBe(
    `${text} (https://sky.example/source/obj)`,
  )
})
