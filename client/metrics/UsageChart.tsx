import type { Overview } from '../../shared/metrics.ts'
import type { Series } from '../charts/parts.tsx'
import { StackedBars } from '../charts/StackedBars.tsx'
import { formatCount, plural, toMs } from '../lib/format.ts'
import { bucketPath } from './bucket-path.ts'

type Props = { overview: Overview; integrationId?: string | undefined }

const COLOURS = ['1', '2', '3', '4'] as const
const REST = 'all others'

/** Which commands are used, and when. A bar leads to exactly those uses. */
export default function UsageChart({ overview: { commands, stepMs }, integrationId }: Props) {
  const ranked = commands.byCommand.toSorted((a, b) => b.count - a.count)
  const named = ranked.length > COLOURS.length ? ranked.slice(0, COLOURS.length - 1) : ranked
  const rest = commands.total - named.reduce((sum, { count }) => sum + count, 0)
  const shown = [
    ...named.map(({ command, count }) => ({ key: command, count })),
    ...(ranked.length > named.length ? [{ key: REST, count: rest }] : []),
  ]
  const series = shown.map(({ key, count }, index): Series => {
    return { key, label: key, colour: COLOURS[index] ?? '4', total: formatCount(count) }
  })
  const failed = commands.failed > 0 ? `, ${formatCount(commands.failed)} failed` : ''
  return (
    <StackedBars
      title="Command usage"
      {...(commands.total > 0 && {
        note: `${plural(commands.total, 'invocation')} by ${plural(commands.people, 'person', 'people')}${failed}`,
      })}
      points={commands.points.map(({ at, byCommand }) => ({ at: toMs(at), values: stacked(byCommand, named) }))}
      stepMs={stepMs}
      series={series}
      to={(at) => bucketPath('/commands', at, stepMs, { integrationId })}
      empty="No command was used in this time"
    />
  )
}

function stacked(byCommand: Record<string, number>, named: { command: string }[]): Record<string, number> {
  const values = Object.fromEntries(named.map(({ command }) => [command, byCommand[command] ?? 0]))
  const all = Object.values(byCommand).reduce((sum, count) => sum + count, 0)
  const shown = Object.values(values).reduce((sum, count) => sum + count, 0)
  return { ...values, [REST]: all - shown }
}
