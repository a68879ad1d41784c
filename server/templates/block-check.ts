import { MOST_CELLS } from '../../shared/block-kit/blocks.ts'
import { MOST_CONTEXT_TEXT, MOST_FIELD_TEXT } from '../../shared/block-kit/caps.ts'
import { FEEDBACK_BUTTON } from '../../shared/block-kit/elements.ts'
import { CONFIRM_DIALOG, OPTION, OPTION_GROUP, TYPED_PARTS } from '../../shared/block-kit/parts.ts'
import type { BlockField, BlockPart, BlockShape, TypedPart } from '../../shared/block-kit/shapes.ts'
import type { LimitMeter } from '../../shared/templates.ts'
import { isJson, type Json } from './json.ts'
import { isLink } from './mrkdwn.ts'

/** What of a message Slack would not take. `holder` and `key` say where it stands; `split`: it is sent in parts instead. */
export type LimitProblem = {
  severity: 'error' | 'warning'
  what: string
  holder: object
  key?: string | number
  fix?: string | undefined
  split?: boolean
} & ({ kind: 'size'; used: number; most: number; unit: string } | { kind: 'shape'; message: string })

type Sized = { what: string; used: number; most: number; unit?: string; split?: boolean | undefined }

/** Goes through blocks by the table of their shapes, and notes what Slack would not take and how near the rest is. */
export class BlockCheck {
  readonly problems: LimitProblem[] = []
  readonly meters: LimitMeter[] = []
  /** How many blocks hold the one that is looked at: a message is split between its own blocks only. */
  private depth = 0

  /** The first hundred say enough, and each takes time to be placed; what can't be split is told beyond them. */
  note(problem: LimitProblem): void {
    if (this.problems.length < (problem.split ? MOST_PROBLEMS : 2 * MOST_PROBLEMS)) this.problems.push(problem)
  }

  wrong(what: string, holder: object, key: string | number | undefined, message: string, fix?: string): void {
    const place = key === undefined ? {} : { key }
    this.note({ severity: 'error', kind: 'shape', what, holder, ...place, message, fix })
  }

  sized(holder: object, key: string | number, { what, used, most, unit = 'characters', split }: Sized): void {
    if (this.meters.length < MOST_METERS) this.meters.push({ what, used, most })
    if (used <= most) return
    const more = split && this.depth === 0 ? { split } : {}
    this.note({ severity: 'error', kind: 'size', what, holder, key, used, most, unit, ...more })
  }

  /** Something that says by its `type` what it is. */
  shaped(
    value: unknown,
    holder: object,
    key: string | number,
    about: { shapes: Readonly<Record<string, BlockShape>>; noun: string; trail: string; ids: Set<string> },
  ): void {
    const { shapes, noun, trail, ids } = about
    if (!isJson(value)) {
      this.wrong(sentence(trail), holder, key, `It is no ${noun}.`, `Write it as {"type": …}.`)
      return
    }
    const type = String(value.type)
    const shape = Object.hasOwn(shapes, type) ? shapes[type] : undefined
    if (!shape) {
      const known = `Slack takes ${Object.keys(shapes).join(', ')}.`
      const told = value.type === undefined ? `It has no type.` : `There is no ${noun} of type "${type.slice(0, 60)}".`
      this.wrong(sentence(trail), value, value.type === undefined ? undefined : 'type', told, known)
      return
    }
    this.fields(value, shape, `${type.replaceAll('_', ' ')}, ${trail}`, ids, ['type'])
    const { oneOf } = shape
    if (!oneOf || oneOf.some((name) => value[name] !== undefined)) return
    const article = /^[aeiou]/.test(type) ? 'An' : 'A'
    this.wrong(sentence(trail), value, undefined, `${article} ${type} needs ${oneOf.join(' or ')}.`)
  }

  fields(value: Json, shape: BlockShape, trail: string, ids: Set<string>, more: readonly string[]): void {
    for (const [name, field] of Object.entries(shape.fields)) {
      if (value[name] === undefined) {
        if (field.needed) this.wrong(sentence(trail), value, undefined, `The field "${name}" is missing.`)
        continue
      }
      this.field(value, name, field, trail, ids)
    }
    for (const name of Object.keys(value)) {
      if (Object.hasOwn(shape.fields, name) || more.includes(name)) continue
      const known = `It has ${Object.keys(shape.fields).join(', ')}.`
      this.wrong(sentence(trail), value, name, `There is no field "${name}" here.`, known)
    }
  }

  field(holder: Json, name: string, field: BlockField, trail: string, ids: Set<string>): void {
    const value = holder[name]
    const what = `${sentence(name.replaceAll('_', ' '))} of ${trail}`
    switch (field.kind) {
      case 'text':
        this.text(holder, name, field, what)
        return
      case 'string':
      case 'id':
      case 'url':
        this.string(holder, name, field, what, ids)
        return
      case 'one_of':
        if (field.words.includes(String(value))) return
        this.wrong(what, holder, name, `It is ${field.words.join(' or ')}.`)
        return
      case 'list':
        this.list(holder, name, field, trail, ids)
        return
      case 'part':
        this.part(value, holder, name, field.of, `${name} in ${trail}`, new Set())
        return
      case 'count':
        if (Number.isInteger(value) && Number(value) >= field.least && Number(value) <= field.most) return
        this.wrong(
          what,
          holder,
          name,
          `It is a whole number from ${field.least} to ${field.most.toLocaleString('en-US')}.`,
        )
        return
      case 'flag':
        if (typeof value !== 'boolean') this.wrong(what, holder, name, 'It is true or false, without quotes.')
        return
      case 'any':
        return
    }
  }

