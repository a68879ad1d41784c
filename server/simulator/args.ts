import { invalidArguments, PlatformError } from './envelope.ts'
import type { Json } from './workspace.ts'

/** A method's arguments as they came: strings from a form, anything from JSON. */
export type Args = Record<string, unknown>

export function readText(args: Args, name: string): string {
  const value = findText(args, name)
  if (value === undefined) throw invalidArguments(`missing required field: ${name}`)
  return value
}

export function findText(args: Args, name: string): string | undefined {
  const value = args[name]
  if (value === undefined || value === null || value === '') return undefined
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

export function readFlag(args: Args, name: string): boolean {
  return args[name] === true || args[name] === 'true' || args[name] === '1' || args[name] === 1
}

/** A whole number within bounds; what is outside them is `invalid_limit`, Slack's word for it. */
export function readLimit(args: Args, bounds: { default: number; max: number }): number {
  const text = findText(args, 'limit')
  if (text === undefined || text === '0') return bounds.default
  const limit = Number(text)
  if (!Number.isInteger(limit) || limit < 1 || limit > bounds.max) throw new PlatformError('invalid_limit')
  return limit
}

/** A structured argument: a JSON string in a form, itself in a JSON body. */
export function findJson(args: Args, name: string, onInvalid: string): unknown {
  const value = args[name]
  if (typeof value !== 'string') return value ?? undefined
  if (value === '') return undefined
  try {
    return JSON.parse(value)
  } catch {
    throw new PlatformError(onInvalid)
  }
}

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function isJsonList(value: unknown): value is Json[] {
  return Array.isArray(value) && value.every(isJson)
}
