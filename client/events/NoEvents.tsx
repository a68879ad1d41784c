import { Button } from '@mantine/core'
import { Link } from 'react-router'
import { formatDay } from '../lib/format.ts'
import { CodeBlock } from '../ui/CodeBlock.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { IconBolt, IconSearch } from '../ui/icons.ts'
import { useCan } from '../users/queries.ts'
import { commandFor } from './command-for.ts'
import classes from './events.module.css'

type Props = {
  isFiltered: boolean
  /** What is older than this was not searched yet. */
  searchedTo: string | undefined
  onClear: () => void
}

/** No event yet, or none that fits: two different things to do next. */
export function NoEvents({ isFiltered, searchedTo, onClear }: Props) {
  if (searchedTo) {
    return (
      <EmptyState icon={<IconSearch />} title="None found so far">
        The events were searched back to {formatDay(searchedTo)}. Keep looking, or narrow it: a type or a time makes the
        search short.
      </EmptyState>
    )
  }
  if (isFiltered) {
    return (
      <EmptyState
        icon={<IconSearch />}
        title="No event fits these filters"
        actions={
          <Button variant="default" onClick={onClear}>
            Clear all filters
          </Button>
        }
      >
        Text is looked for in everything an event says, as far as its type allows it to be shown.
      </EmptyState>
    )
  }
  return <SendTheFirst />
}

/** The way from nothing to a first event: by hand from here, or from the platform. */
function SendTheFirst() {
  const isAdmin = useCan('admin')
  return (
    <EmptyState
      icon={<IconBolt />}
      title="No event came yet"
      actions={
        isAdmin ? (
          <>
            <Button component={Link} to="/notifications/new">
              Send a first event from here
            </Button>
            <Button component={Link} variant="default" to="/settings">
              Make an API key
            </Button>
          </>
        ) : (
          <Button component={Link} variant="default" to="/notifications/tester">
            Try an event
          </Button>
        )
      }
    >
      <p>
        An event says what happened on your platform; its type and your rules decide who reads of it in Slack. Each one
        is listed here with where it landed. Your platform sends them with one request:
      </p>
      <div className={classes.command}>
        <CodeBlock label="Command that sends an event" code={commandFor('compliance.violation')} />
      </div>
    </EmptyState>
  )
}
