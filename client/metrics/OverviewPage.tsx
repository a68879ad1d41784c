import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useSearchParams } from 'react-router'
import { type Overview, windows } from '../../shared/metrics.ts'
import { integrationsQuery } from '../integrations/queries.ts'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { IconSend } from '../ui/icons.ts'
import { LiveToggle, useLiveInterval } from '../ui/LiveToggle.tsx'
import { PageFrame } from '../ui/PageFrame.tsx'
import { ParamSelect } from '../ui/ParamSelect.tsx'
import { Columns } from '../ui/Section.tsx'
import { SectionSkeleton } from '../ui/Skeletons.tsx'
import { useParamChoice } from '../ui/Tabs.tsx'
import { useCan } from '../users/queries.ts'
import { AttentionSection } from './AttentionSection.tsx'
import { Definitions } from './Definitions.tsx'
import { hasNoTraffic } from './figures.ts'
import { CHART_HEIGHT, RateChart, ResponseChart, USAGE_HEIGHT, UsageChart } from './LazyCharts.tsx'
import { MethodsSection } from './MethodsSection.tsx'
import classes from './overview.module.css'
import { FIRST_WINDOW, overviewQuery, WINDOW_PARAM, windowChoices } from './queries.ts'
import { Tiles, TilesSkeleton } from './Tiles.tsx'

const windowOptions = windowChoices.map((value) => ({
  value,
  label: windows[value].label,
  short: value.replace(/(?=[hd])/, ' '),
}))

/** How delivery stands: four figures with their targets, three charts over time, and what asks for a person. */
export function OverviewPage() {
  const [params] = useSearchParams()
  const [window = FIRST_WINDOW] = useParamChoice(WINDOW_PARAM, windowChoices, FIRST_WINDOW)
  const integrationId = params.get('integrationId') || undefined
  const refetchInterval = useLiveInterval()
  const overview = useQuery({ ...overviewQuery({ window, integrationId }), refetchInterval })
  const { data, error, dataUpdatedAt, isPlaceholderData, refetch } = overview
  return (
    <PageFrame
      title="Overview"
      actions={
        <>
          <IntegrationSelect />
          <ParamSelect label="Time range" param={WINDOW_PARAM} options={windowOptions} initial={FIRST_WINDOW} />
          <LiveToggle />
        </>
      }
    >
      {error && data && (
        <ErrorNotice banner error={error} what="These figures are no longer current" onRetry={refetch} />
      )}
      {data ? (
        <div className={classes.figures} aria-busy={isPlaceholderData} data-old={isPlaceholderData || undefined}>
          <Tiles tiles={data.tiles} window={window} />
          <Charts overview={data} integrationId={integrationId} refetchInterval={refetchInterval} />
        </div>
      ) : error ? (
        <ErrorNotice banner error={error} what="The figures could not be read" onRetry={refetch} />
      ) : (
        <OverviewSkeleton />
      )}
      <Definitions countedAt={data && dataUpdatedAt} />
    </PageFrame>
  )
}

type ChartsProps = { overview: Overview; integrationId: string | undefined; refetchInterval: number | false }

function Charts({ overview, integrationId, refetchInterval }: ChartsProps) {
  const attention = <AttentionSection refetchInterval={refetchInterval} />
  if (hasNoTraffic(overview)) {
    return (
      <Columns>
        <Begin integrationId={integrationId} />
        {attention}
      </Columns>
    )
  }
  return (
    <>
      <Columns>
        <RateChart overview={overview} integrationId={integrationId} />
        <ResponseChart overview={overview} integrationId={integrationId} />
      </Columns>
      <Columns>
        <UsageChart overview={overview} integrationId={integrationId} />
        {attention}
      </Columns>
      {overview.responses.methods.length > 1 && <MethodsSection overview={overview} integrationId={integrationId} />}
    </>
  )
}

/** Only where there is a choice. */
function IntegrationSelect() {
  const { data = [] } = useQuery(integrationsQuery)
  if (data.length < 2) return null
  const options = [
    { value: '', label: 'All integrations', short: 'All' },
    ...data.map(({ id, name }) => ({ value: id, label: name })),
  ]
  return <ParamSelect label="Integration" param="integrationId" options={options} />
}

/** Nothing was sent yet: the next step, whatever stands already. */
function Begin({ integrationId }: { integrationId: string | undefined }) {
  const { data = [] } = useQuery(integrationsQuery)
  const isAdmin = useCan('admin')
  const first = integrationId ?? data[0]?.id
  if (!first) {
    return (
      <EmptyState
        icon={<IconSend />}
        title="Nothing is connected yet"
        actions={
          isAdmin && (
            <Button component={Link} to="/integrations/new">
              Connect Slack
            </Button>
          )
        }
      >
        Figures appear here with the first message.{' '}
        {isAdmin ? 'Connecting Slack takes about five minutes.' : 'An admin of this server can connect Slack.'}
      </EmptyState>
    )
  }
  return (
    <EmptyState
      icon={<IconSend />}
      title="No message has been sent yet"
      actions={
        <Button component={Link} to={`/integrations/${first}/destinations`}>
          Choose where to send one
        </Button>
      }
    >
      Add a channel under Destinations and press “Send test message”. It is counted here within seconds, like every
      message after it.
    </EmptyState>
  )
}

function OverviewSkeleton() {
  return (
    <div role="status" aria-label="Loading figures">
      <TilesSkeleton />
      <Columns>
        <SectionSkeleton height={CHART_HEIGHT} />
        <SectionSkeleton height={CHART_HEIGHT} />
      </Columns>
      <Columns>
        <SectionSkeleton height={USAGE_HEIGHT} />
        <SectionSkeleton height={USAGE_HEIGHT} />
      </Columns>
    </div>
  )
}
