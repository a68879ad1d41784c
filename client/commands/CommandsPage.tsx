import { useQuery } from '@tanstack/react-query'
import { useSearchParams } from 'react-router'
import { windows } from '../../shared/metrics.ts'
import { CHART_HEIGHT, UsageChart } from '../metrics/LazyCharts.tsx'
import { FIRST_WINDOW, overviewQuery, WINDOW_PARAM, windowChoices } from '../metrics/queries.ts'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { LiveToggle, useLiveInterval } from '../ui/LiveToggle.tsx'
import { PageFrame } from '../ui/PageFrame.tsx'
import { ParamSelect } from '../ui/ParamSelect.tsx'
import { Columns, Section } from '../ui/Section.tsx'
import { SectionSkeleton } from '../ui/Skeletons.tsx'
import { useParamChoice } from '../ui/Tabs.tsx'
import { CommandsSection } from './CommandsSection.tsx'
import { DeclaredSection } from './DeclaredSection.tsx'
import { InvocationsSection } from './InvocationsSection.tsx'
import { RefusedSection } from './RefusedSection.tsx'

const windowOptions = windowChoices.map((value) => ({
  value,
  label: windows[value].label,
  short: value.replace(/(?=[hd])/, ' '),
}))

/** Slash commands: which there are, how they are used, each use, and what was refused before it was read. */
export function CommandsPage() {
  const [params] = useSearchParams()
  const [window = FIRST_WINDOW] = useParamChoice(WINDOW_PARAM, windowChoices, FIRST_WINDOW)
  const integrationId = params.get('integrationId') || undefined
  const refetchInterval = useLiveInterval()
  const { data, error, refetch } = useQuery({ ...overviewQuery({ window, integrationId }), refetchInterval })
  return (
    <PageFrame
      title="Commands"
      actions={
        <>
          <ParamSelect
            label="Time range of the chart"
            param={WINDOW_PARAM}
            options={windowOptions}
            initial={FIRST_WINDOW}
          />
          <LiveToggle />
        </>
      }
    >
      <Columns>
        {data ? (
          <UsageChart overview={data} integrationId={integrationId} />
        ) : error ? (
          <Section title="Command usage">
            <ErrorNotice error={error} what="The usage could not be read" onRetry={refetch} />
          </Section>
        ) : (
          <SectionSkeleton height={CHART_HEIGHT} />
        )}
        <CommandsSection ack={data?.commands.ack} refetchInterval={refetchInterval} />
      </Columns>
      <DeclaredSection />
      <RefusedSection integrationId={integrationId} refetchInterval={refetchInterval} />
      <InvocationsSection refetchInterval={refetchInterval} />
    </PageFrame>
  )
}
