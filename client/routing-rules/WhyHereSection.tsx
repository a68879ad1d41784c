import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import type { DecidedDestination, Explanation } from '../../shared/routing-rules.ts'
import { explanationQuery } from '../events/queries.ts'
import { ApiError } from '../lib/api.ts'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { Section } from '../ui/Section.tsx'
import { RowsSkeleton } from '../ui/Skeletons.tsx'
import { ExplainedRules } from './ExplainedRules.tsx'
import { becauseWords } from './outcome-words.ts'
import classes from './trials.module.css'

type Props = { eventId: string; destinationId: string }

/** What brought a message to this destination: the type, or the rules with the values that each of their parts saw. */
export function WhyHereSection({ eventId, destinationId }: Props) {
  const { data, error, refetch } = useQuery(explanationQuery(eventId))
  const isGone = error instanceof ApiError && error.status === 404
  return (
    <Section title="Why here?" actions={data && <Link to={`/events/${eventId}`}>All that was weighed</Link>}>
      {isGone ? (
        <p className={classes.quiet}>Its event is no longer kept, so this cannot be told any more.</p>
      ) : error ? (
        <ErrorNotice error={error} what="Why it came here could not be read" onRetry={refetch} />
      ) : data ? (
        <Reasons
          explanation={data}
          decided={data.destinations.find(({ destination }) => destination.id === destinationId)}
        />
      ) : (
        <RowsSkeleton rows={2} />
      )}
    </Section>
  )
}

function Reasons({ explanation, decided }: { explanation: Explanation; decided: DecidedDestination | undefined }) {
  if (!decided) {
    return <p className={classes.quiet}>Somebody sent it here: neither the event, its type nor a rule did.</p>
  }
  const ids = new Set(decided.because.map(({ id }) => id))
  const rules = explanation.rules.filter(({ id }) => ids.has(id))
  return (
    <>
      <p className={classes.sum}>Because of {decided.because.map(becauseWords).join(', ')}.</p>
      {rules.length > 0 && <ExplainedRules rules={rules} />}
    </>
  )
}
