import { z } from 'zod'

type Raw = z.core.$ZodRawIssue

/**
 * What is wrong with a value in plain words, where its schema brings no sentence of its own. Imported once it holds for
 * every schema: the library's sentences are for programmers ("expected string to have <=100 characters").
 */
export function schemaWords(issue: Raw): string {
  switch (issue.code) {
    case 'invalid_type':
      return wrongKind(String(issue.expected), issue.input)
    case 'invalid_value':
      return oneOf(issue.values)
    case 'too_big':
      return tooBig(issue)
    case 'too_small':
      return tooSmall(issue)
    case 'invalid_format':
      return FORMATS[issue.format] ?? otherForm(issue)
    case 'not_multiple_of':
      return `This has to be a multiple of ${issue.divisor}.`
    case 'unrecognized_keys':
      return `There is no field "${issue.keys[0]}" here.`
    case 'invalid_key':
      return issue.issues[0]?.message ?? 'This can not be a name here.'
    case 'invalid_union':
      return Array.isArray(issue.options) ? oneOf(issue.options) : noneOfKinds(issue.errors, issue.input)
    case 'invalid_element':
    case 'custom':
      return 'This does not fit here.'
  }
}

z.config({ customError: schemaWords })

/** The choices there are, as one sentence. */
export function oneOf(choices: readonly unknown[]): string {
  if (choices.length === 0) return 'This has another form than is known here.'
  return `This has to be ${choices.length === 1 ? '' : 'one of '}${choices.map(String).join(', ')}.`
}

/** That a value is of another kind than it has to be, or is missing. */
export function wrongKind(expected: string, value: unknown): string {
  const wanted = kindCalled(expected)
  if (value === undefined) return wanted ? `This is missing; it has to be ${wanted}.` : 'This is missing.'
  if (!wanted) return 'This does not belong here.'
  // Numbers of an address are read from its text: what could not be read is of the kind already.
  const isKind = Number.isNaN(value) || kindOf(value) === wanted
  return isKind ? `This has to be ${wanted}.` : `This has to be ${wanted}, not ${kindOf(value)}.`
}

/** The kinds that a value of several forms can be of; of the right kind, its form is another. */
function noneOfKinds(errors: readonly (readonly z.core.$ZodIssue[])[], value: unknown): string {
  const wanted = errors.map(([issue]) => (issue?.code === 'invalid_type' && kindCalled(String(issue.expected))) || '')
  if (wanted.length === 0 || wanted.includes('')) return 'This has another form than is known here.'
  const kinds = [...new Set(wanted)].join(' or ')
  return value === undefined
    ? `This is missing; it has to be ${kinds}.`
    : `This has to be ${kinds}, not ${kindOf(value)}.`
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'an object',
  record: 'an object',
  null: 'null',
}

/** Nothing for what is no kind of JSON, such as `never`. */
export const kindCalled = (expected: string): string | undefined => KINDS[expected]

/** The kind of JSON that a value is, in words. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return KINDS[typeof value] ?? typeof value
}

const FORMATS: Readonly<Record<string, string>> = {
  datetime: 'Write a time with its zone, such as 2026-11-24T14:05:00Z.',
  date: 'Write a day, such as 2026-11-24.',
  time: 'Write a time of day, such as 14:05.',
  email: 'Write a whole e-mail address, such as ada@acme.example.',
  url: 'Write a whole address, such as https://platform.example.com/switchboard.',
}

function otherForm(issue: Extract<Raw, { code: 'invalid_format' }>): string {
  if (issue.format === 'starts_with') return `This has to start with "${issue.prefix}".`
  if (issue.format === 'ends_with') return `This has to end with "${issue.suffix}".`
  if (issue.format === 'includes') return `This has to have "${issue.includes}" in it.`
  return issue.pattern ? `This has to match the pattern ${issue.pattern}.` : 'This is not written as it has to be.'
}

const UNITS: Readonly<Record<string, [one: string, many: string]>> = {
  string: ['character', 'characters'],
  array: ['item', 'items'],
  set: ['item', 'items'],
  map: ['field', 'fields'],
  object: ['field', 'fields'],
  record: ['field', 'fields'],
}

/** How much there may be, and how much there is. */
function tooBig({ origin, maximum, inclusive, exact, input }: Extract<Raw, { code: 'too_big' }>): string {
  const unit = UNITS[origin]
  if (!unit) return `${inclusive === false ? 'Less than' : 'At most'} ${maximum}.`
  return `${exact ? 'Exactly' : 'At most'} ${counted(Number(maximum), unit)}${has(input)}.`
}

function tooSmall({ origin, minimum, inclusive, exact, input }: Extract<Raw, { code: 'too_small' }>): string {
  const unit = UNITS[origin]
  if (!unit) return `${inclusive === false ? 'More than' : 'At least'} ${minimum}.`
  if (minimum === 1 && sizeOf(input) === 0) return origin === 'string' ? "This can't be empty." : 'Give at least one.'
  return `${exact ? 'Exactly' : 'At least'} ${counted(Number(minimum), unit)}${has(input)}.`
}

const counted = (count: number, [one, many]: [string, string]): string => `${count} ${count === 1 ? one : many}`

function has(input: unknown): string {
  const size = sizeOf(input)
  return size === undefined ? '' : `; this has ${size}`
}

function sizeOf(input: unknown): number | undefined {
  return typeof input === 'string' || Array.isArray(input) ? input.length : undefined
}
