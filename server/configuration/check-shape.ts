import { z } from 'zod'
import { kindCalled, kindOf } from '../../shared/schema-words.ts'
import { closest } from '../lib/closest.ts'
import { innermost } from '../lib/innermost.ts'
import type { Finding, Path, ReadText } from './read-text.ts'

/** The value as its schema has it, or every problem at its line and column. */
export function checkShape<Shape extends z.ZodType>(schema: Shape, read: ReadText): z.output<Shape> | undefined {
  const checked = schema.safeParse(read.value)
  if (checked.success) return checked.data
  // Once for all of them: it takes milliseconds, and a file may hold thousands of unknown keys.
  let editorSchema: JsonSchema | undefined
  for (const issue of checked.error.issues.flatMap((each) => innermost(each))) {
    if (issue.code === 'unrecognized_keys') {
      editorSchema ??= z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema
      for (const key of issue.keys) read.problems.push(unknownKey(editorSchema, read, issue.path as Path, key))
    } else {
      const path = issue.path as Path
      const finding = { severity: 'error' as const, ...wordsOf(issue, valueAt(read.value, path), read, path) }
      read.problems.push(read.at(path, finding, issue.code === 'invalid_key' ? 'key' : undefined))
    }
  }
  return undefined
}

type Issue = z.core.$ZodIssue

function unknownKey(schema: JsonSchema, read: ReadText, path: Path, key: string) {
  const known = knownKeys(schema, path)
  const meant = closest(key, known) ?? known.find((name) => plain(name) === plain(key))
  const where = path.length === 0 ? 'at the top of the file' : `in ${path.join('.')}`
  const finding: Finding = {
    severity: 'error',
    message: `There is no "${key}" ${where}.`,
    fix: meant ? `Did you mean \`${meant}\`?` : `Known here: ${known.join(', ')}.`,
  }
  return read.at([...path, key], finding, 'key')
}

/** Letters alone: so that max_attempts finds maxAttempts. */
const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '')

type JsonSchema = {
  properties?: Record<string, JsonSchema>
  additionalProperties?: JsonSchema | boolean
  items?: JsonSchema
  anyOf?: JsonSchema[]
  oneOf?: JsonSchema[]
}

/** What may stand at a place, by walking the schema as an editor would. */
function knownKeys(schema: JsonSchema, path: Path): string[] {
  let here: JsonSchema[] = [schema]
  for (const step of path) here = here.flatMap(branches).flatMap((each) => inner(each, step))
  return [...new Set(here.flatMap(branches).flatMap(({ properties }) => Object.keys(properties ?? {})))]
}

const branches = (schema: JsonSchema): JsonSchema[] => {
  const choices = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]
  return choices.length === 0 ? [schema] : choices.flatMap(branches)
}

function inner(schema: JsonSchema, step: string | number): JsonSchema[] {
  if (typeof step === 'number') return schema.items ? [schema.items] : []
  const named = Object.hasOwn(schema.properties ?? {}, step) ? schema.properties?.[step] : undefined
  if (named) return [named]
  return typeof schema.additionalProperties === 'object' ? [schema.additionalProperties] : []
}

function wordsOf(issue: Issue, value: unknown, read: ReadText, path: Path): { message: string; fix?: string } {
  if (value === null && read.isCommentedOut(path)) {
    return { message: 'Nothing stands here: # begins a comment.', fix: 'Put it in quotes, for example "#compliance".' }
  }
  switch (issue.code) {
    case 'invalid_union':
      return 'options' in issue && issue.options ? oneOf(issue.options.map(String), value) : { message: issue.message }
    case 'invalid_value':
      return oneOf(issue.values.map(String), value)
    case 'invalid_type':
      return wrongKind(issue.expected, value)
    case 'invalid_key':
      return { message: issue.issues[0]?.message ?? 'This can not be a name here.' }
    default:
      return { message: issue.message }
  }
}

function oneOf(choices: readonly string[], value: unknown): { message: string; fix?: string } {
  if (choices.length === 0) return { message: 'This has another form than is known here.' }
  const meant = typeof value === 'string' ? closest(value.toLowerCase(), choices) : undefined
  return {
    message: choices.length === 1 ? `This has to be ${choices[0]}.` : `This has to be one of ${choices.join(', ')}.`,
    ...(meant && { fix: `Did you mean \`${meant}\`?` }),
  }
}

function wrongKind(expected: string, value: unknown): { message: string; fix?: string } {
  if (value === undefined) return { message: 'This is missing.' }
  // What is left empty in a file is null, a word that nobody wrote.
  const message = `This has to be ${kindCalled(expected) ?? expected}, not ${value === null ? 'nothing' : kindOf(value)}.`
  if (expected === 'boolean' && typeof value === 'string')
    return { message, fix: 'Write true or false, without quotes.' }
  if (expected === 'string' && typeof value === 'number') return { message, fix: 'Put it in quotes.' }
  if (expected === 'number' && typeof value === 'string') return { message, fix: 'Leave the quotes out.' }
  if (expected === 'array') return { message, fix: 'Write a list: [one, another], or a line with - for each.' }
  return { message }
}

function valueAt(value: unknown, path: Path): unknown {
  let here = value
  for (const step of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, step)) return undefined
    here = (here as Record<string | number, unknown>)[step]
  }
  return here
}
