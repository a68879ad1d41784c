import { Button, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from 'react-router'
import type { EventDetail } from '../../shared/events.ts'
import { ApiError, withQuery } from '../lib/api.ts'
import { ExplainedDestinations } from '../routing-rules/ExplainedDestinations.tsx'
import { ExplainedRules } from '../routing-rules/ExplainedRules.tsx'
import { typeWords } from '../routing-rules/outcome-words.ts'
import { CodeBlock } from '../ui/CodeBlock.tsx'
import { CopyButton } from '../ui/CopyButton.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { MissingState } from '../ui/MissingState.tsx'
import { PageFrame } from '../ui/PageFrame.tsx'
import { RelativeTime } from '../ui/RelativeTime.tsx'
import { Columns, PageHead, Section } from '../ui/Section.tsx'
import { RowsSkeleton, SectionSkeleton } from '../ui/Skeletons.tsx'
import { eventQuery, explanationQuery } from './queries.ts'

/** One event that was taken in: what it says, which rules were tried, and why it went where it went, or nowhere. */
export function EventPage() {
  const { id = '' } = useParams()
  const { data: event, error, refetch } = useQuery(eventQuery(id))
  const isMissing = error instanceof ApiError && error.status === 404
  return (
    <PageFrame
      title={id}
      breadcrumbs={[{ label: 'Events', to: '/events' }]}
      aside={<CopyButton value={id} label="Copy event ID" inline />}
    >
      {error && !isMissing && <ErrorNotice banner error={error} what="The event could not be read" onRetry={refetch} />}
      {event ? (
        <>
          <PageHead
            title={event.title}
            actions={
              <>
                <Button component={Link} variant="default" to={withQuery('/deliveries', { eventId: id })}>
                  See its deliveries
                </Button>
                <Button component={Link} variant="default" to={withQuery('/notifications/tester', { event: id })}>
                  Try it again
                </Button>
              </>
            }
            meta={
              <>
                {event.type}, accepted <RelativeTime at={event.acceptedAt} />
              </>
            }
          />
          <Why id={id} event={event} />
        </>
      ) : isMissing ? (
        <MissingState what="event" to="/events" action="Go to Events" />
      ) : (
        !error && <Loading />
      )}
    </PageFrame>
  )
}

function Why({ id, event }: { id: string; event: EventDetail }) {
  const { data: explanation, error, refetch } = useQuery(explanationQuery(id))
  if (error)
    return <ErrorNotice banner error={error} what="Why it went where it went could not be read" onRetry={refetch} />
  return (
    <Columns fill>
      <div>
        <Section title="Where it went">
          {explanation ? <ExplainedDestinations explanation={explanation} /> : <RowsSkeleton rows={3} />}
        </Section>
        <Section title="What the event says" note={withheldWords(event.withheld)}>
          <CodeBlock label="Event" code={JSON.stringify(event.event, null, 2)} />
        </Section>
      </div>
      <Section title="Rules" note={explanation && typeWords(explanation.type)}>
        {!explanation && <RowsSkeleton rows={6} />}
        {explanation && explanation.type.outcome !== 'not_known' && <ExplainedRules rules={explanation.rules} />}
      </Section>
    </Columns>
  )
}

function withheldWords(withheld: string[]): string | undefined {
  return withheld.length > 0 ? `Its type does not allow these to be shown: ${withheld.join(', ')}` : undefined
}

function Loading() {
  return (
    <div role="status" aria-label="Loading event">
      <PageHead title={<Skeleton height={20} width={280} my={4} />} />
      <Columns>
        <SectionSkeleton height={280} />
        <SectionSkeleton height={280} />
      </Columns>
    </div>
  )
}
