import { useQuery } from '@tanstack/react-query'
import { formatShort } from '../lib/format.ts'
import { heldCountQuery } from './queries.ts'

/** Beside Deliveries in the navigation: how many wait for somebody to act. Nothing while none do. */
export function HeldNote() {
  const { data } = useQuery(heldCountQuery)
  return data && data.total > 0 ? `${formatShort(data.total)} held` : null
}
