import { useQuery } from '@tanstack/react-query'
import { logTabs } from '../deliveries/log-tabs.ts'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { IconCircleCheckFilled } from '../ui/icons.ts'
import { PageFrame } from '../ui/PageFrame.tsx'
import { PageTabs } from '../ui/Tabs.tsx'
import { LinesSection } from './LinesSection.tsx'
import { PausedTypesSection } from './PausedTypesSection.tsx'
import { QueueTiles } from './QueueTiles.tsx'
import { QuietSection } from './QuietSection.tsx'
import { queueQuery } from './queries.ts'
import { StoppedSection } from './StoppedSection.tsx'
import { UnderWayNotice } from './UnderWayNotice.tsx'
import { splitLines } from './who-resumes.ts'

/** What waits to be sent, for whom, what stands in its way, and when it will have gone out. */
export function QueuePage() {
  const { data, error, isPending, refetch } = useQuery(queueQuery)
  const { stopped, moving } = splitLines(data?.lanes ?? [])
  const left = data ? data.laneCount - data.lanes.length : 0
  return (
    <PageFrame title="Waiting">
      <PageTabs label="Deliveries" tabs={logTabs} />
      {error && (
        <ErrorNotice
          banner
          error={error}
          what={data ? 'These figures are no longer current' : 'What waits could not be read'}
          onRetry={refetch}
        />
      )}
      {data?.waiting === 0 ? (
        <EmptyState icon={<IconCircleCheckFilled />} title="Nothing waits">
          Everything that was accepted has been sent or has come to its end. What is sent next shows up here for as long
          as it waits.
        </EmptyState>
      ) : (
        (data || isPending) && (
          <>
            {data && data.underWay.length > 0 && <UnderWayNotice underWay={data.underWay} />}
            <QueueTiles queue={data} />
            {stopped.length > 0 && <StoppedSection lanes={stopped} />}
            {data && data.pausedTypes.length > 0 && <PausedTypesSection types={data.pausedTypes} />}
            {data && data.quiet.length > 0 && <QuietSection lines={data.quiet} />}
            {(moving.length > 0 || isPending) && <LinesSection lanes={moving} loading={isPending} left={left} />}
          </>
        )
      )}
    </PageFrame>
  )
}
