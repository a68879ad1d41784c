import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Counter, Gauge, Registry } from 'prom-client'
import type { AppContext } from '../context.ts'
import { countRefused } from './counts-store.ts'
import { queueGauges } from './expose-queue.ts'
import { type Figure, totalOf } from './figures.ts'
import type { Dependants } from './queue-now.ts'
import { readCounts } from './read-figures.ts'
import { findNextRow } from './rows-store.ts'
import { ceilTo, MINUTE_MS } from './spans.ts'
import { countOpenIncidents } from './subjects-store.ts'

/**
 * The scrape text. What the store knows is read from it at each scrape, so that every replica tells the same and a
 * restart sets nothing back to zero; only the process's own figures differ between replicas.
 */
export function exposeMetrics(
  ctx: AppContext,
  { queueFigures }: Dependants,
): () => Promise<{ text: string; contentType: string }> {
  const registry = new Registry()
  const registers = [registry]
  const queue = queueGauges(registers)
  const ended = new Counter({
    name: 'switchboard_deliveries_ended_total',
    help: 'Deliveries that ended, by state',
    labelNames: ['state'],
    registers,
  })
  const attempts = new Counter({
    name: 'switchboard_attempts_total',
    help: 'Requests to Slack for deliveries, by method and outcome',
    labelNames: ['method', 'outcome'],
    registers,
  })
  const invocations = new Counter({
    name: 'switchboard_command_invocations_total',
    help: 'Uses of slash commands, by command and outcome',
    labelNames: ['command', 'outcome'],
    registers,
  })
  const refused = new Counter({
    name: 'switchboard_refused_requests_total',
    help: 'Requests to the addresses of Slack that were refused, by address and reason',
    labelNames: ['surface', 'reason'],
    registers,
  })
  const lag = new Gauge({
    name: 'switchboard_event_loop_lag_seconds',
    help: 'How late this process runs what is due, since the last scrape',
    labelNames: ['quantile'],
    registers,
  })
  const memory = new Gauge({
    name: 'process_resident_memory_bytes',
    help: 'Memory that this process holds',
    registers,
  })
  let delay: ReturnType<typeof monitorEventLoopDelay> | undefined

  return async () => {
    const now = ctx.now()
    for (const metric of [ended, attempts, invocations, refused]) metric.reset()

    queue.set(await queueFigures(ctx), await countOpenIncidents(ctx.db), now)

    const to = ceilTo(now, MINUTE_MS)
    const from = Math.min(to, Math.floor(((await findNextRow(ctx.db, 0)) ?? to) / MINUTE_MS) * MINUTE_MS)
    for (const figure of byLabel(await readCounts(ctx, { from, to }, { series: COUNTED }))) {
      if (figure.series === 'deliveries') {
        ended.inc({ state: 'delivered' }, figure.good)
        ended.inc({ state: 'failed' }, figure.bad)
      } else if (figure.series === 'set_aside') {
        ended.inc({ state: figure.label }, figure.good)
      } else if (figure.series === 'outcomes') {
        const [method = '', outcome = ''] = figure.label.split(' ')
        attempts.inc({ method, outcome }, figure.good)
      } else {
        invocations.inc({ command: figure.label, outcome: 'answered' }, figure.good)
        invocations.inc({ command: figure.label, outcome: 'failed' }, figure.bad)
      }
    }
    for (const { surface, reason, count } of await countRefused(ctx.db)) refused.inc({ surface, reason }, count)

    if (!delay) {
      delay = monitorEventLoopDelay({ resolution: 20 })
      delay.enable()
    }
    for (const share of [50, 99]) lag.set({ quantile: String(share / 100) }, (delay.percentile(share) || 0) / 1e9)
    delay.reset()
    memory.set(process.memoryUsage.rss())
    return { text: await registry.metrics(), contentType: registry.contentType }
  }
}

function byLabel(figures: Figure[]) {
  const groups = new Map<string, Figure[]>()
  for (const figure of figures) {
    const key = `${figure.series} ${figure.label}`
    groups.set(key, [...(groups.get(key) ?? []), figure])
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group
    return first ? [{ series: first.series, label: first.label, ...totalOf(group) }] : []
  })
}

const COUNTED = ['deliveries', 'set_aside', 'outcomes', 'commands'] as const
