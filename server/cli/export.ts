import { writeFile } from 'node:fs/promises'
import { type Command, Option } from 'commander'
import { z } from 'zod'
import { ExportedConfiguration } from '../../shared/configuration.ts'
import { withServer } from './options.ts'
import { note, printWhole } from './print.ts'
import { EXIT, Problem } from './problem.ts'
import { ask, findServer, type Server, type ServerOptions } from './server-client.ts'

type Options = ServerOptions & { format?: 'yaml' | 'json'; out?: string; schema?: boolean }

/** Everything that is set, as a file that plan and apply take. */
export function exportCommand(program: Command): void {
  withServer(program.command('export').description('Write all of the configuration as a file, without secrets'))
    .addOption(new Option('--format <format>', 'else yaml, or json with --json').choices(['yaml', 'json']))
    .option('--out <path>', 'a file instead of standard output')
    .option('--schema', 'the JSON Schema of the file instead, for editors')
    .action(async (options: Options) => {
      const server = await findServer(options)
      const text = options.schema ? await readSchema(server) : await readExport(server, options)
      if (options.out === undefined) return printWhole(text.trimEnd())
      await writeFile(options.out, text).catch(({ code }: NodeJS.ErrnoException) => {
        throw new Problem(EXIT.failed, `The file ${options.out} can't be written (${code}).`)
      })
      note(`Written to ${options.out}`)
    })
}

async function readExport(server: Server, { format, json }: Options): Promise<string> {
  const query = { format: format ?? (json ? 'json' : 'yaml') }
  return (await ask(server, { path: 'api/configuration/export', query }, ExportedConfiguration)).text
}

async function readSchema(server: Server): Promise<string> {
  const schema = await ask(server, { path: 'api/configuration/schema.json' }, z.record(z.string(), z.unknown()))
  return `${JSON.stringify(schema, null, 2)}\n`
}
