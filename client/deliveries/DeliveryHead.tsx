import type { ReactNode } from 'react'
import { Link } from 'react-router'
import type { Delivery } from '../../shared/deliveries.ts'
import { formatDuration, plural } from '../lib/format.ts'
import { FactStrip } from '../ui/KeyValues.tsx'
import { DueTime, RelativeTime } from '../ui/RelativeTime.tsx'
import { PageHead } from '../ui/Section.tsx'
import { StatePill } from '../ui/StatePill.tsx'
import { DeliveryActions } from './DeliveryActions.tsx'
import { DeliveryStatePill } from './DeliveryStatePill.tsx'
import { isMoving, markLabels, originLabels } from './delivery-states.ts'
import classes from './head.module.css'

/** What was sent where, how it stands, the facts about it, and what may still be done. */
export function DeliveryHead({ delivery }: { delivery: Delivery }) {
  const { title, state, mark, destination, integrationId, integrationName } = delivery
  const pills = (
    <>
      <DeliveryStatePill state={state} />
      {mark && <StatePill tone="warn">{markLabels[mark]}</StatePill>}
    </>
  )
  return (
    <PageHead title={title} state={pills} actions={<DeliveryActions key={delivery.id} delivery={delivery} />}>
      <p className={classes.where}>
        to <strong>{destination.name}</strong> in <Link to={`/integrations/${integrationId}`}>{integrationName}</Link>
      </p>
      <FactStrip facts={factsOf(delivery)} />
    </PageHead>
  )
}

type Fact = { name: string; value: ReactNode }

function factsOf(delivery: Delivery): Fact[] {
  const { origin, type, priority, createdAt, eventId } = delivery
  const facts: Fact[] = [
    type ? { name: 'Event type', value: type } : { name: 'Origin', value: originLabels[origin] },
    { name: 'Priority', value: priority.slice(0, 1).toUpperCase() + priority.slice(1) },
    { name: 'Accepted', value: <RelativeTime at={createdAt} /> },
    ...timeOf(delivery),
    { name: 'Attempts', value: attemptsInWords(delivery) },
  ]
  if (eventId) {
    facts.push({ name: 'Event', value: <Link to={`/events/${eventId}`}>{eventId}</Link> })
  }
  return facts
}

/** How long it took, or when it is to go out. */
function timeOf(delivery: Delivery): Fact[] {
  const { tookMs, expectedAt, dueAt } = delivery
  if (tookMs !== undefined) return [{ name: 'Ended after', value: formatDuration(tookMs) }]
  if (!isMoving(delivery) || delivery.state === 'held') return []
  const at = expectedAt ?? dueAt
  return at ? [{ name: 'Goes out', value: <DueTime at={at} /> }] : []
}

function attemptsInWords({ tries, attempts }: Delivery): string {
  const waits = attempts.filter(({ outcome }) => outcome === 'rate_limited').length
  return waits ? `${tries}, after ${plural(waits, 'wait')}` : String(tries)
}
