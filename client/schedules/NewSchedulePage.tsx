import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearchParams } from 'react-router'
import { integrationsQuery } from '../integrations/queries.ts'
import { viewerZone } from '../lib/format.ts'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { DONE } from '../ui/LeaveGuard.tsx'
import { PageFrame } from '../ui/PageFrame.tsx'
import { PageHead, Section } from '../ui/Section.tsx'
import { RowsSkeleton } from '../ui/Skeletons.tsx'
import { toast } from '../ui/toast.ts'
import { useCan } from '../users/queries.ts'
import { newDraft, type Preset, presets } from './draft.ts'
import { ScheduleForm } from './ScheduleForm.tsx'
import { CRUMBS } from './SchedulePage.tsx'

/** A schedule before it is saved, empty or from one of the examples. */
export function NewSchedulePage() {
  const isAdmin = useCan('admin')
  const [params] = useSearchParams()
  const navigate = useNavigate()
  const integrations = useQuery(integrationsQuery)
  const preset = (Object.keys(presets) as Preset[]).find((key) => key === params.get('preset')) ?? null
  return (
    <PageFrame title="New schedule" breadcrumbs={CRUMBS}>
      <PageHead title={preset ? presets[preset].title : 'New schedule'} meta={preset && presets[preset].words} />
      {!isAdmin ? (
        <EmptyState title="Schedules are added by an admin">Ask one to add what you need.</EmptyState>
      ) : integrations.isPending ? (
        <Section>
          <RowsSkeleton />
        </Section>
      ) : !integrations.data ? (
        <ErrorNotice
          banner
          error={integrations.error}
          what="The integrations could not be read"
          onRetry={integrations.refetch}
        />
      ) : (
        <ScheduleForm
          key={preset}
          initial={newDraft(preset, viewerZone(), integrations.data)}
          onSaved={({ id, name }) => {
            void toast('ok', `${name} was added`)
            navigate(`/notifications/schedules/${id}`, { replace: true, state: DONE })
          }}
        />
      )}
    </PageFrame>
  )
}
