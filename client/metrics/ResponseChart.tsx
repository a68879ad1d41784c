import { type Overview, targets } from '../../shared/metrics.ts'
import { TimeSeries } from '../charts/TimeSeries.tsx'
import { formatCount, toMs } from '../lib/format.ts'
import { bucketPath } from './bucket-path.ts'

type Props = { overview: Overview; integrationId?: string | undefined }

/** How long Slack takes to answer. A point leads to the deliveries whose requests were answered then. */
export default function ResponseChart({ overview: { responses, stepMs }, integrationId }: Props) {
  const { p50, p95, p99 } = responses.total
  return (
    <TimeSeries
      title="API response time"
      note="ms, all methods"
      points={responses.points.map(({ at, ...point }) => ({
        at: toMs(at),
        values: { p50: point.p50, p95: point.p95, p99: point.p99 },
      }))}
      stepMs={stepMs}
      lines={[
        { key: 'p50', label: 'p50', colour: 'low', total: inMs(p50) },
        { key: 'p95', label: 'p95', colour: 'main', total: inMs(p95) },
        { key: 'p99', label: 'p99', colour: 'high', total: inMs(p99) },
      ]}
      scale="amount"
      format={(value) => `${inMs(value)} ms`}
      formatTick={formatCount}
      target={{ value: targets.responseP95Ms, label: `Target p95 ${targets.responseP95Ms} ms` }}
      to={(at) => bucketPath('/deliveries', at, stepMs, { by: 'attempted', integrationId })}
      empty="No request was sent in this time"
    />
  )
}

function inMs(value: number | null): string {
  return value === null ? '–' : formatCount(Math.round(value))
}
