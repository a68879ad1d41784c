import type { DeliveryState } from '../../shared/deliveries.ts'
import { StatePill } from '../ui/StatePill.tsx'
import { deliveryStateLooks } from './delivery-states.ts'

/** The state of a delivery as shape, word and colour. */
export function DeliveryStatePill({ state }: { state: DeliveryState }) {
  const { label, tone, shape } = deliveryStateLooks[state]
  return (
    <StatePill tone={tone} {...(shape && { shape })}>
      {label}
    </StatePill>
  )
}