  text(holder: Json | unknown[], key: string | number, field: TextField, what: string): void {
    const value = (holder as Json)[key]
    if (!isJson(value)) {
      this.wrong(what, holder, key, 'It is a text object.', `Write {"type": "${field.types[0]}", "text": "…"}.`)
      return
    }
    if (!field.types.some((type) => type === value.type)) {
      const place = value.type === undefined ? undefined : 'type'
      this.wrong(what, value, place, `Its type is ${field.types.join(' or ')}.`)
      return
    }
    if (value.type === 'mrkdwn' && typeof value.text === 'string' && SCRIPT_LINK.test(value.text)) {
      this.wrong(what, value, 'text', 'A link in it leads to script.', 'Links begin with https:// or http://.')
    }
    const size = { kind: 'string', most: field.most, least: 1, says: field.says } as const
    this.string(value, 'text', field.split ? { ...size, split: true } : size, what, new Set())
  }

  string(holder: Json, name: string, field: StringField, what: string, ids: Set<string>): void {
    const value = holder[name]
    if (typeof value !== 'string') {
      const place = value === undefined ? undefined : name
      this.wrong(what, holder, place, 'It is a text.', 'Write it in double quotes.')
      return
    }
    const isNeeded = (field.kind === 'string' && field.least === 1) || field.kind === 'url'
    if (value.trim() === '' && isNeeded) {
      this.wrong(what, holder, name, 'It is empty, and Slack takes no message with it.', LEAVE_OUT)
      return
    }
    if (field.kind === 'id' && value !== '') {
      if (ids.has(value))
        this.wrong(what, holder, name, `"${value.slice(0, 60)}" stands twice.`, 'Each has its own name.')
      ids.add(value)
    }
    if (field.kind === 'url' && !isLink(value)) {
      this.wrong(what, holder, name, 'It is no address that may be followed.', 'It begins with https:// or http://.')
      return
    }
    this.sized(holder, name, {
      what,
      used: value.length,
      most: field.most,
      split: field.kind === 'string' && field.split,
    })
  }

  list(holder: Json, name: string, field: ListField, trail: string, outer: Set<string>): void {
    const value = holder[name]
    const what = `${sentence(name.replaceAll('_', ' '))} of ${trail}`
    if (!Array.isArray(value)) {
      this.wrong(what, holder, name, 'It is a list.', 'Write it in square brackets.')
      return
    }
    if (value.length < field.least) {
      this.wrong(what, holder, name, 'Nothing stands in it.', LEAVE_OUT)
      return
    }
    this.sized(holder, name, { what, used: value.length, most: field.most, unit: 'entries', split: field.split })
    const holdsBlocks = field.of === 'card' || field.of === 'child'
    // Blocks have their names in the whole message, elements in their block.
    const ids = holdsBlocks ? outer : new Set<string>()
    if (holdsBlocks) this.depth += 1
    value.forEach((item: unknown, place) => {
      const where = `${name.replace(/s$/, '').replaceAll('_', ' ')} ${place + 1} in ${trail}`
      if (field.of === 'field') this.text(value, place, FIELD, sentence(where))
      else this.part(item, value, place, field.of, where, ids)
    })
    if (holdsBlocks) this.depth -= 1
  }

  part(value: unknown, holder: object, key: string | number, of: BlockPart, trail: string, ids: Set<string>): void {
    if (of === 'any') return
    if (of === 'row') {
      this.row(value, holder, key, trail)
      return
    }
    if (of === 'element') {
      if (isJson(value) && value.type !== 'image') this.text(holder as Json, key, SMALL_PRINT, sentence(trail))
      else this.shaped(value, holder, key, { ...TYPED_PARTS.picture, noun: 'element', trail, ids })
      return
    }
    if (isTyped(of)) {
      this.shaped(value, holder, key, { ...TYPED_PARTS[of], trail, ids })
      return
    }
    if (!isJson(value)) {
      this.wrong(sentence(trail), holder, key, 'It is an object.', 'Write it in braces.')
      return
    }
    this.fields(value, SHAPES[of], trail, ids, of === 'confirm' ? ['type'] : [])
  }

  row(value: unknown, holder: object, key: string | number, trail: string): void {
    if (!Array.isArray(value)) {
      this.wrong(sentence(trail), holder, key, 'It is a list of cells.', 'Write it in square brackets.')
      return
    }
    this.sized(holder, key, { what: `Cells of ${trail}`, used: value.length, most: MOST_CELLS, unit: 'entries' })
    value.forEach((cell: unknown, place) => {
      this.part(cell, value, place, 'cell', `cell ${place + 1} in ${trail}`, new Set())
    })
  }
}

type TextField = Extract<BlockField, { kind: 'text' }>
type StringField = Extract<BlockField, { kind: 'string' | 'id' | 'url' }>
type ListField = Extract<BlockField, { kind: 'list' }>

const MOST_PROBLEMS = 100
const MOST_METERS = 1_000
const SCRIPT_LINK = /<\s*(?:javascript|data|vbscript):/i
const LEAVE_OUT = 'Leave it out when there is nothing: {% if … %} … {% endif %}.'
const FIELD: TextField = {
  kind: 'text',
  types: ['mrkdwn', 'plain_text'],
  most: MOST_FIELD_TEXT,
  split: true,
  says: 'A short text',
}
const SMALL_PRINT: TextField = {
  kind: 'text',
  types: ['mrkdwn', 'plain_text'],
  most: MOST_CONTEXT_TEXT,
  says: 'A text',
}
const SHAPES = { option: OPTION, group: OPTION_GROUP, confirm: CONFIRM_DIALOG, feedback: FEEDBACK_BUTTON }
const isTyped = (of: BlockPart): of is TypedPart => Object.hasOwn(TYPED_PARTS, of)

const sentence = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1)
