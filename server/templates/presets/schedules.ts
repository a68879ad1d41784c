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

/** What happened since the last one, with the data of a schedule that sums up stored events (server/schedules/sum-up.ts). */
export const DAILY_SUMMARY: Preset = {
  name: 'daily_summary',
  description: 'How much happened of each type, and the latest of it',
  source: String.raw`{%- assign heading = title | default: "Daily summary" -%}
{
  "text": "{{ heading | truncate: 300 }}",
  "blocks": [
    {
      "type": "header",
      "text": { "type": "plain_text", "text": "{{ heading | truncate: 150 }}" }
    },
    {
      "type": "section",
      "text": { "type": "mrkdwn", "text": "{{ mentions }}{% unless data.items %}\n{{ text | truncate: 2000 | mrkdwn }}{% endunless %}" }
    },
    {
      "type": "section",
      "fields": [
        {% for pair in data.byType limit: 10 %}
        { "type": "mrkdwn", "text": "*{{ pair[0] | truncate: 100 }}*\n{{ pair[1] }}" },
        {% endfor %}
      ]
    },
    {% for item in data.items limit: 8 %}
    {
      "type": "section",
      "text": {
        "type": "mrkdwn",
        "text": "{{ item.title | default: item.type | truncate: 150 | link: item.url }}{% if item.severity %}  ·  {{ item.severity | truncate: 30 }}{% endif %}"
      }
    },
    {% endfor %}
    {% if data.count > 8 %}
    { "type": "context", "elements": [{ "type": "mrkdwn", "text": "and {{ data.count | minus: 8 }} more" }] },
    {% endif %}
    {% if data.from %}
    {
      "type": "context",
      "elements": [
        { "type": "mrkdwn", "text": "{{ data.from | slack_date: "{date_short} {time}" }} to {{ data.to | slack_date: "{date_short} {time}" }}" }
      ]
    }
    {% endif %}
  ]
}
`,
  sample: {
    type: 'summary.daily',
    title: 'Compliance yesterday: 3 events',
    text: '• 2 × report\n• 1 × compliance.violation',
    data: {
      count: 3,
      byType: { report: 2, 'compliance.violation': 1 },
      bySeverity: { none: 2, critical: 1 },
      items: [
        {
          type: 'compliance.violation',
          severity: 'critical',
          title: 'Public bucket holds customer records',
          url: 'https://platform.example.com/issues/1042',
        },
        { type: 'report', title: 'Evidence pack Q3', url: 'https://platform.example.com/reports/q3.pdf' },
      ],
      from: '2026-09-29T07:00:00Z',
      to: '2026-09-30T07:00:00Z',
    },
  },
}
