import type { Template, TemplateCase, TemplateChange, TemplateData } from '../../shared/templates.ts'

/** A template as it is being edited: the sample as the text that somebody types. */
export type TemplateDraft = {
  source: string
  sampleText: string
  cases: TemplateCase[]
  note: string
  basedOn: number
}

export type DataKind = TemplateData['kind']

export const draftOf = ({ source, sample, cases, version }: Template): TemplateDraft => ({
  source,
  sampleText: JSON.stringify(sample, null, 2),
  cases,
  note: '',
  basedOn: version,
})

/** Whether a draft says something else than the version that it was made from. */
export function isChanged(draft: TemplateDraft, template: Template): boolean {
  const fresh = draftOf(template)
  if (draft.source !== fresh.source || draft.sampleText !== fresh.sampleText) return true
  return draft.cases !== fresh.cases && JSON.stringify(draft.cases) !== JSON.stringify(fresh.cases)
}

/** A draft once it is saved: what was changed while that was on its way stays, and is then not saved yet. */
export function afterSaving(held: TemplateDraft, sent: TemplateDraft, saved: Template): TemplateDraft {
  const fresh = draftOf(saved)
  return {
    source: held.source === sent.source ? fresh.source : held.source,
    sampleText: held.sampleText === sent.sampleText ? fresh.sampleText : held.sampleText,
    cases: held.cases === sent.cases ? fresh.cases : held.cases,
    note: held.note === sent.note ? fresh.note : held.note,
    basedOn: fresh.basedOn,
  }
}

export type ReadSample = { kind: 'read'; sample: Record<string, unknown> } | { kind: 'wrong'; problem: string }

/** The event that the text of a sample stands for. */
export function readSample(text: string): ReadSample {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return { kind: 'read', sample: value as Record<string, unknown> }
    }
    return { kind: 'wrong', problem: 'An event is an object of JSON: { "type": "…" }.' }
  } catch (error) {
    return { kind: 'wrong', problem: `This is not JSON: ${error instanceof Error ? error.message : 'it breaks off'}.` }
  }
}

export function changeOf(draft: TemplateDraft, sample: Record<string, unknown>): TemplateChange {
  const note = draft.note.trim()
  return { source: draft.source, sample, cases: draft.cases, basedOn: draft.basedOn, ...(note && { note }) }
}

/** What a new template begins with. */
export const FIRST_SOURCE = `{
  "text": "{{ type.emoji }} {{ title | default: type.name | truncate: 300 }}",
  "blocks": [
    {
      "type": "section",
      "text": {
        "type": "mrkdwn",
        "text": "{{ type.emoji }} *{{ title | default: type.name | truncate: 300 }}*\\n{{ text | truncate: 2000 | mrkdwn }}"
      }
    },
    { "type": "context", "elements": [{ "type": "mrkdwn", "text": "{{ at | slack_date }}" }] }
  ]
}
`

export const FIRST_SAMPLE = {
  type: 'example.happened',
  severity: 'low',
  title: 'Something happened',
  text: 'Say here what it means and what to do about it.',
  url: 'https://platform.example.com/items/1',
  data: { item_id: 'ITEM-1' },
}
