import { benchCommands } from './commands.ts'
import { benchLog } from './log.ts'
import { benchOverview } from './overview.ts'
import { benchStart } from './start.ts'

/** `npm run bench`, or `npm run bench -- commands` for one of them. */
const benches: Record<string, (print: (line: string) => void) => Promise<void>> = {
  commands: benchCommands,
  log: benchLog,
  overview: benchOverview,
  start: benchStart,
}

const wanted = process.argv.slice(2)
for (const name of wanted.length > 0 ? wanted : Object.keys(benches)) {
  const bench = benches[name]
  if (!bench) throw new Error(`There is no bench "${name}"; there are ${Object.keys(benches).join(', ')}.`)
  await bench((line) => process.stdout.write(`${line}\n`))
}
