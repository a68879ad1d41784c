import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import type { NotificationType } from '../../shared/notification-types.ts'
import { withQuery } from '../lib/api.ts'
import { formatCount, plural } from '../lib/format.ts'
import classes from './notification-types.module.css'
import { heldOfTypeQuery } from './queries.ts'

/** How many deliveries of a type wait until it is resumed, and which; of a large backlog, how many so far. */
export function HeldLink({ type: { type, underWay } }: { type: NotificationType }) {
  const { data } = useQuery(heldOfTypeQuery(type, underWay !== undefined))
  if (!data) return null
  const soFar = underWay ? ' so far' : ''
  if (data.total === 0) return <span className={classes.meta}>nothing held yet</span>
  return (
    <Link to={withQuery('/deliveries', { state: 'held', type })}>
      {data.atLeast ? `${formatCount(data.total)}+ deliveries` : plural(data.total, 'delivery', 'deliveries')} held
      {soFar}
    </Link>
  )
}
