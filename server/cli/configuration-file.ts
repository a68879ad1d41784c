import { basename, dirname, resolve } from 'node:path'
import type { Command } from 'commander'
import { type ConfigurationRequest, LONGEST_CONFIGURATION } from '../../shared/configuration.ts'
import { type SecretReference, secretReferencesIn } from '../configuration/secret-references.ts'
import { findIntegrationId } from './find-integration.ts'
import { withServer } from './options.ts'
import { EXIT, Problem, wrongUsage } from './problem.ts'
import { readAtMost } from './read-at-most.ts'
import type { Server, ServerOptions } from './server-client.ts'

export type FileOptions = ServerOptions & { integration?: string; prune?: boolean }

/** The options of the commands that take a configuration file. */
export function withFile(command: Command): Command {
  return withServer(command)
    .argument('<file>', 'YAML or JSON; - reads standard input')
    .option('--integration <id>', 'whose channels they are, where the file does not say and several are connected')
    .option('--prune', 'delete what the sections of the file do not name')
}

/** What is asked of the server: the file as it is, and the secrets that it refers to and that only stand here. */
export async function readRequest(server: Server, path: string, options: FileOptions): Promise<ConfigurationRequest> {
  const text = await readWhole(path)
  const secrets: Record<string, string> = {}
  for (const reference of secretReferencesIn(text)) secrets[reference.name] = await readReference(path, reference)
  const integrationId =
    options.integration === undefined ? undefined : await findIntegrationId(server, options.integration)
  return {
    text,
    name: path === '-' ? 'standard input' : basename(path),
    ...(integrationId !== undefined && { integrationId }),
    ...(options.prune && { prune: true }),
    ...(Object.keys(secrets).length > 0 && { secrets }),
  }
}

/** In bytes: in characters it is counted again by the server. */
const LARGEST_FILE = LONGEST_CONFIGURATION * 4
const LARGEST_SECRET = 8_192

async function readWhole(path: string): Promise<string> {
  const bytes = await readBytes(path, LARGEST_FILE)
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new Problem(EXIT.failed, `${path} is not in UTF-8.`, 'Convert it, for example with iconv.')
  }
  if (text.trim() === '') throw new Problem(EXIT.failed, `${path} is empty.`)
  if (text.length > LONGEST_CONFIGURATION) {
    const most = LONGEST_CONFIGURATION.toLocaleString('en')
    throw new Problem(EXIT.failed, `${path} has more than ${most} characters.`, 'Split it by its sections.')
  }
  return text
}

async function readReference(path: string, { from }: SecretReference): Promise<string> {
  if ('env' in from) {
    const value = process.env[from.env]?.trim()
    if (value) return value
    throw wrongUsage(`${path} refers to ${from.env}, which is not set.`, `Set it, or write {keep: true} in the file.`)
  }
  const at = path === '-' ? resolve(from.file) : resolve(dirname(path), from.file)
  const value = (await readBytes(at, LARGEST_SECRET)).toString('utf8').trim()
  if (value) return value
  throw new Problem(EXIT.failed, `The file ${from.file}, which ${path} refers to, is empty.`)
}

async function readBytes(path: string, mostBytes: number): Promise<Buffer> {
  try {
    const read = await readAtMost(path, mostBytes)
    if (read) return read
    throw new Problem(EXIT.failed, path === '-' ? 'Standard input is too large.' : `The file ${path} is too large.`)
  } catch (error) {
    if (error instanceof Problem) throw error
    const { code } = error as NodeJS.ErrnoException
    const why = code === 'ENOENT' ? 'is not there' : `can't be read (${code})`
    throw new Problem(EXIT.failed, `The file ${path} ${why}.`, 'Check the path.')
  }
}
