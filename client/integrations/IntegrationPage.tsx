import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react'
import { Link, Navigate, useLocation, useNavigate, useParams } from 'react-router'
import type { Integration } from '../../shared/integrations.ts'
import { ApiError } from '../lib/api.ts'
import { plural } from '../lib/format.ts'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { IconBrandSlack, IconPlug } from '../ui/icons.ts'
import { Notice } from '../ui/Notice.tsx'
import { PageFrame } from '../ui/PageFrame.tsx'
import { RelativeTime } from '../ui/RelativeTime.tsx'
import { PageHead } from '../ui/Section.tsx'
import { SectionSkeleton } from '../ui/Skeletons.tsx'
import { PageTabs } from '../ui/Tabs.tsx'
import { ConnectionTab } from './ConnectionTab.tsx'
import type { Edits } from './edits.ts'
import { IntegrationMenu } from './IntegrationMenu.tsx'
import { IntegrationStatePill } from './IntegrationStatePill.tsx'
import { NextStep } from './NextStep.tsx'
import { PauseButton } from './PauseButton.tsx'
import { PausedBanner } from './PausedBanner.tsx'
import { integrationHealthQuery, integrationQuery } from './queries.ts'
import { type RunningTest, useConnectionTest } from './use-connection-test.ts'

const DestinationsTab = lazy(() =>
  import('../destinations/DestinationsTab.tsx').then((module) => ({ default: module.DestinationsTab })),
)
const CommandsTab = lazy(() => import('./CommandsTab.tsx').then((module) => ({ default: module.CommandsTab })))
const PlatformTab = lazy(() =>
  import('../platform/PlatformTab.tsx').then((module) => ({ default: module.PlatformTab })),
)
const HealthPage = lazy(() => import('./HealthPage.tsx').then((module) => ({ default: module.HealthPage })))
const SettingsTab = lazy(() => import('./SettingsTab.tsx').then((module) => ({ default: module.SettingsTab })))

const TABS = [
  { key: 'connection', label: 'Connection' },
  { key: 'destinations', label: 'Destinations' },
  { key: 'commands', label: 'Commands' },
  { key: 'platform', label: 'Platform' },
  { key: 'health', label: 'Health' },
  { key: 'settings', label: 'Settings' },
] as const

const CRUMBS = [{ label: 'Integrations', to: '/integrations' }]

/** One Slack app in one workspace: whether it works, where it sends, what it answers, how it does. */
export function IntegrationPage() {
  const { id = '' } = useParams()
  const integration = useQuery(integrationQuery(id))
  if (integration.data) return <Loaded key={id} integration={integration.data} />
  const isMissing = integration.error instanceof ApiError && integration.error.status === 404
  return (
    <PageFrame title="Integration" breadcrumbs={CRUMBS}>
      {isMissing && (
        <EmptyState
          icon={<IconPlug />}
          title="There is no such integration"
          actions={
            <Button component={Link} to="/integrations">
              See all integrations
            </Button>
          }
        >
          It was deleted, or the link was cut.
        </EmptyState>
      )}
      {integration.error && !isMissing && (
        <ErrorNotice
          banner
          error={integration.error}
          what="The integration could not be read"
          onRetry={integration.refetch}
        />
      )}
      {integration.isPending && <SectionSkeleton height={420} />}
    </PageFrame>
  )
}

function Loaded({ integration }: { integration: Integration }) {
  const { id, name, notes } = integration
  const { tab } = useParams()
  const running = useConnectionTest(id)
  const [edits, setEdits] = useState<Edits>({})
  useRunOnArrival(running)
  const current = TABS.find(({ key }) => key === tab)?.key
  if (!current) return <Navigate to={`/integrations/${id}/connection`} replace />
  return (
    <PageFrame title={name} breadcrumbs={CRUMBS} actions={<IntegrationMenu integration={integration} />}>
      <PageHead
        title={name}
        icon={<IconBrandSlack style={{ '--icon': '20px' }} />}
        state={<IntegrationStatePill integration={integration} />}
        meta={<Meta integration={integration} />}
        actions={<PauseButton integration={integration} />}
      />
      <PageTabs
        label="Parts of this integration"
        tabs={TABS.map(({ key, label }) => ({ label, to: `/integrations/${id}/${key}` }))}
      />
      <PausedBanner integration={integration} />
      {notes.map((note) => (
        <Notice key={note} tone="warn" banner>
          {note}
        </Notice>
      ))}
      <NextStep integration={integration} tab={current} isTesting={running.run.kind === 'running'} />
      <Suspense fallback={<SectionSkeleton height={320} />}>
        {tabContent(current, integration, <ConnectionTab {...{ integration, running, edits, onEdits: setEdits }} />)}
      </Suspense>
    </PageFrame>
  )
}

function tabContent(tab: (typeof TABS)[number]['key'], integration: Integration, connection: ReactNode): ReactNode {
  switch (tab) {
    case 'connection':
      return connection
    case 'destinations':
      return <DestinationsTab integrationId={integration.id} appId={integration.appId} />
    case 'commands':
      return <CommandsTab integration={integration} />
    case 'platform':
      return <PlatformTab integrationId={integration.id} />
    case 'health':
      return <HealthPage integrationId={integration.id} />
    case 'settings':
      return <SettingsTab integration={integration} />
  }
}

function Meta({ integration: { id, workspace, destinations } }: { integration: Integration }) {
  const health = useQuery(integrationHealthQuery)
  const last = health.data?.items.find((one) => one.integrationId === id)?.lastDeliveredAt
  const facts = [
    workspace?.url ? hostOf(workspace.url) : workspace?.name,
    workspace?.botName && `bot @${workspace.botName}`,
    destinations ? plural(destinations, 'destination') : 'no destination yet',
  ].filter(Boolean)
  return (
    <>
      {facts.join(', ')}
      {last && (
        <>
          , last delivered <RelativeTime at={last} />
        </>
      )}
    </>
  )
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url
}

/** Whoever has just saved the integration finds its test running; a reload does not run it again. */
function useRunOnArrival({ start }: RunningTest): void {
  const { state, pathname } = useLocation()
  const navigate = useNavigate()
  const isAsked = typeof state === 'object' && state !== null && 'runTest' in state
  useEffect(() => {
    if (!isAsked) return
    navigate(pathname, { replace: true, state: null })
    start({})
  }, [isAsked, navigate, pathname, start])
}
