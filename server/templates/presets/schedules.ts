import type { Preset } from './preset.ts'

/** One deadline, or a list of them in data.deadlines. */
export const DEADLINE_REMINDER: Preset = {
  name: 'deadline_reminder',
  description: 'What is due and when, for one deadline or a list of them',
  source: String.raw`{%- assign heading = title | default: type.name -%}
{%- assign left = data.days_remaining -%}
{
  "text": "{{ type.emoji }} {{ heading | truncate: 300 }}{% if left %} is due in {{ left }} {% if left == 1 %}day{% else %}days{% endif %}{% endif %}",
  "blocks": [
    {
      "type": "section",
      "text": {
        "type": "mrkdwn",
        "text": "{{ type.emoji }} *{{ heading | truncate: 300 }}*{% if left %} is due in {{ left }} {% if left == 1 %}day{% else %}days{% endif %}{% endif %}{% if mentions.size > 0 %} {{ mentions }}{% endif %}\n{{ text | truncate: 1500 | mrkdwn }}"
      }
    },
    {% for deadline in data.deadlines limit: 10 %}
    {
      "type": "section",
      "text": {
        "type": "mrkdwn",
        "text": "*{{ deadline.title | truncate: 200 }}*\n{{ deadline.due | slack_date: "{date_pretty}" }}{% if deadline.owner %}, {{ deadline.owner | truncate: 100 }}{% endif %}"
      }
    },
    {% endfor %}
    {% if data.deadlines.size > 10 %}
    { "type": "context", "elements": [{ "type": "mrkdwn", "text": "and {{ data.deadlines.size | minus: 10 }} more" }] },
    {% endif %}
    {% if data.due %}
    { "type": "context", "elements": [{ "type": "mrkdwn", "text": "Due {{ data.due | slack_date: "{date_long_pretty}" | default: data.due | truncate: 100 }}" }] },
    {% endif %}
    {% if url %}
    {
      "type": "actions",
      "elements": [
        { "type": "button", "text": { "type": "plain_text", "text": "View Details" }, "url": "{{ url }}", "action_id": "view_details" }
      ]
    }
    {% endif %}
  ]
}
`,
  sample: {
    type: 'deadline',
    title: 'Upload the penetration test',
    url: 'https://platform.example.com/tasks/77',
    data: {
      days_remaining: 3,
      due: '2026-10-03T17:00:00Z',
      deadlines: [
        { title: 'Upload the penetration test', due: '2026-10-03T17:00:00Z', owner: 'Dana Whitfield' },
        { title: 'Review vendor list', due: '2026-10-05T17:00:00Z', owner: 'Kim Sato' },
      ],
    },
  },
}

/** What happened since the last one, as a schedule over stored events sums it up. */
export const DAILY_SUMMARY: Preset = {
  name: 'daily_summary',
  description: 'How much happened of each type, and the latest of it',
  source: String.raw`{%- assign heading = title | default: "Daily summary" -%}
{
  "text": "{{ heading | truncate: 300 }}{% if data.total %}: {{ data.total }} {% if data.total == 1 %}event{% else %}events{% endif %}{% endif %}",
  "blocks": [
    {
      "type": "header",
      "text": { "type": "plain_text", "text": "{{ heading | truncate: 150 }}" }
    },
    {
      "type": "section",
      "text": { "type": "mrkdwn", "text": "{% if mentions.size > 0 %}{{ mentions }}\n{% endif %}{{ text | truncate: 2000 | mrkdwn }}" }
    },
    {
      "type": "section",
      "fields": [
        {% for type_of in data.types limit: 10 %}
        { "type": "mrkdwn", "text": "*{{ type_of.type | truncate: 100 }}*\n{{ type_of.count }}" },
        {% endfor %}
      ]
    },
    {% for item in data.events limit: 10 %}
    {
      "type": "section",
      "text": { "type": "mrkdwn", "text": "{{ item.title | truncate: 200 | link: item.url }}" }
    },
    {% endfor %}
    {% if data.events.size > 10 %}
    { "type": "context", "elements": [{ "type": "mrkdwn", "text": "and {{ data.events.size | minus: 10 }} more" }] },
    {% endif %}
  ]
}
`,
  sample: {
    type: 'summary.daily',
    title: 'Compliance yesterday',
    text: 'Three events, one of them critical.',
    data: {
      total: 3,
      types: [
        { type: 'compliance.violation', count: 1 },
        { type: 'report', count: 2 },
      ],
      events: [
        { title: 'Public bucket holds customer records', url: 'https://platform.example.com/issues/1042' },
        { title: 'Evidence pack Q3', url: 'https://platform.example.com/reports/q3.pdf' },
      ],
    },
  },
}
