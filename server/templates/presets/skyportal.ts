import type { Preset } from './preset.ts'

/** SkyPortal's own form: `<notification text> (<app url><path>)`, with the stars of its text. */
export const SKYPORTAL_NOTIFICATION: Preset = {
  name: 'skyportal_notification',
  description: "SkyPortal's text: what happened, and its address in brackets",
  source: `{
  "text": "{{ text | default: title | default: type.name | mrkdwn }}{% if url %} ({{ url }}){% elsif data.path %} ({{ data.app_url }}{{ data.path }}){% endif %}"
}
`,
  sample: {
    type: 'favorite_sources',
    text: 'New classification on favorite source *ZTF21aaaaaaa*',
    url: 'https://skyportal.example.com/source/ZTF21aaaaaaa',
    data: { app_url: 'https://skyportal.example.com', path: '/source/ZTF21aaaaaaa' },
  },
}

/** A notice of an event in the sky. */
export const SKYPORTAL_GCN_EVENT: Preset = {
  name: 'skyportal_gcn_event',
  description: 'A GCN event of SkyPortal: its notice, time, localization, links and tags',
  source: `{%- assign heading = data.kind | default: "New Event" -%}
{
  "text": "{{ heading | truncate: 100 }}: {{ title | default: data.dateobs | truncate: 200 }}{% if data.notice_type %}, {{ data.notice_type | truncate: 200 }}{% endif %}",
  "blocks": [
    {
      "type": "section",
      "text": { "type": "mrkdwn", "text": "*{{ heading | truncate: 100 }}:* {{ title | default: data.dateobs | truncate: 200 | link: url }}" }
    },
    { "type": "divider" },
    { "type": "section", "text": { "type": "mrkdwn", "text": "*Time:* {{ data.dateobs | truncate: 100 }}" } },
    { "type": "divider" },
    { "type": "section", "text": { "type": "mrkdwn", "text": "*Notice type:* {{ data.notice_type | default: "not named" | truncate: 200 }}" } },
    {% if data.localization %}
    { "type": "divider" },
    { "type": "section", "text": { "type": "mrkdwn", "text": "*Localization:* {{ data.localization | truncate: 500 }}" } },
    {% endif %}
    {% if data.links.size > 0 %}
    { "type": "context", "elements": [
      {% for link in data.links limit: 10 %}
      { "type": "mrkdwn", "text": "{{ link.name | truncate: 100 | link: link.url }}" },
      {% endfor %}
    ] },
    {% endif %}
    {% if data.tags.size > 0 %}
    { "type": "context", "elements": [{ "type": "mrkdwn", "text": "Tags: {{ data.tags | join: ", " | truncate: 1000 }}" }] }
    {% endif %}
  ]
}
`,
  sample: {
    type: 'gcn_events',
    title: '2026-09-30T01:02:03',
    url: 'https://skyportal.example.com/gcn_events/2026-09-30T01:02:03',
    data: {
      kind: 'New Event',
      dateobs: '2026-09-30T01:02:03',
      notice_type: 'FERMI_GBM_FIN_POS',
      localization: 'RA 213.4, Dec -12.0, error 3.2 deg',
      links: [{ name: 'GraceDB', url: 'https://gracedb.example.org/event' }],
      tags: ['GRB', 'Fermi'],
    },
  },
}

