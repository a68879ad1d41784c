import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useParams } from 'react-router'
import type { Replay } from '../../shared/replays.ts'
import { ApiError } from '../lib/api.ts'
import { plural } from '../lib/format.ts'
import { CopyButton } from '../ui/CopyButton.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { FactStrip } from '../ui/KeyValues.tsx'
import { MissingState } from '../ui/MissingState.tsx'
import { PageFrame } from '../ui/PageFrame.tsx'
import { RelativeTime } from '../ui/RelativeTime.tsx'
import { Columns, PageHead, Section } from '../ui/Section.tsx'
import { SectionSkeleton } from '../ui/Skeletons.tsx'
import { Ending } from './Ending.tsx'
import { ProgressSection } from './ProgressSection.tsx'
import { replayQuery } from './queries.ts'
import { ReplayActions } from './ReplayActions.tsx'
import { ReplayStatePill } from './ReplayStatePill.tsx'
import classes from './replays.module.css'

const CRUMBS = [
  { label: 'Deliveries', to: '/deliveries' },
  { label: 'Replays', to: '/replays' },
]

/** One replay at work: how far it is, what became of what it sent, and the way to stop it. It goes on without this page. */
export function ReplayPage() {
  const { id = '' } = useParams()
  const { data: replay, error, refetch } = useQuery(replayQuery(id))
  const isMissing = error instanceof ApiError && error.status === 404
  return (
    <PageFrame title={id} breadcrumbs={CRUMBS} aside={<CopyButton value={id} label="Copy replay ID" inline />}>
      {error && !isMissing && (
        <ErrorNotice
          banner
          error={error}
          what={replay ? 'This replay may have moved on' : 'The replay could not be read'}
          onRetry={refetch}
        />
      )}
      {replay ? (
        <Loaded replay={replay} />
      ) : isMissing ? (
        <MissingState what="replay" to="/replays" action="See all replays" />
      ) : (
        !error && <Loading />
      )}
    </PageFrame>
  )
}

function Loaded({ replay }: { replay: Replay }) {
  const { state, total, options } = replay
  return (
    <>
      <PageHead
        title={`Replay of ${plural(total, 'delivery', 'deliveries')}`}
        state={<ReplayStatePill state={state} />}
        actions={<ReplayActions replay={replay} />}
      >
        <div className={classes.facts}>
          <FactStrip facts={factsOf(replay)} />
        </div>
      </PageHead>
      <Columns widths="minmax(0, 2fr) minmax(0, 1fr)">
        <ProgressSection replay={replay} />
        <Section title="How it is done">
          <ul className={classes.options}>
            <li>{plural(options.perMinute, 'message')} a minute at most</li>
            <li>
              {options.markDelayed ? 'Each says when it was first meant to arrive' : 'Sent as they were, unmarked'}
            </li>
            <li>{options.skipSuperseded ? 'What was overtaken is left out' : 'What was overtaken is sent too'}</li>
          </ul>
        </Section>
      </Columns>
    </>
  )
}

function factsOf({
  createdAt,
  createdBy,
  endedAt,
  estimatedEndAt,
  state,
}: Replay): { name: string; value: ReactNode }[] {
  const facts: { name: string; value: ReactNode }[] = [
    { name: 'Started', value: <RelativeTime at={createdAt} /> },
    { name: 'By', value: createdBy },
  ]
  if (endedAt) facts.push({ name: 'Ended', value: <RelativeTime at={endedAt} /> })
  else if (state === 'running' && estimatedEndAt) {
    facts.push({ name: 'Should be done', value: <Ending at={estimatedEndAt} /> })
  }
  return facts
}

function Loading() {
  return (
    <div role="status" aria-label="Loading replay">
      <PageHead title={<Skeleton height={20} width={280} my={4} />}>
        <Skeleton height={32} width={420} maw="100%" mt={12} />
      </PageHead>
      <SectionSkeleton height={120} />
    </div>
  )
}
