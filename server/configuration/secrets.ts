import type { SecretInFile } from '../../shared/configuration-file.ts'
import { type Ground, sayError } from './ground.ts'
import type { Path } from './read-text.ts'

/** What becomes of a secret: it stays, it is taken away, or it is replaced by a value, which nothing may show. */
export type WantedSecret = { kind: 'keep' } | { kind: 'remove' } | { kind: 'value'; value: string }

/** The value that a file gives, itself or by a reference that the command line has read; undefined after a problem. */
export function wantedSecret(
  ground: Pick<Ground, 'read' | 'request'>,
  secret: SecretInFile | null | undefined,
  path: Path,
): WantedSecret | undefined {
  if (secret === undefined) return { kind: 'keep' }
  if (secret === null) return { kind: 'remove' }
  if (typeof secret === 'string') return { kind: 'value', value: secret }
  if ('keep' in secret) return { kind: 'keep' }
  const reference = referenceOf(secret)
  const value = ownValue(ground.request.secrets, reference)
  if (value !== undefined) return { kind: 'value', value }
  const where = 'env' in secret ? `the variable ${secret.env}` : `the file ${secret.file}`
  return sayError(ground, path, {
    message: `This is read from ${where}, which only the command line can do.`,
    fix: 'Use npx switchboard plan and apply, or write {keep: true} here and enter the secret in the console.',
  })
}

export const referenceOf = (secret: { env: string } | { file: string }): string =>
  'env' in secret ? `env:${secret.env}` : `file:${secret.file}`

function ownValue(secrets: Readonly<Record<string, string>> | undefined, name: string): string | undefined {
  return secrets && Object.hasOwn(secrets, name) ? secrets[name] : undefined
}
