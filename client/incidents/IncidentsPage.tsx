import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import type { Incident } from '../../shared/incidents.ts'
import { plural } from '../lib/format.ts'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { ExternalLink } from '../ui/ExternalLink.tsx'
import { IconCircleCheckFilled } from '../ui/icons.ts'
import { PageFrame } from '../ui/PageFrame.tsx'
import { RelativeTime } from '../ui/RelativeTime.tsx'
import { Section } from '../ui/Section.tsx'
import { RowsSkeleton } from '../ui/Skeletons.tsx'
import { StatePill } from '../ui/StatePill.tsx'
import { incidentsQuery, subjectPath } from './queries.ts'

/** What Switchboard noticed by itself, open and closed: what it means, what to do, and what waits behind it. */
export function IncidentsPage() {
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } =
    useInfiniteQuery(incidentsQuery)
  const items = data?.pages.flatMap((page) => page.items) ?? []
  return (
    <PageFrame title="Incidents">
      {error && (
        <ErrorNotice
          banner
          error={error}
          what={data ? 'This list is no longer current' : 'The incidents could not be read'}
          onRetry={refetch}
        />
      )}
      {isPending && (
        <Section label="Incidents">
          <RowsSkeleton />
        </Section>
      )}
      {data && items.length === 0 && (
        <EmptyState icon={<IconCircleCheckFilled />} title="No incident was noticed">
          When Slack refuses a channel or a token, what is sent there is held and the way out is shown here. So is that
          of schedules that fail.
        </EmptyState>
      )}
      {items.map((incident) => (
        <One key={incident.id} incident={incident} />
      ))}
      {hasNextPage && (
        <Section label="More">
          <Button variant="default" loading={isFetchingNextPage} onClick={() => fetchNextPage()}>
            Show more
          </Button>
        </Section>
      )}
    </PageFrame>
  )
}

const WORD = {
  destination: 'destination',
  integration: 'integration',
  platform_endpoint: 'platform endpoint',
  schedule: 'schedule',
}
const ACT = { destination: 'Fix or resume', integration: 'Fix or resume', platform_endpoint: 'Fix', schedule: 'Fix' }
/** What holds deliveries back. */
const HOLDS = { destination: true, integration: true, platform_endpoint: false, schedule: false }

function One({ incident }: { incident: Incident }) {
  const { subject, code, meaning, fix, link, deliveryId, openedAt, closedAt, closedBy, held } = incident
  return (
    <Section
      title={subject.name}
      note={
        <>
          <code>{code}</code>, noticed <RelativeTime at={openedAt} />
        </>
      }
      actions={closedAt ? <StatePill tone="ok">Closed</StatePill> : <StatePill tone="bad">Open</StatePill>}
    >
      <p>
        {meaning} {!closedAt && fix}
      </p>
      <p>
        {closedAt ? (
          <>
            Closed <RelativeTime at={closedAt} />
            {closedBy && ` by ${closedBy}`}.{' '}
          </>
        ) : (
          HOLDS[subject.kind] && <>{plural(held, 'delivery', 'deliveries')} held. </>
        )}
        <Link to={subjectPath(incident)}>
          {closedAt ? `Open the ${WORD[subject.kind]}` : `${ACT[subject.kind]} the ${WORD[subject.kind]}`}
        </Link>
        {deliveryId && (
          <>
            {' · '}
            <Link to={`/deliveries/${deliveryId}`}>The delivery that met it</Link>
          </>
        )}
        {link && !closedAt && (
          <>
            {' · '}
            <ExternalLink href={link.url}>{link.label}</ExternalLink>
          </>
        )}
      </p>
    </Section>
  )
}
