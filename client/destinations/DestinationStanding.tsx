import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { deliveryCode } from '../../shared/delivery-codes.ts'
import type { Destination } from '../../shared/destinations.ts'
import { withQuery } from '../lib/api.ts'
import { plural } from '../lib/format.ts'
import { DestinationStatePill } from './DestinationStatePill.tsx'
import classes from './destinations.module.css'
import { heldForQuery } from './queries.ts'

/** How a destination is; while something stands in its way, what it is, what to do, and how much waits behind it. */
export function DestinationStanding({ destination }: { destination: Destination }) {
  const { state, code, pausedBy } = destination
  const holds = state === 'paused' || state === 'disabled'
  return (
    <div>
      <DestinationStatePill destination={destination} />
      {code && (state === 'failing' || state === 'paused') && <Reason code={code} />}
      {state === 'paused' && !code && pausedBy && <div className={classes.meta}>by {pausedBy}</div>}
      {holds && <Held destination={destination} />}
    </div>
  )
}

function Reason({ code }: { code: string }) {
  const { meaning, fix } = deliveryCode(code)
  return (
    <div className={classes.meta}>
      <code>{code}</code> {meaning} {fix}
    </div>
  )
}

function Held({ destination: { id } }: { destination: Destination }) {
  const { data } = useQuery(heldForQuery({ destinationId: id }))
  if (!data) return null
  if (data.total === 0) return <span className={classes.meta}>nothing held yet</span>
  return (
    <Link className={classes.held} to={withQuery('/deliveries', { state: 'held', destinationId: id })}>
      {plural(data.total, 'delivery', 'deliveries')} held
    </Link>
  )
}
