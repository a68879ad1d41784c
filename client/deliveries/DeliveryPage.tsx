import { ActionIcon, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ComponentType } from 'react'
import { Link, useParams, useSearchParams } from 'react-router'
import { ApiError, withQuery } from '../lib/api.ts'
import { WhyHereSection } from '../routing-rules/WhyHereSection.tsx'
import { CopyButton } from '../ui/CopyButton.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { IconChevronDown, IconChevronUp } from '../ui/icons.ts'
import { MissingState } from '../ui/MissingState.tsx'
import { PageFrame } from '../ui/PageFrame.tsx'
import { Columns, PageHead } from '../ui/Section.tsx'
import { SectionSkeleton } from '../ui/Skeletons.tsx'
import { AttemptsSection } from './AttemptsSection.tsx'
import { DeliveryHead } from './DeliveryHead.tsx'
import { type DeliveryFilter, readFilter } from './filter.ts'
import { KeysSection } from './KeysSection.tsx'
import { PreviewSection } from './PreviewSection.tsx'
import classes from './parts.module.css'
import { deliveryQuery, neighboursQuery } from './queries.ts'
import { RelatedSection } from './RelatedSection.tsx'
import { TimelineSection } from './TimelineSection.tsx'

/** One delivery, explained: its story, the message, and every request with its answer. */
export function DeliveryPage() {
  const { id = '' } = useParams()
  const [params] = useSearchParams()
  const filter = readFilter(params)
  const { data: delivery, error, refetch } = useQuery(deliveryQuery(id))
  const isMissing = error instanceof ApiError && error.status === 404
  return (
    <PageFrame
      title={id}
      breadcrumbs={[{ label: 'Deliveries', to: withQuery('/deliveries', filter) }]}
      aside={<CopyButton value={id} label="Copy delivery ID" inline />}
      actions={delivery && <Beside id={id} filter={filter} />}
    >
      {error && !isMissing && (
        <ErrorNotice
          banner
          error={error}
          what={delivery ? 'This delivery may have moved on' : 'The delivery could not be read'}
          onRetry={refetch}
        />
      )}
      {delivery ? (
        <>
          <DeliveryHead delivery={delivery} />
          <Columns fill>
            <div className={classes.half}>
              <TimelineSection delivery={delivery} />
              {delivery.eventId && (
                <WhyHereSection eventId={delivery.eventId} destinationId={delivery.destination.id} />
              )}
              <div className={classes.later}>
                <RelatedSection related={delivery.related} filter={filter} />
                <KeysSection delivery={delivery} />
              </div>
            </div>
            <div className={classes.half}>
              <PreviewSection delivery={delivery} />
              <AttemptsSection delivery={delivery} />
            </div>
          </Columns>
        </>
      ) : isMissing ? (
        <MissingState what="delivery" to="/deliveries" action="Go to Deliveries" />
      ) : (
        !error && <Loading />
      )}
    </PageFrame>
  )
}

/** The ones before and after in the list one came from. */
function Beside({ id, filter }: { id: string; filter: DeliveryFilter }) {
  const { data } = useQuery(neighboursQuery(id, filter))
  return (
    <>
      <Step label="Newer delivery" icon={IconChevronUp} id={data?.newer} filter={filter} />
      <Step label="Older delivery" icon={IconChevronDown} id={data?.older} filter={filter} />
    </>
  )
}

type StepProps = { label: string; icon: ComponentType; id: string | undefined; filter: DeliveryFilter }

function Step({ label, icon: Icon, id, filter }: StepProps) {
  if (!id) {
    return (
      <ActionIcon aria-label={label} disabled style={{ background: 'none' }}>
        <Icon />
      </ActionIcon>
    )
  }
  return (
    <ActionIcon component={Link} to={withQuery(`/deliveries/${id}`, filter)} aria-label={label} title={label}>
      <Icon />
    </ActionIcon>
  )
}

function Loading() {
  return (
    <div role="status" aria-label="Loading delivery">
      <PageHead title={<Skeleton height={20} width={280} my={4} />}>
        <Skeleton height={14} width={200} mt={8} mb={16} />
        <Skeleton height={32} width={420} maw="100%" />
      </PageHead>
      <Columns>
        <SectionSkeleton height={280} />
        <SectionSkeleton height={280} />
      </Columns>
    </div>
  )
}
