import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { type Overview, targets, type Window, windows } from '../../shared/metrics.ts'
import { TimeSeries } from '../charts/TimeSeries.tsx'
import { formatCount, formatDuration, formatPercent, percentDigits, toMs } from '../lib/format.ts'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { Figure } from '../ui/Figure.tsx'
import { Columns, Section } from '../ui/Section.tsx'
import { SectionSkeleton } from '../ui/Skeletons.tsx'
import { StatePill } from '../ui/StatePill.tsx'
import { SegmentedTabs, useParamChoice } from '../ui/Tabs.tsx'
import classes from './integrations.module.css'
import { integrationFiguresQuery } from './queries.ts'

const WINDOWS = ['24h', '1h', '7d', '30d'] as const satisfies readonly Window[]

/** How this integration alone did: what arrived, how fast Slack answered, whether it could be reached. */
export function HealthTab({ integrationId }: { integrationId: string }) {
  const [window = '24h'] = useParamChoice('window', WINDOWS)
  const figures = useQuery(integrationFiguresQuery(integrationId, window))
  return (
    <>
      <div className={classes.control}>
        <SegmentedTabs
          label="Window"
          param="window"
          options={WINDOWS.map((value) => ({ value, label: windows[value].label }))}
        />
      </div>
      {figures.error && !figures.data && (
        <ErrorNotice banner error={figures.error} what="The figures could not be read" onRetry={figures.refetch} />
      )}
      {figures.isPending && <SectionSkeleton height={320} />}
      {figures.data && <Figures integrationId={integrationId} overview={figures.data} />}
    </>
  )
}

function Figures({ integrationId, overview }: { integrationId: string; overview: Overview }) {
  const { tiles, deliveries, responses, stepMs } = overview
  const bucket = (by: string) => (at: number) =>
    `/deliveries?${new URLSearchParams({
      integrationId,
      by,
      from: new Date(at).toISOString(),
      to: new Date(at + stepMs).toISOString(),
    })}`
  return (
    <>
      <Columns widths="repeat(3, minmax(0, 1fr))">
        <Tile
          name="Delivery rate"
          met={tiles.deliveryRate.met}
          target={`${formatPercent(targets.deliveryRate)}`}
          isFloor
        >
          <Share value={tiles.deliveryRate.value} />
        </Tile>
        <Tile name="API response p95" met={tiles.responseP95Ms.met} target={formatDuration(targets.responseP95Ms)}>
          <Milliseconds value={tiles.responseP95Ms.value} />
        </Tile>
        <Tile name="Availability" met={tiles.availability.met} target={formatPercent(targets.availability)} isFloor>
          <Share value={tiles.availability.value} />
        </Tile>
      </Columns>
      <Columns>
        <TimeSeries
          title="Delivery rate"
          points={deliveries.points.map(({ at, rate, delivered, failed }) => ({
            at: toMs(at),
            values: { rate, delivered, failed },
          }))}
          stepMs={stepMs}
          lines={[{ key: 'rate', label: 'rate', colour: 'rate' }]}
          bars={[
            { key: 'delivered', label: 'delivered', colour: 'volume', total: formatCount(deliveries.delivered) },
            { key: 'failed', label: 'failed', colour: 'bad', total: formatCount(deliveries.failed) },
          ]}
          aside={deliveries.held ? `held ${formatCount(deliveries.held)}` : ''}
          format={(share) => formatPercent(share)}
          scale="share"
          target={{ value: targets.deliveryRate, label: 'Target 99 %' }}
          to={bucket('ended')}
          empty="Nothing was sent in this window"
        />
        <TimeSeries
          title="API response time"
          note="ms, all methods"
          points={responses.points.map(({ at, p50, p95, p99 }) => ({ at: toMs(at), values: { p50, p95, p99 } }))}
          stepMs={stepMs}
          lines={[
            { key: 'p50', label: 'p50', colour: 'low', ...total(responses.total.p50) },
            { key: 'p95', label: 'p95', colour: 'main', ...total(responses.total.p95) },
            { key: 'p99', label: 'p99', colour: 'high', ...total(responses.total.p99) },
          ]}
          format={(ms) => formatDuration(ms)}
          formatTick={(ms) => formatCount(ms)}
          scale="amount"
          target={{ value: targets.responseP95Ms, label: 'Target p95 200 ms' }}
          to={bucket('attempted')}
          empty="Slack was not asked in this window"
        />
      </Columns>
    </>
  )
}

const total = (ms: number | null) => (ms === null ? {} : { total: formatCount(ms) })

type TileProps = { name: string; met: boolean | null; target: string; isFloor?: boolean; children: ReactNode }

function Tile({ name, met, target, isFloor = false, children }: TileProps) {
  const words = met === isFloor ? 'Above' : 'Under'
  return (
    <Section label={name}>
      <div className={classes.tiles}>
        <span className={classes.tileName}>{name}</span>
        {children}
        {met === null ? (
          <StatePill tone="neutral" size="sm">
            Nothing measured
          </StatePill>
        ) : (
          <StatePill tone={met ? 'ok' : 'warn'} size="sm">
            {words === 'Under' && isFloor ? 'Below' : words} target {target}
          </StatePill>
        )}
      </div>
    </Section>
  )
}

function Share({ value }: { value: number | null }) {
  if (value === null) return <Figure size="tile" shown="–" exact="Nothing measured" />
  return <Figure size="tile" shown={percentDigits(value)} unit="%" exact={formatPercent(value, 4)} />
}

function Milliseconds({ value }: { value: number | null }) {
  if (value === null) return <Figure size="tile" shown="–" exact="Nothing measured" />
  return <Figure size="tile" shown={formatCount(value)} unit="ms" exact={formatDuration(value)} />
}
