import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from 'react-router'
import { ApiError } from '../lib/api.ts'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { PageFrame } from '../ui/PageFrame.tsx'
import { SectionSkeleton } from '../ui/Skeletons.tsx'
import { templateQuery } from './queries.ts'
import { Workbench } from './Workbench.tsx'

const CRUMBS = [
  { label: 'Notifications', to: '/notifications' },
  { label: 'Templates', to: '/notifications/templates' },
]

/** One template: what it says, what comes of it, and what it said before. */
export function TemplatePage() {
  const { name = '' } = useParams()
  const { data, error, refetch } = useQuery(templateQuery(name))
  if (data) return <Workbench key={name} template={data} breadcrumbs={CRUMBS} />
  const isMissing = error instanceof ApiError && (error.status === 404 || error.status === 422)
  return (
    <PageFrame title={name} breadcrumbs={CRUMBS}>
      {isMissing ? (
        <EmptyState
          title="No template has this name"
          actions={
            <Button component={Link} to="/notifications/templates">
              Go to Templates
            </Button>
          }
        >
          It may have been deleted, or its name was typed wrong.
        </EmptyState>
      ) : error ? (
        <ErrorNotice banner error={error} what="The template could not be read" onRetry={refetch} />
      ) : (
        <SectionSkeleton height={420} />
      )}
    </PageFrame>
  )
}
