import { credentialKinds } from '../../shared/integrations.ts'
import { readText } from './read-text.ts'
import { referenceOf } from './secrets.ts'

export type SecretReference = { name: string; from: { env: string } | { file: string } }

/** Where a file can name a secret. Nowhere else is a reference one: whoever reads them must not read what it likes. */
const PLACES: readonly (readonly string[])[] = [
  ...credentialKinds.map((kind) => ['integrations', '*', kind]),
  ['destinations', '*', 'webhook'],
  ['integrations', 'slack', 'cloud', 'appClientSecret'],
  ['integrations', 'slack', 'cloud', 'appSigningSecret'],
  ['slackBotToken'],
  ...['bot_token', 'app_token', 'signing_secret'].map((key) => ['slack_config', key]),
]

/** The references in a file, each once; none of a file that can't be read. */
export function secretReferencesIn(text: string): SecretReference[] {
  const { value } = readText(text)
  const found = PLACES.flatMap((place) => valuesAt(value, place)).flatMap((each) => reference(each) ?? [])
  return [...new Map(found.map((each) => [each.name, each])).values()]
}

function valuesAt(value: unknown, [step, ...rest]: readonly string[]): unknown[] {
  if (step === undefined) return [value]
  if (typeof value !== 'object' || value === null) return []
  if (step === '*') return Object.values(value).flatMap((item) => valuesAt(item, rest))
  return Object.hasOwn(value, step) ? valuesAt((value as Record<string, unknown>)[step], rest) : []
}

function reference(value: unknown): SecretReference | undefined {
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== 1) return undefined
  const { env, file } = value as { env?: unknown; file?: unknown }
  const from = typeof env === 'string' ? { env } : typeof file === 'string' ? { file } : undefined
  return from && { name: referenceOf(from), from }
}
