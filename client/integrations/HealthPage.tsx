import { useMediaQuery } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { windows } from '../../shared/metrics.ts'
import { RateChart, ResponseChart } from '../metrics/LazyCharts.tsx'
import { FIRST_WINDOW, overviewQuery, WINDOW_PARAM, windowChoices } from '../metrics/queries.ts'
import { Tiles, TilesSkeleton } from '../metrics/Tiles.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { Columns } from '../ui/Section.tsx'
import { SegmentedTabs, useParamChoice } from '../ui/Tabs.tsx'
import classes from './integrations.module.css'

const REFRESH_MS = 15_000

/** How one integration alone did: the figures of the Overview, of its traffic only. */
export function HealthPage({ integrationId }: { integrationId: string }) {
  const isPhone = useMediaQuery('(max-width: 699.98px)') ?? false
  const [window = FIRST_WINDOW] = useParamChoice(WINDOW_PARAM, windowChoices, FIRST_WINDOW)
  const overview = useQuery({ ...overviewQuery({ window, integrationId }), refetchInterval: REFRESH_MS })
  return (
    <>
      <div className={classes.control}>
        <SegmentedTabs
          label="Time range"
          param={WINDOW_PARAM}
          initial={FIRST_WINDOW}
          options={windowChoices.map((value) => ({
            value,
            label: isPhone ? value.replace(/(?=[hd])/, ' ') : windows[value].label,
          }))}
        />
      </div>
      {overview.error && (
        <ErrorNotice
          banner
          error={overview.error}
          what={overview.data ? 'These figures are no longer current' : 'The figures could not be read'}
          onRetry={overview.refetch}
        />
      )}
      {overview.isPending && <TilesSkeleton />}
      {overview.data && (
        <>
          <Tiles tiles={overview.data.tiles} window={window} />
          <Columns>
            <RateChart overview={overview.data} integrationId={integrationId} />
            <ResponseChart overview={overview.data} integrationId={integrationId} />
          </Columns>
        </>
      )}
    </>
  )
}
