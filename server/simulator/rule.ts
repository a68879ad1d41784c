import { isJson, isJsonList } from './args.ts'
import type { Json } from './workspace.ts'

/** Checks one part of a block; each problem ends in the pointer to where it is. */
export type Rule = (part: Json, pointer: string) => string[]

export function requiredText(value: unknown, pointer: string, most: number, types?: string[]): string[] {
  return value === undefined ? [at('missing required field: text', pointer)] : textProblems(value, pointer, most, types)
}

export function textProblems(
  value: unknown,
  pointer: string,
  most: number,
  types = ['mrkdwn', 'plain_text'],
): string[] {
  if (value === undefined) return []
  if (!isJson(value)) return [at('must be an object', pointer)]
  const typeIsRight = types.includes(String(value.type))
  return [
    ...(typeIsRight ? [] : [at(`must be a ${types.join(' or ')} object`, `${pointer}/type`)]),
    ...lengthProblems(value.text, `${pointer}/text`, most, true),
  ]
}

export function lengthProblems(value: unknown, pointer: string, most: number, required = false): string[] {
  if (value === undefined && !required) return []
  if (typeof value !== 'string') return [at('must be a string', pointer)]
  if (required && value.length === 0) return [at('must be more than 0 characters', pointer)]
  return value.length > most ? [at(`must be less than ${most + 1} characters`, pointer)] : []
}

/** An address, in which nothing is left blank. */
export function urlProblems(value: unknown, pointer: string): string[] {
  const problems = lengthProblems(value, pointer, 3000)
  const isAddress = typeof value !== 'string' || /^[a-z][a-z0-9+.-]*:\S+$/i.test(value)
  return isAddress ? problems : [...problems, at('must be a valid url', pointer)]
}

export function wordProblems(value: unknown, pointer: string, words: readonly string[]): string[] {
  return value === undefined || words.includes(String(value))
    ? []
    : [at(`must be one of: ${words.join(', ')}`, pointer)]
}

export function countProblems(value: unknown, pointer: string, least: number, most: number): string[] {
  const isFitting = Number.isInteger(value) && Number(value) >= least && Number(value) <= most
  return value === undefined || isFitting ? [] : [at(`must be an integer from ${least} to ${most}`, pointer)]
}

export function flagProblems(part: Json, pointer: string, names: readonly string[]): string[] {
  const wrong = names.filter((name) => part[name] !== undefined && typeof part[name] !== 'boolean')
  return wrong.map((name) => at('must be a boolean', `${pointer}/${name}`))
}

/** Of these fields one at least. */
export function oneOfProblems(part: Json, pointer: string, names: readonly string[]): string[] {
  const isThere = names.some((name) => part[name] !== undefined)
  return isThere ? [] : [at(`missing required field: ${names[0]}`, pointer)]
}

export function missingProblems(part: Json, pointer: string, names: readonly string[]): string[] {
  const missing = names.filter((name) => part[name] === undefined)
  return missing.map((name) => at(`missing required field: ${name}`, pointer))
}

/** Items of which there must be one at least. */
export function filledListProblems(value: unknown, pointer: string, most: number, rule: Rule): string[] {
  const isEmpty = Array.isArray(value) && value.length === 0
  return [
    ...(isEmpty ? [at('must provide at least one item', pointer)] : []),
    ...listProblems(value, pointer, most, rule),
  ]
}

export function listProblems(value: unknown, pointer: string, most: number, rule: Rule): string[] {
  if (value === undefined) return []
  if (!Array.isArray(value)) return [at('must be an array', pointer)]
  const items: unknown[] = value
  return [
    ...(items.length > most ? [at(`no more than ${most} items allowed`, pointer)] : []),
    ...items.flatMap((item, index) =>
      isJson(item) || isJsonList(item)
        ? rule(isJson(item) ? item : {}, `${pointer}/${index}`)
        : [at('must be an object', `${pointer}/${index}`)],
    ),
  ]
}

export function idProblems(holder: Json, name: 'block_id' | 'action_id', pointer: string, seen: Set<string>): string[] {
  const id = holder[name]
  if (id === undefined || id === '') return []
  if (typeof id !== 'string') return [at('must be a string', `${pointer}/${name}`)]
  const isRepeated = seen.has(id)
  seen.add(id)
  return [
    ...(isRepeated ? [at(`\`${name}\` already exists`, `${pointer}/${name}`)] : []),
    ...lengthProblems(id, `${pointer}/${name}`, 255),
  ]
}

export function at(problem: string, pointer: string): string {
  return `${problem} [json-pointer:${pointer}]`
}
