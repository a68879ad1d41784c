import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { withQuery } from '../lib/api.ts'
import { plural } from '../lib/format.ts'
import classes from './notification-types.module.css'
import { heldOfTypeQuery } from './queries.ts'

/** How many deliveries of a type wait until it is resumed, and which. */
export function HeldLink({ type }: { type: string }) {
  const { data } = useQuery(heldOfTypeQuery(type))
  if (!data) return null
  if (data.total === 0) return <span className={classes.meta}>nothing held yet</span>
  return (
    <Link to={withQuery('/deliveries', { state: 'held', type })}>
      {plural(data.total, 'delivery', 'deliveries')} held
    </Link>
  )
}
