import type { ReactNode } from 'react'
import { Link } from 'react-router'
import type { Delivery } from '../../shared/deliveries.ts'
import { withQuery } from '../lib/api.ts'
import { DueTime } from '../ui/RelativeTime.tsx'
import type { Shape } from '../ui/StatePill.tsx'
import { isMoving } from './delivery-states.ts'
import { placeInLine } from './place-in-line.ts'

type Props = { delivery: Delivery; children: (shape: Shape, title: string, note: ReactNode) => ReactNode }

/** What a delivery that has not ended does right now; nothing once it has. */
export function Standing({ delivery, children }: Props) {
  if (!isMoving(delivery)) return null
  switch (delivery.state) {
    case 'sending':
      return children('running', 'On its way to Slack', 'Slack has not answered yet.')
    case 'held':
      // The end of quiet hours or a mute is told by its story.
      if (delivery.code === 'quiet_hours' || delivery.code === 'muted') return null
      return children('pause', 'Waits to be resumed', <HeldNote delivery={delivery} />)
    case 'pending':
      return children('clock', placeInLine(delivery), <Due delivery={delivery} />)
    case 'retrying':
      // When it is tried next, its story has told already.
      return delivery.ahead ? children('clock', placeInLine(delivery), <Due delivery={delivery} />) : null
    case 'unconfirmed':
    case 'delivered':
    case 'failed':
    case 'suppressed':
    case 'cancelled':
      return null
  }
}

function Due({ delivery: { expectedAt, dueAt } }: { delivery: Delivery }) {
  const at = expectedAt ?? dueAt
  if (!at) return 'It goes out as soon as its channel is free.'
  return (
    <>
      <DueTime at={at} />, by its place in line and the pace that Slack allows.
    </>
  )
}

function HeldNote({ delivery: { destination, integrationId, type } }: { delivery: Delivery }) {
  const its = <Link to={`/integrations/${integrationId}/destinations`}>{destination.name}</Link>
  return (
    <>
      It goes out in order once {its}
      {type ? (
        <>
          , its integration and <Link to={`/notifications/types/${encodeURIComponent(type)}`}>{type}</Link> go on.
        </>
      ) : (
        ' and its integration go on.'
      )}{' '}
      <Link to={withQuery('/deliveries', { state: 'held', destinationId: destination.id })}>
        See all that is held for {destination.name}
      </Link>
    </>
  )
}
