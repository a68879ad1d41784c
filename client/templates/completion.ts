import { BLOCKS } from '../../shared/block-kit/blocks.ts'
import {
  CELLS,
  CONTEXT_ACTIONS,
  ELEMENTS,
  FEEDBACK_BUTTON,
  IMAGE_ELEMENT,
  INPUTS,
} from '../../shared/block-kit/elements.ts'
import { CONFIRM_DIALOG, OPTION } from '../../shared/block-kit/parts.ts'
import type { BlockShape } from '../../shared/block-kit/shapes.ts'
import { TEMPLATE_FILTERS, TEMPLATE_TAGS, TEMPLATE_VARIABLES, type TemplateWord } from '../../shared/template-words.ts'

/** A word that fits where the cursor stands. */
export type Offer = { label: string; detail: string; info?: string }
export type Offers = { from: number; offers: Offer[] }

/**
 * What fits at a place of a source: variables, filters and tags inside of Liquid; block types, and the fields of the
 * object around it, in the JSON.
 */
export function offersAt(source: string, at: number, sample: unknown): Offers | undefined {
  const before = source.slice(0, at)
  const open = openLiquid(before)
  if (open) return inLiquid(before, open, sample)
  const [, typed] = /"type"\s*:\s*"(\w*)$/.exec(before) ?? []
  if (typed !== undefined) return { from: at - typed.length, offers: TYPES }
  const [, key] = /[{,}\]]\s*"(\w*)$/.exec(before) ?? []
  if (key === undefined) return undefined
  return { from: at - key.length, offers: fieldsAround(source, at - key.length - 1) }
}

function openLiquid(before: string): string | undefined {
  const start = Math.max(before.lastIndexOf('{{'), before.lastIndexOf('{%'))
  if (start < 0) return undefined
  const inside = before.slice(start)
  return /\}\}|%\}/.test(inside) ? undefined : inside
}

function inLiquid(before: string, open: string, sample: unknown): Offers {
  const [word = ''] = /[\w.]*$/.exec(open) ?? []
  const from = before.length - word.length
  if (/^\{%-?\s*\w*$/.test(open)) return { from, offers: TEMPLATE_TAGS.map(asOffer) }
  if (/\|\s*\w*$/.test(open)) return { from, offers: TEMPLATE_FILTERS.map(asOffer) }
  return { from, offers: [...TEMPLATE_VARIABLES.map(asOffer), ...pathsIn(sample)] }
}

const asOffer = ({ name, says, example }: TemplateWord): Offer => ({ label: name, detail: says, info: example })

/** What the data of an example can be called by. */
function pathsIn(sample: unknown): Offer[] {
  const data = isRecord(sample) ? sample.data : undefined
  const found: Offer[] = []
  const walk = (value: unknown, path: string, depth: number) => {
    if (!isRecord(value) || depth > 4 || found.length > MOST_PATHS) return
    for (const [name, held] of Object.entries(value)) {
      const label = `${path}.${name}`
      const told = isRecord(held) || Array.isArray(held) ? 'in the sample' : String(held).slice(0, 40)
      found.push({ label, detail: Array.isArray(held) ? 'a list' : told })
      walk(held, label, depth + 1)
    }
  }
  walk(data, 'data', 0)
  return found
}

const MOST_PATHS = 200

const KINDS: Readonly<Record<string, BlockShape>> = { ...CELLS, ...INPUTS, ...CONTEXT_ACTIONS, ...ELEMENTS, ...BLOCKS }

const TYPES: Offer[] = [
  ...[BLOCKS, ELEMENTS, CONTEXT_ACTIONS, INPUTS, CELLS].flatMap((shapes) =>
    Object.entries(shapes).map(([label, { says }]) => ({ label, detail: says })),
  ),
  { label: 'mrkdwn', detail: 'Text in Slack markup' },
  { label: 'plain_text', detail: 'Text as it is' },
]

const TEXT_FIELDS: Offer[] = [
  { label: 'type', detail: 'mrkdwn or plain_text' },
  { label: 'text', detail: 'What it says' },
  { label: 'emoji', detail: 'In plain_text: whether :names: become pictures' },
  { label: 'verbatim', detail: 'In mrkdwn: whether links are left alone' },
]
const MESSAGE_FIELDS: Offer[] = [
  { label: 'text', detail: 'What notifications and screen readers say' },
  { label: 'blocks', detail: 'What the message shows' },
]

/** The fields of the object that a place stands in, those that it has already left out. */
function fieldsAround(source: string, at: number): Offer[] {
  const start = openBrace(source, at)
  if (start < 0) return []
  const inside = ownTextOf(source, start)
  const [, type] = /"type"\s*:\s*"(\w+)"/.exec(inside) ?? []
  const isThere = (label: string) => new RegExp(`"${label}"\\s*:`).test(inside)
  return fieldsOf(source, start, type).filter(({ label }) => !isThere(label))
}

function fieldsOf(source: string, start: number, type: string | undefined): Offer[] {
  if (type === 'mrkdwn' || type === 'plain_text') return TEXT_FIELDS
  const shape = type === 'image' && !isInBlocks(source, start) ? IMAGE_ELEMENT : type ? KINDS[type] : undefined
  if (shape) return fieldOffers(shape)
  const [, name] = /"(\w+)"\s*:\s*$/.exec(source.slice(0, start)) ?? []
  if (name === 'confirm') return fieldOffers(CONFIRM_DIALOG).slice(1)
  if (name === 'positive_button' || name === 'negative_button') return fieldOffers(FEEDBACK_BUTTON).slice(1)
  if (openBrace(source, start - 1) < 0) return MESSAGE_FIELDS
  const isOption = /"(options)"\s*:\s*\[[^\]]*$/.test(source.slice(0, start))
  return isOption ? fieldOffers(OPTION) : [{ label: 'type', detail: 'What it is' }, ...TEXT_FIELDS.slice(1, 2)]
}

const fieldOffers = ({ fields }: BlockShape): Offer[] => [
  { label: 'type', detail: 'What it is' },
  ...Object.entries(fields).map(([label, field]) => ({
    label,
    detail: 'most' in field ? `${field.says}; at most ${field.most.toLocaleString('en-US')}` : field.says,
  })),
]

/** Whether an object is a block itself: in a list of them, and not the value of a field of one. */
function isInBlocks(source: string, start: number): boolean {
  const before = source.slice(0, start)
  return /"(?:child_)?blocks"\s*:\s*\[[^[]*$/.test(before) && !/"\w+"\s*:\s*$/.test(before)
}

/** Where the object begins that a place stands in; braces of Liquid are none. */
function openBrace(source: string, at: number): number {
  const plain = withoutLiquid(source)
  let depth = 0
  for (let place = at; place >= 0; place -= 1) {
    if (plain[place] === '}') depth += 1
    if (plain[place] === '{') {
      if (depth === 0) return place
      depth -= 1
    }
  }
  return -1
}

/** The text of an object without that of the objects in it. */
function ownTextOf(source: string, start: number): string {
  const plain = withoutLiquid(source)
  let own = ''
  let depth = 0
  for (let place = start; place < plain.length; place += 1) {
    const char = plain[place] ?? ''
    if (char === '}') depth -= 1
    if (depth === 1) own += char
    if (char === '{') depth += 1
    if (depth === 0) break
  }
  return own
}

/** The same length, each Liquid as blanks. */
const withoutLiquid = (source: string): string =>
  source.replace(/\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}/g, (liquid) => ' '.repeat(liquid.length))

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
