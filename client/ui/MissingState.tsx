import { Button } from '@mantine/core'
import { Link } from 'react-router'
import { EmptyState } from './EmptyState.tsx'

type Props = {
  /** "delivery" */
  what: string
  to: string
  /** "Go to Deliveries" */
  action: string
}

/** Nothing has the id that stands in the address. */
export function MissingState({ what, to, action }: Props) {
  const button = (
    <Button component={Link} to={to}>
      {action}
    </Button>
  )
  return (
    <EmptyState title={`No ${what} has this id`} actions={button}>
      It may have been typed wrong, or belong to another server.
    </EmptyState>
  )
}
