import { Button } from '@mantine/core'
import { Link } from 'react-router'
import { formatDay } from '../lib/format.ts'
import { EmptyState } from '../ui/EmptyState.tsx'
import { IconSearch, IconSend } from '../ui/icons.ts'

type Props = {
  isFiltered: boolean
  /** What is older than this was not searched yet. */
  searchedTo: string | undefined
  onClear: () => void
}

/** An empty log, or one whose filters let nothing through: two different things to do next. */
export function NoDeliveries({ isFiltered, searchedTo, onClear }: Props) {
  if (searchedTo) {
    return (
      <EmptyState icon={<IconSearch />} title="None found so far">
        The log was searched back to {formatDay(searchedTo)}. Keep looking, or narrow it: a destination, a type or a
        time makes the search short.
      </EmptyState>
    )
  }
  if (isFiltered) {
    return (
      <EmptyState
        icon={<IconSearch />}
        title="No delivery fits these filters"
        actions={
          <Button variant="default" onClick={onClear}>
            Clear all filters
          </Button>
        }
      >
        Text is looked for in the first line of the message, the destination and the id.
      </EmptyState>
    )
  }
  return (
    <EmptyState
      icon={<IconSend />}
      title="Nothing was sent yet"
      actions={
        <Button component={Link} to="/integrations">
          Go to Integrations
        </Button>
      }
    >
      Every message to Slack is listed here with its attempts and what Slack answered. Send the first from the
      Destinations of an integration, with “Send test message”.
    </EmptyState>
  )
}
