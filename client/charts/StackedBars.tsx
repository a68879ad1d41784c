import { Bar, BarChart, CartesianGrid, Tooltip, XAxis, YAxis } from 'recharts'
import { formatCount, formatShort } from '../lib/format.ts'
import { AXIS_WIDTH, MARGIN, OpenOnEnter, useChartAxis } from './axis.tsx'
import { ChartSection } from './ChartSection.tsx'
import classes from './chart.module.css'
import { ChartTooltip, colourOf, type Point, type Series } from './parts.tsx'
import { countTicks } from './scales.ts'

type Props = {
  title: string
  note?: string
  /** Buckets in order of time, none left out. */
  points: Point[]
  stepMs: number
  /** From the foot of the stack up; at most four, colours 1 to 4. */
  series: Series[]
  /** Where a bucket leads, from a click, from Enter, and from its row in the table. */
  to?: (at: number) => string
  /** Said over an empty plot. */
  empty: string
}

const MOST_SEGMENT_PX = 16

/** Counts by kind over time, stacked. */
export function StackedBars({ title, note, points, stepMs, series, to, empty }: Props) {
  const { rows, axis, open, press, isEmpty } = useChartAxis(points, stepMs, to)
  const sums = points.map((point) => series.reduce((sum, { key }) => sum + (point.values[key] ?? 0), 0))
  const ticks = countTicks(Math.max(...sums, 1))
  const tip = series.map((one) => ({ series: one, format: formatCount, isLine: false })).toReversed()
  return (
    <ChartSection
      title={title}
      note={note}
      bars={series}
      points={points}
      stepMs={stepMs}
      formatLine={formatCount}
      formatBar={formatCount}
      to={to}
      legendBelow
    >
      <div className={classes.plot} data-clickable={to ? true : undefined}>
        <BarChart
          responsive
          style={{ width: '100%', height: 188 }}
          data={rows}
          margin={MARGIN}
          onClick={press}
          title={`${title}. The button above shows the same as a table.`}
        >
          <CartesianGrid vertical={false} stroke="var(--line)" />
          <XAxis {...axis} />
          <YAxis
            width={AXIS_WIDTH}
            domain={[0, ticks.at(-1) ?? 1]}
            ticks={ticks}
            tickFormatter={formatShort}
            axisLine={false}
            tickLine={false}
            tickMargin={8}
            interval={0}
          />
          <Tooltip
            isAnimationActive={false}
            cursor={{ fill: 'var(--sunk)' }}
            content={({ active, label }) =>
              active ? <ChartTooltip point={points.find(({ at }) => at === label)} stepMs={stepMs} rows={tip} /> : null
            }
          />
          {series.map(({ key, label, colour }) => (
            <Bar
              key={key}
              dataKey={key}
              name={label}
              stackId="all"
              maxBarSize={MOST_SEGMENT_PX}
              fill={colourOf(colour)}
              stroke="var(--canvas)"
              strokeWidth={1}
              isAnimationActive={false}
            />
          ))}
          <OpenOnEnter open={open} />
        </BarChart>
        {isEmpty && <p className={classes.none}>{empty}</p>}
      </div>
    </ChartSection>
  )
}
