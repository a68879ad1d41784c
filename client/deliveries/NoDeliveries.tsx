import { Button } from '@mantine/core'
import { Link } from 'react-router'
import { EmptyState } from '../ui/EmptyState.tsx'
import { IconSearch, IconSend } from '../ui/icons.ts'

/** An empty log, or one whose filters let nothing through: two different things to do next. */
export function NoDeliveries({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
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
