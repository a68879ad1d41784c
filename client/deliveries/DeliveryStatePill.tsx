import type { DeliveryState } from '../../shared/deliveries.ts'
import { formatCount } from '../lib/format.ts'
import { StatePill } from '../ui/StatePill.tsx'
import { deliveryStateLooks } from './delivery-states.ts'

/** The state of a delivery as shape, word and colour; of several, with how many. */
export function DeliveryStatePill({ state, count = 1 }: { state: DeliveryState; count?: number }) {
  const { label, tone, shape } = deliveryStateLooks[state]
  return (
    <StatePill tone={tone} {...(shape && { shape })}>
      {label}
      {count > 1 && ` ${formatCount(count)}`}
    </StatePill>
  )
}
