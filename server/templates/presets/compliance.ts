import type { Preset } from './preset.ts'

/** Somebody has to act now: the details one click away, and a button that says who took it. */
export const CRITICAL_ALERT: Preset = {
  name: 'critical_alert',
  description: 'An alert with View Details and Acknowledge, for what cannot wait',
  source: String.raw`{%- assign heading = title | default: type.name -%}
{
  "text": "{{ type.emoji }} {{ heading | truncate: 300 }}{% if severity %} ({{ severity }}){% endif %}",
  "blocks": [
    {
      "type": "header",
      "text": { "type": "plain_text", "text": "{{ type.emoji | append: " " | append: heading | strip | truncate: 150 }}", "emoji": true }
    },
    {
      "type": "section",
      "text": { "type": "mrkdwn", "text": "{% if mentions.size > 0 %}{{ mentions }}\n{% endif %}{{ text | truncate: 2400 | mrkdwn }}" }
    },
    {
      "type": "section",
      "fields": [
        {% if severity %}{ "type": "mrkdwn", "text": "*Severity*\n{{ severity }}" },{% endif %}
        {% if category %}{ "type": "mrkdwn", "text": "*Category*\n{{ category }}" },{% endif %}
        {% if data.owner %}{ "type": "mrkdwn", "text": "*Owner*\n{{ data.owner | truncate: 200 }}" },{% endif %}
        { "type": "mrkdwn", "text": "*When*\n{{ at | slack_date }}" }
      ]
    },
    {
      "type": "actions",
      "elements": [
        {% if url %}
        { "type": "button", "text": { "type": "plain_text", "text": "View Details" }, "url": "{{ url }}", "action_id": "view_details" },
        {% endif %}
        {% if data.issue_id %}
        {
          "type": "button",
          "style": "primary",
          "text": { "type": "plain_text", "text": "Acknowledge" },
          "action_id": "acknowledge_alert",
          "value": "{{ data.issue_id | truncate: 2000 }}"
        }
        {% endif %}
      ]
    }
  ]
}
`,
  sample: {
    type: 'compliance.violation',
    category: 'security',
    severity: 'critical',
    title: 'Public bucket holds customer records',
    text: 'The bucket *acme-exports* can be read by everybody since this morning.',
    url: 'https://platform.example.com/issues/1042',
    occurredAt: '2026-09-30T08:12:00Z',
    data: { issue_id: 'ISS-1042', owner: 'Dana Whitfield' },
  },
}

/** Something about compliance has changed, and nobody has to act at once. */
export const COMPLIANCE_UPDATE: Preset = {
  name: 'compliance_update',
  description: 'What changed for a framework or a control, and where to read on',
  source: String.raw`{%- assign heading = title | default: type.name -%}
{
  "text": "{{ type.emoji }} {{ heading | truncate: 300 }}{% if data.status %}: {{ data.status | truncate: 100 }}{% endif %}",
  "blocks": [
    {
      "type": "section",
      "text": {
        "type": "mrkdwn",
        "text": "{{ type.emoji }} *{{ heading | truncate: 300 }}*{% if mentions.size > 0 %} {{ mentions }}{% endif %}\n{{ text | truncate: 1500 | mrkdwn }}"
      }
    },
    {
      "type": "section",
      "fields": [
        {% if data.framework %}{ "type": "mrkdwn", "text": "*Framework*\n{{ data.framework | truncate: 200 }}" },{% endif %}
        {% if data.control %}{ "type": "mrkdwn", "text": "*Control*\n{{ data.control | truncate: 200 }}" },{% endif %}
        {% if data.status %}{ "type": "mrkdwn", "text": "*Status*\n{{ data.status | truncate: 200 }}" },{% endif %}
        {% if data.owner %}{ "type": "mrkdwn", "text": "*Owner*\n{{ data.owner | truncate: 200 }}" },{% endif %}
      ]
    },
    {% if url %}
    {
      "type": "actions",
      "elements": [
        { "type": "button", "text": { "type": "plain_text", "text": "View Details" }, "url": "{{ url }}", "action_id": "view_details" }
      ]
    },
    {% endif %}
    { "type": "context", "elements": [{ "type": "mrkdwn", "text": "{{ at | slack_date }}" }] }
  ]
}
`,
  sample: {
    type: 'compliance.updated',
    category: 'compliance',
    title: 'Access reviews are complete',
    text: 'All 14 reviews of the third quarter are signed.',
    url: 'https://platform.example.com/frameworks/soc2',
    occurredAt: '2026-09-30T08:12:00Z',
    data: { framework: 'SOC 2', control: 'CC6.1', status: 'Compliant', owner: 'Dana Whitfield' },
  },
}

/** A report that people waited for can be opened. */
export const REPORT_READY: Preset = {
  name: 'report_ready',
  description: 'A report that can be opened, what it covers and who asked for it',
  source: String.raw`{%- assign heading = title | default: data.report | default: type.name -%}
{
  "text": "{{ type.emoji }} {{ heading | truncate: 300 }} is ready",
  "blocks": [
    {
      "type": "section",
      "text": {
        "type": "mrkdwn",
        "text": "{{ type.emoji }} *{{ heading | truncate: 300 }}* is ready{% if mentions.size > 0 %} {{ mentions }}{% endif %}\n{{ text | truncate: 1500 | mrkdwn }}"
      }
    },
    {
      "type": "context",
      "elements": [
        {% if data.period %}{ "type": "mrkdwn", "text": "Period: {{ data.period | truncate: 200 }}" },{% endif %}
        {% if data.format %}{ "type": "mrkdwn", "text": "Format: {{ data.format | truncate: 100 }}" },{% endif %}
        {% if data.requested_by %}{ "type": "mrkdwn", "text": "Asked for by {{ data.requested_by | truncate: 200 }}" },{% endif %}
        { "type": "mrkdwn", "text": "{{ at | slack_date }}" }
      ]
    },
    {% if url %}
    {
      "type": "actions",
      "elements": [
        { "type": "button", "style": "primary", "text": { "type": "plain_text", "text": "Open report" }, "url": "{{ url }}", "action_id": "open_report" }
      ]
    }
    {% endif %}
  ]
}
`,
  sample: {
    type: 'report',
    title: 'Evidence pack Q3',
    text: '42 controls, 3 of them with open findings.',
    url: 'https://platform.example.com/reports/q3.pdf',
    occurredAt: '2026-09-30T08:12:00Z',
    data: {
      report: 'Evidence pack',
      status: 'ready',
      period: 'July to September 2026',
      format: 'PDF',
      requested_by: 'Dana Whitfield',
    },
  },
}
