import { useQuery } from '@tanstack/react-query'
import { useParams } from 'react-router'
import type { Schedule } from '../../shared/schedules.ts'
import { ApiError } from '../lib/api.ts'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { MissingState } from '../ui/MissingState.tsx'
import { PageFrame } from '../ui/PageFrame.tsx'
import { DueTime, RelativeTime } from '../ui/RelativeTime.tsx'
import { PageHead } from '../ui/Section.tsx'
import { SectionSkeleton } from '../ui/Skeletons.tsx'
import { StatePill } from '../ui/StatePill.tsx'
import { toast } from '../ui/toast.ts'
import { draftOf } from './draft.ts'
import { scheduleQuery } from './queries.ts'
import { RunsSection } from './RunsSection.tsx'
import { ScheduleActions } from './ScheduleActions.tsx'
import { ScheduleForm } from './ScheduleForm.tsx'

export const CRUMBS = [
  { label: 'Notifications', to: '/notifications' },
  { label: 'Schedules', to: '/notifications/schedules' },
]

/** One schedule: when it runs, what it sends, and how each of its runs went. */
export function SchedulePage() {
  const { id = '' } = useParams()
  const { data: schedule, error, refetch } = useQuery(scheduleQuery(id))
  const isMissing = error instanceof ApiError && error.status === 404
  return (
    <PageFrame title={schedule?.name ?? 'Schedule'} breadcrumbs={CRUMBS}>
      {isMissing && <MissingState what="schedule" to="/notifications/schedules" action="See all schedules" />}
      {error && !isMissing && (
        <ErrorNotice
          banner
          error={error}
          what={schedule ? 'This schedule may have changed' : 'The schedule could not be read'}
          onRetry={refetch}
        />
      )}
      {schedule && !isMissing ? <Loaded key={id} schedule={schedule} /> : !error && <SectionSkeleton height={420} />}
    </PageFrame>
  )
}

function Loaded({ schedule }: { schedule: Schedule }) {
  const { id, name, inWords, timeZone, enabled, nextRuns, updatedAt, updatedBy } = schedule
  return (
    <>
      <PageHead
        title={name}
        state={enabled ? <StatePill tone="ok">On</StatePill> : <StatePill tone="neutral">Switched off</StatePill>}
        meta={
          <>
            {inWords}, {timeZone}.{' '}
            {nextRuns[0] && (
              <>
                Next run <DueTime at={nextRuns[0].at} />.{' '}
              </>
            )}
            Changed by {updatedBy} <RelativeTime at={updatedAt} />.
          </>
        }
        actions={<ScheduleActions schedule={schedule} />}
      />
      <ScheduleForm id={id} initial={draftOf(schedule)} onSaved={() => toast('ok', 'Schedule saved')} />
      <RunsSection scheduleId={id} timeZone={timeZone} />
    </>
  )
}
