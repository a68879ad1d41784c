import { type Overview, targets } from '../../shared/metrics.ts'
import { TimeSeries } from '../charts/TimeSeries.tsx'
import { formatCount, formatPercent, toMs } from '../lib/format.ts'
import { bucketPath } from './bucket-path.ts'

type Props = { overview: Overview; integrationId?: string | undefined }

/** How much of what ended arrived, over how much that was. A point leads to exactly those deliveries. */
export default function RateChart({ overview: { deliveries, stepMs }, integrationId }: Props) {
  const { delivered, failed, held, unconfirmed } = deliveries
  const beside = [held > 0 && `held ${formatCount(held)}`, unconfirmed > 0 && `unconfirmed ${formatCount(unconfirmed)}`]
  return (
    <TimeSeries
      title="Delivery rate"
      points={deliveries.points.map(({ at, ...point }) => ({
        at: toMs(at),
        values: { rate: point.rate, delivered: point.delivered, failed: point.failed },
      }))}
      stepMs={stepMs}
      lines={[{ key: 'rate', label: 'rate', colour: 'rate' }]}
      bars={[
        { key: 'delivered', label: 'delivered', colour: 'volume', total: formatCount(delivered) },
        { key: 'failed', label: 'failed', colour: 'bad', total: formatCount(failed) },
      ]}
      aside={beside.filter(Boolean).join(', ')}
      scale="share"
      format={(value) => formatPercent(value)}
      formatTick={(value) => formatPercent(value, 1)}
      target={{ value: targets.deliveryRate, label: `Target ${formatPercent(targets.deliveryRate)}` }}
      // Both states that the rate is made of, so that the list has as many rows as the bar is high.
      to={(at) => bucketPath('/deliveries', at, stepMs, { by: 'ended', state: 'delivered,failed', integrationId })}
      empty="No delivery ended in this time"
    />
  )
}