/** A source that was saved, classified or seen again. */
export const SKYPORTAL_SOURCE: Preset = {
  name: 'skyportal_source',
  description: 'A source of SkyPortal: classification or spectrum, coordinates and detections',
  source: String.raw`{%- assign name = title | default: data.obj_id | default: type.name -%}
{
  "text": "{{ text | default: name | truncate: 1000 | mrkdwn }}",
  "blocks": [
    { "type": "section", "text": { "type": "mrkdwn", "text": "*{{ name | truncate: 200 | link: url }}*\n{{ text | truncate: 1000 | mrkdwn }}" } },
    { "type": "section", "fields": [
      {% if data.classification %}{ "type": "mrkdwn", "text": "*Classification*\n{{ data.classification | truncate: 200 }}{% if data.score %} ({{ data.score }}){% endif %}" },{% endif %}
      {% if data.spectrum %}{ "type": "mrkdwn", "text": "*Spectrum*\n{{ data.spectrum | truncate: 300 }}" },{% endif %}
      {% if data.ra %}{ "type": "mrkdwn", "text": "*Coordinates*\n{{ data.ra | truncate: 50 }}, {{ data.dec | truncate: 50 }}{% if data.redshift %}, z = {{ data.redshift | truncate: 50 }}{% endif %}" },{% endif %}
      {% if data.detections %}{ "type": "mrkdwn", "text": "*Detections*\n{{ data.detections | truncate: 300 }}" }{% endif %}
    ] }
  ]
}
`,
  sample: {
    type: 'sources',
    title: 'ZTF21aaaaaaa',
    text: 'New classification *Ia* for source *ZTF21aaaaaaa*',
    url: 'https://skyportal.example.com/source/ZTF21aaaaaaa',
    data: {
      obj_id: 'ZTF21aaaaaaa',
      classification: 'Ia',
      score: 0.98,
      spectrum: 'SEDM, 2026-09-29',
      ra: 213.411,
      dec: -12.004,
      redshift: 0.031,
      detections: '14 in g, 12 in r',
    },
  },
}

/** A request to an instrument, with the five places to look. Unlike SkyPortal's it says in `text` what it is. */
export const SKYPORTAL_FOLLOWUP: Preset = {
  name: 'skyportal_followup_request',
  description: 'A follow-up request of SkyPortal, with its five links',
  source: String.raw`{%- assign name = data.obj_id | default: title | default: type.name -%}
{
  "text": "{{ data.kind | default: "New" | truncate: 20 }} follow-up request for {{ name | truncate: 200 }}{% if data.instrument %} by {{ data.instrument | truncate: 100 }}{% endif %}",
  "blocks": [
    { "type": "section", "text": { "type": "mrkdwn", "text": "*{{ name | truncate: 200 | link: url }}*{% if data.ra %}\n{{ data.ra | truncate: 50 }}, {{ data.dec | truncate: 50 }}{% endif %}" } },
    { "type": "section", "text": { "type": "mrkdwn", "text": "*{{ data.kind | default: "New" | truncate: 20 }} request*\n{% if data.allocation %}Allocation: {{ data.allocation | truncate: 200 }}\n{% endif %}{% if data.group %}Group: {{ data.group | truncate: 200 }}\n{% endif %}{% if data.user %}User: {{ data.user | truncate: 200 }}\n{% endif %}{{ at | slack_date }}" } },
    { "type": "section", "text": { "type": "mrkdwn", "text": "{% for line in data.payload limit: 12 %}• {{ line.name | truncate: 60 }}: {{ line.value | truncate: 120 }}\n{% endfor %}" } },
    {% if data.comments %}{ "type": "section", "text": { "type": "mrkdwn", "text": "{{ data.comments | truncate: 1000 }}" } },{% endif %}
    { "type": "actions", "elements": [
      {% for link in data.links limit: 5 %}
      { "type": "button", "text": { "type": "plain_text", "text": "{{ link.name | truncate: 75 }}" }, "url": "{{ link.url }}", "action_id": "link_{{ forloop.index }}" },
      {% endfor %}
    ] }
  ]
}
`,
  sample: {
    type: 'facility_transactions',
    title: 'ZTF21aaaaaaa',
    url: 'https://skyportal.example.com/source/ZTF21aaaaaaa',
    data: {
      kind: 'New',
      obj_id: 'ZTF21aaaaaaa',
      ra: 213.411,
      dec: -12.004,
      instrument: 'SEDM',
      allocation: 'Bright transients',
      group: 'Program A',
      user: 'dana',
      payload: [
        { name: 'Priority', value: 3 },
        { name: 'Exposure', value: '300 s' },
      ],
      comments: 'Please take it before the moon is up.',
      links: [
        { name: 'Observability', url: 'https://skyportal.example.com/observability' },
        { name: 'Finding Chart', url: 'https://skyportal.example.com/finder' },
        { name: 'SDSS', url: 'https://sdss.example.org/navi' },
        { name: 'LS DR10', url: 'https://legacysurvey.example.org/viewer' },
        { name: 'TNS', url: 'https://wis-tns.example.org/object' },
      ],
    },
  },
}
