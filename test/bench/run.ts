import { parseArgs } from 'node:util'
import { benchCommands } from './commands.ts'
import { benchDeliveries } from './deliveries.ts'
import { benchDeliveriesPostgres } from './deliveries-postgres.ts'
import { benchEvents } from './events.ts'
import { benchLog } from './log.ts'
import { type BenchOptions, optionNames } from './options.ts'
import { benchOverview } from './overview.ts'
import { benchPace } from './pace.ts'
import { benchRouting } from './routing.ts'
import { benchScale } from './scale.ts'
import { benchStart } from './start.ts'

type Bench = {
  run: (print: (line: string) => void, options: BenchOptions) => Promise<void>
  /** Only when it is asked for. */
  isSlow?: true
}

/** `npm run bench`, or `npm run bench -- commands` for one of them. */
const benches: Record<string, Bench> = {
  commands: { run: benchCommands },
  deliveries: { run: benchDeliveries },
  'deliveries-postgres': { run: benchDeliveriesPostgres },
  events: { run: benchEvents },
  log: { run: benchLog },
  overview: { run: benchOverview },
  pace: { run: benchPace, isSlow: true },
  routing: { run: benchRouting },
  scale: { run: benchScale },
  start: { run: benchStart },
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: Object.fromEntries(optionNames.map((name) => [name, { type: 'string' as const }])),
})
const options: BenchOptions = {}
for (const name of optionNames) if (values[name] !== undefined) options[name] = Number(values[name])

const inTheList = Object.keys(benches).filter((name) => !benches[name]?.isSlow)
for (const name of positionals.length > 0 ? positionals : inTheList) {
  const bench = benches[name]
  if (!bench) throw new Error(`There is no bench "${name}"; there are ${Object.keys(benches).join(', ')}.`)
  await bench.run((line) => process.stdout.write(`${line}\n`), options)
}
