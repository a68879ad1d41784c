import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
  type YAMLError,
} from 'yaml'
import type { ConfigurationProblem } from '../../shared/configuration.ts'
import { offsetInScalar } from './scalar-offset.ts'

export type Path = readonly (string | number)[]
export type Finding = Pick<ConfigurationProblem, 'severity' | 'message' | 'fix' | 'about'>

/** A file as a plain value, and the way from each part of it back to its line and column. */
export type ReadText = {
  value: unknown
  problems: ConfigurationProblem[]
  /** A problem at the value of a path, or `inside` its text, counted in characters of the value; or at its key. */
  at: (path: Path, finding: Finding, where?: { inside: number } | 'key') => ConfigurationProblem
  /** Whether the value there is written with nothing in it, as in `channel: #compliance`. */
  isCommentedOut: (path: Path) => boolean
}

/** More than any configuration has, and few enough that an alias of aliases ends early. */
const MOST_VALUES = 100_000
const MOST_DEPTH = 40

/** Reads YAML or JSON. What is wrong with the text itself is a problem at its place. */
export function readText(text: string): ReadText {
  const lines = new LineCounter()
  const places = new Map<string, Place>()
  const problems: ConfigurationProblem[] = []
  const locate = (offset: number) => {
    const { line, col } = lines.linePos(Math.max(0, Math.min(offset, text.length)))
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
  const at: ReadText['at'] = (path, finding, where) => {
    const place = nearest(places, path)
    const offset =
      where === 'key'
        ? place.key
        : where === undefined || !place.node
          ? place.value
          : offsetInScalar(text, place.node, where.inside)
    return { ...finding, path: path.join('.'), ...locate(offset) }
  }
  const report = (offset: number, path: Path, finding: Finding) =>
    problems.push({ ...finding, path: path.join('.'), ...locate(offset) })
  const document = parsed(text, lines)
  for (const error of document?.errors ?? []) report(error.pos[0], [], { severity: 'error', ...said(error) })
  for (const { pos } of document?.warnings ?? []) report(pos[0], [], { severity: 'error', ...TAGGED })
  if (!document) report(0, [], { severity: 'error', ...TOO_DEEP })
  const value = document && problems.length === 0 ? plainValue(document, places, report) : undefined
  return {
    value,
    problems: problems.slice(0, MOST_PROBLEMS),
    at,
    isCommentedOut: (path) => /^[ \t]*#/.test(text.slice(nearest(places, path).afterKey)),
  }
}

type Place = { key: number; value: number; afterKey: number; node?: Scalar }
type Report = (offset: number, path: Path, finding: Finding) => void

const MOST_PROBLEMS = 50
const keyOf = (path: Path): string => JSON.stringify(path)

/** The place of the path, or of the nearest thing around it that is there. */
function nearest(places: ReadonlyMap<string, Place>, path: Path): Place {
  for (let length = path.length; length >= 0; length -= 1) {
    const place = places.get(keyOf(path.slice(0, length)))
    if (place) return place
  }
  return { key: 0, value: 0, afterKey: 0 }
}

/** Undefined for what is nested so deep that reading it would use up time and the stack. */
function parsed(text: string, lineCounter: LineCounter): Document.Parsed | undefined {
  if (isDeep(text)) return undefined
  try {
    return parseDocument(text, { lineCounter, prettyErrors: false, uniqueKeys: false })
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** Far deeper than can be meant, even if brackets inside of texts are counted along. */
const MOST_OPEN = 1_000

function isDeep(text: string): boolean {
  if (/(?:- ){100}/.test(text)) return true
  let open = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === 0x5b || code === 0x7b) open += 1
    else if (code === 0x5d || code === 0x7d) open = Math.max(0, open - 1)
    if (open > MOST_OPEN) return true
  }
  return false
}

/** Walks the document instead of letting the library build it: bounded, with the place of each part, own keys only. */
function plainValue(document: Document.Parsed, places: Map<string, Place>, report: Report): unknown {
  let values = 0
  let isOver = false
  const walk = (node: Node | null, path: Path, place: Place): unknown => {
    places.set(keyOf(path), place)
    values += 1
    if (isOver) return undefined
    if (values > MOST_VALUES || path.length > MOST_DEPTH) {
      isOver = true
      report(place.value, path, { severity: 'error', ...(path.length > MOST_DEPTH ? TOO_DEEP : TOO_MANY) })
      return undefined
    }
    if (isAlias(node)) {
      const meant = node.resolve(document)
      if (meant) return walk(meant, path, place)
      report(place.value, path, { severity: 'error', message: 'This refers to an anchor that is not there.' })
      return undefined
    }
    if (isSeq(node)) {
      return node.items.map((item, index) => {
        const offset = startOf(item, place.value)
        return walk(item as Node, [...path, index], { ...placeAt(offset, item) })
      })
    }
    return isMap(node) ? walkMap(node.items as Pair<Node, Node | null>[], path, place) : scalarValue(node)
  }
  const walkMap = (pairs: Pair<Node, Node | null>[], path: Path, place: Place): Record<string, unknown> => {
    const map: Record<string, unknown> = {}
    for (const { key, value } of pairs) {
      const keyAt = startOf(key, place.value)
      const name = isScalar(key) ? nameIn(key) : undefined
      const fault = name === undefined ? NO_NAME : name === '__proto__' ? RESERVED : undefined
      if (fault || name === undefined) report(keyAt, path, { severity: 'error', ...fault } as Finding)
      else if (Object.hasOwn(map, name)) report(keyAt, [...path, name], twice(name))
      else {
        const afterKey = endOf(key, keyAt) + 1
        map[name] = walk(value, [...path, name], { ...placeAt(startOf(value, keyAt), value), key: keyAt, afterKey })
      }
    }
    return map
  }
  const start = startOf(document.contents, 0)
  return walk(document.contents, [], placeAt(start, document.contents))
}

const placeAt = (offset: number, node: unknown): Place => ({
  key: offset,
  value: offset,
  afterKey: offset,
  ...(isScalar(node) && { node }),
})

const rangeOf = (node: unknown) => (node as Node | null | undefined)?.range
/** An empty value starts where its key does: nothing stands after it that one could point at. */
const startOf = (node: unknown, otherwise: number): number => {
  const range = rangeOf(node)
  return range && range[0] !== range[1] ? range[0] : otherwise
}
const endOf = (node: unknown, otherwise: number): number => rangeOf(node)?.[1] ?? otherwise

const scalarValue = (node: Node | null): unknown => {
  const value = isScalar(node) ? node.value : null
  return typeof value === 'bigint' ? Number(value) : value
}

/** A name that looks like a number stays as it was written: 1.10 is not 1.1. */
const nameIn = ({ value, source }: Scalar): string =>
  typeof value === 'number' && source !== undefined ? source : String(value)

const NO_NAME = { message: 'A name has to be a word or a text here, not a list or an object.' }
const RESERVED = { message: 'This can not be a name.', fix: 'Choose another one.' }
const TAGGED = { message: 'Tags, as in !name, mean nothing here.', fix: 'Leave the tag out.' }
const TOO_DEEP = { message: 'The file is nested deeper than anything a configuration has.' }
const TOO_MANY = {
  message: `The file grows beyond ${MOST_VALUES.toLocaleString('en')} values.`,
  fix: 'Write less, or fewer aliases (*name) of aliases.',
}

const twice = (name: string): Finding => ({
  severity: 'error',
  message: `"${name}" stands here twice.`,
  fix: 'Keep one of the two: which one counts would be a guess.',
})

/** In our words: those of the library quote the text, which may hold secrets. */
function said({ code }: YAMLError): { message: string; fix?: string } {
  switch (code) {
    case 'TAB_AS_INDENT':
      return { message: 'A tab can not indent YAML.', fix: 'Indent with spaces.' }
    case 'BAD_INDENT':
      return { message: 'This is not indented like its neighbours, or a bracket before it is not closed.' }
    case 'BLOCK_AS_IMPLICIT_KEY':
      return {
        message: 'A second colon stands on this line.',
        fix: 'Put a text with ": " in it in quotes, or begin a new line.',
      }
    case 'MISSING_CHAR':
      return { message: 'A quote, bracket, comma or colon is missing here.' }
    case 'MULTIPLE_DOCS':
      return { message: 'A second document begins here.', fix: 'Put each into a file of its own.' }
    case 'BAD_DQ_ESCAPE':
      return { message: 'This backslash begins nothing that is known.', fix: 'Write \\\\ for a backslash.' }
    case 'BAD_ALIAS':
      return { message: 'This alias is not written as one.', fix: 'Put a text that begins with * in quotes.' }
    case 'BAD_SCALAR_START':
      return { message: 'A text can not begin with this character.', fix: 'Put it in quotes.' }
    default:
      return { message: 'This is neither YAML nor JSON from here on.' }
  }
}
