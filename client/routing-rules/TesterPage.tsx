import { useQuery } from '@tanstack/react-query'
import { useSearchParams } from 'react-router'
import { eventQuery } from '../events/queries.ts'
import { NotificationTabs } from '../notification-types/NotificationTabs.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { IconTestPipe } from '../ui/icons.ts'
import { PageFrame } from '../ui/PageFrame.tsx'
import { Columns, Section } from '../ui/Section.tsx'
import { RowsSkeleton } from '../ui/Skeletons.tsx'
import { ExplainedDestinations } from './ExplainedDestinations.tsx'
import { ExplainedRules } from './ExplainedRules.tsx'
import { typeWords } from './outcome-words.ts'
import { useTryEvent } from './queries.ts'
import { TriedMessages } from './TriedMessages.tsx'
import { TryForm } from './TryForm.tsx'

/** Paste an event, or take one that came, and see what would become of it. Nothing is sent. */
export function TesterPage() {
  const [params] = useSearchParams()
  const eventId = params.get('event') ?? ''
  const chosen = useQuery({ ...eventQuery(eventId), enabled: eventId !== '' })
  const attempt = useTryEvent()
  const tried = attempt.data
  return (
    <PageFrame title="Notifications">
      <NotificationTabs />
      <Columns fill widths="minmax(0, 2fr) minmax(0, 3fr)">
        <Section title="Event" note="Nothing is sent">
          {chosen.error && <ErrorNotice error={chosen.error} what="That event could not be read" />}
          {eventId !== '' && chosen.isPending ? (
            <RowsSkeleton rows={6} />
          ) : (
            <TryForm
              key={eventId}
              first={chosen.data?.event}
              error={attempt.error}
              isTrying={attempt.isPending}
              onTry={attempt.mutate}
            />
          )}
        </Section>
        <div aria-live="polite">
          {attempt.isPending ? (
            <Section label="Trying">
              <RowsSkeleton rows={6} />
            </Section>
          ) : tried ? (
            <>
              <Section title="Where it would go">
                <ExplainedDestinations explanation={tried.explanation} isTrial />
              </Section>
              <TriedMessages messages={tried.messages} />
              <Section title="Rules" note={typeWords(tried.explanation.type)}>
                <ExplainedRules rules={tried.explanation.rules} />
              </Section>
            </>
          ) : (
            <EmptyState icon={<IconTestPipe />} title="Try an event before it comes">
              Write one, or take one that came, and press Try event. You see which types and rules it meets, the value
              that each part of a condition saw, and the messages as they would stand in Slack.
            </EmptyState>
          )}
        </div>
      </Columns>
    </PageFrame>
  )
}
