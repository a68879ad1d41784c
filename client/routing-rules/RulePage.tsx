import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from 'react-router'
import { ApiError } from '../lib/api.ts'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { DONE } from '../ui/LeaveGuard.tsx'
import { MissingState } from '../ui/MissingState.tsx'
import { PageFrame } from '../ui/PageFrame.tsx'
import { PageHead } from '../ui/Section.tsx'
import { SectionSkeleton } from '../ui/Skeletons.tsx'
import { useCan } from '../users/queries.ts'
import { DeleteRule } from './DeleteRule.tsx'
import { ruleQuery } from './queries.ts'
import { RuleEditor } from './RuleEditor.tsx'
import { RuleFacts } from './RuleFacts.tsx'

const CRUMBS = [
  { label: 'Notifications', to: '/notifications' },
  { label: 'Rules', to: '/notifications/rules' },
]

/** A rule that is not there yet. */
export function NewRulePage() {
  return (
    <PageFrame title="New rule" breadcrumbs={CRUMBS}>
      <PageHead title="New rule" meta="Tried after all others; it can be moved up in the list." />
      <RuleEditor />
    </PageFrame>
  )
}

/** One rule: what it is for, what it adds, and what a change of it would have done to the latest events. */
export function RulePage() {
  const { id = '' } = useParams()
  const navigate = useNavigate()
  const { data: rule, error, refetch } = useQuery(ruleQuery(id))
  const isAdmin = useCan('admin')
  const isMissing = error instanceof ApiError && error.status === 404
  return (
    <PageFrame title={rule?.name ?? id} breadcrumbs={CRUMBS}>
      {error && !isMissing && <ErrorNotice banner error={error} what="The rule could not be read" onRetry={refetch} />}
      {rule ? (
        <>
          <PageHead
            title={rule.name}
            meta={`Number ${rule.position + 1} of the list, last changed by ${rule.updatedBy}`}
            actions={
              isAdmin && <DeleteRule rule={rule} onDeleted={() => navigate('/notifications/rules', { state: DONE })} />
            }
          />
          {isAdmin ? <RuleEditor key={rule.id} rule={rule} /> : <RuleFacts rule={rule} />}
        </>
      ) : isMissing ? (
        <MissingState what="rule" to="/notifications/rules" action="See all rules" />
      ) : (
        !error && (
          <div role="status" aria-label="Loading rule">
            <PageHead title={<Skeleton height={20} width={280} my={4} />} />
            <SectionSkeleton height={320} />
          </div>
        )
      )}
    </PageFrame>
  )
}
