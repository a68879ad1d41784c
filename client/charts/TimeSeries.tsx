import { useId } from 'react'
import {
  Bar,
  BarChart,
  CartesianGrid,
  Line,
  LineChart,
  ReferenceArea,
  ReferenceLine,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts'
import { formatCount, formatShort } from '../lib/format.ts'
import { AXIS_WIDTH, MARGIN, OpenOnEnter, useChartAxis } from './axis.tsx'
import { LeastBar } from './bars.tsx'
import { ChartSection } from './ChartSection.tsx'
import classes from './chart.module.css'
import { ChartTooltip, colourOf, type Format, type Point, type Series, strokeOf } from './parts.tsx'
import { countTicks, shareTicks } from './scales.ts'

type Props = {
  title: string
  note?: string
  /** Buckets in order of time, none left out; one without data has nulls. */
  points: Point[]
  /** How long a bucket is. */
  stepMs: number
  lines: Series[]
  format: Format
  /** What the y axis writes at a tick; `format` when left out. */
  formatTick?: Format
  /** `share` shows values from 0 to 1 near the top of the scale; `amount` begins at 0. */
  scale: 'share' | 'amount'
  /** A dashed line with its words on it. */
  target?: { value: number; label: string }
  /** Stretches of time with a cause, told on the chart. */
  bands?: { from: number; to: number; label: string }[]
  /** Counts stacked under the lines on the same time axis; the last is the rare one and is never less than 3 px high. */
  bars?: Series[]
  /** A figure of the legend that is not drawn, such as `held 15`. */
  aside?: string
  /** Where a bucket leads, from a click, from Enter, and from its row in the table. */
  to?: (at: number) => string
  /** Said over an empty plot. */
  empty: string
}

const HEIGHT = 248
const RATE_HEIGHT = 176
const BARS_HEIGHT = 72

/** Lines over time against a target, with counts below them that share the time axis and the hover. */
export function TimeSeries(props: Props) {
  const { title, note, points, stepMs, lines, bars = [], format, aside, to } = props
  return (
    <ChartSection
      title={title}
      note={note}
      lines={lines}
      hideLines={bars.length > 0 && lines.length === 1}
      bars={bars}
      aside={aside}
      points={points}
      stepMs={stepMs}
      formatLine={format}
      formatBar={formatCount}
      to={to}
    >
      <Plot {...props} />
    </ChartSection>
  )
}

function Plot({
  title,
  points,
  stepMs,
  lines,
  bars = [],
  format,
  formatTick = format,
  scale,
  target,
  bands = [],
  to,
  empty,
}: Props) {
  const sync = useId()
  const { rows, axis, open, press, isEmpty } = useChartAxis(points, stepMs, to)
  const values = points.flatMap((point) => lines.map(({ key }) => point.values[key])).filter(isNumber)
  const targets = target ? [target.value] : []
  const ticks =
    scale === 'share'
      ? // Room below the target, so that its line is not the floor.
        shareTicks(Math.min(...values, ...targets.map((value) => 1 - (1 - value) * 4), 1))
      : countTicks(Math.max(...values, ...targets.map((value) => value * 1.25), 0))
  const yDomain = [ticks[0] ?? 0, ticks.at(-1) ?? 1]
  const stacked = points.map((point) => bars.reduce((sum, { key }) => sum + (point.values[key] ?? 0), 0))
  const barTicks = [0, countTicks(Math.max(...stacked, 1), 1).at(-1) ?? 1]
  const tip = [
    ...lines.map((series) => ({ series, format, isLine: true })),
    ...bars.map((series) => ({ series, format: formatCount, isLine: false })),
  ]
  const height = bars.length ? RATE_HEIGHT : HEIGHT
  return (
    <div className={classes.plot} data-clickable={to ? true : undefined}>
      <LineChart
        responsive
        style={{ width: '100%', height }}
        data={rows}
        margin={MARGIN}
        syncId={sync}
        syncMethod="value"
        onClick={press}
        title={`${title}. The button above shows the same as a table.`}
      >
        {bands.map((band) => (
          <ReferenceArea
            key={band.from}
            x1={band.from}
            x2={band.to}
            fill="var(--chart-band)"
            fillOpacity={1}
            ifOverflow="hidden"
            label={<BandLabel words={band.label} />}
          />
        ))}
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis {...axis} hide={bars.length > 0} />
        <YAxis
          width={AXIS_WIDTH}
          domain={yDomain}
          ticks={scale === 'share' && bars.length ? ticks.slice(1) : ticks}
          tickFormatter={formatTick}
          axisLine={false}
          tickLine={false}
          tickMargin={8}
          interval={0}
          allowDataOverflow
        />
        {target && (
          <ReferenceLine
            y={target.value}
            stroke="var(--text-2)"
            strokeDasharray="4 3"
            label={{
              value: target.label,
              position: isNearTop(target.value, yDomain, height) ? 'insideTopLeft' : 'insideBottomLeft',
              fill: 'var(--text-3)',
              fontSize: 12,
              offset: 6,
              // A rim of the background keeps the words readable where a line crosses them.
              paintOrder: 'stroke',
              stroke: 'var(--canvas)',
              strokeWidth: 4,
              strokeLinejoin: 'round',
            }}
          />
        )}
        <Tooltip
          isAnimationActive={false}
          cursor={{ stroke: 'var(--line-strong)' }}
          content={({ active, label }) =>
            active ? <ChartTooltip point={points.find(({ at }) => at === label)} stepMs={stepMs} rows={tip} /> : null
          }
        />
        {lines.map(({ key, label, colour }) => (
          <Line
            key={key}
            dataKey={key}
            name={label}
            type="linear"
            stroke={colourOf(colour)}
            strokeWidth={strokeOf(colour)}
            dot={lonely(points, key, colourOf(colour))}
            activeDot={{ r: 3, strokeWidth: 0, fill: colourOf(colour) }}
            isAnimationActive={false}
          />
        ))}
        <OpenOnEnter open={open} />
      </LineChart>
      {bars.length > 0 && (
        <BarChart
          responsive
          style={{ width: '100%', height: BARS_HEIGHT }}
          data={rows}
          margin={MARGIN}
          syncId={sync}
          syncMethod="value"
          onClick={press}
          accessibilityLayer={false}
        >
          <XAxis {...axis} />
          <YAxis
            width={AXIS_WIDTH}
            domain={[0, barTicks[1] ?? 1]}
            ticks={barTicks}
            tickFormatter={formatShort}
            axisLine={false}
            tickLine={false}
            tickMargin={8}
            interval={0}
          />
          <Tooltip isAnimationActive={false} cursor={{ fill: 'var(--sunk)' }} content={() => null} />
          {bars.map(({ key, label, colour }, index) => (
            <Bar
              key={key}
              dataKey={key}
              name={label}
              stackId="all"
              maxBarSize={7}
              fill={colourOf(colour)}
              isAnimationActive={false}
              {...(index > 0 && { shape: LeastBar })}
            />
          ))}
        </BarChart>
      )}
      {isEmpty && <p className={classes.none}>{empty}</p>}
    </div>
  )
}

const LABEL_ROOM_PX = 22

/** Whether words above this value would stand on the topmost grid line, where a good rate runs. */
function isNearTop(value: number, [bottom = 0, top = 1]: number[], height: number): boolean {
  return ((top - value) / (top - bottom)) * height < LABEL_ROOM_PX
}

type BandLabelProps = { words: string; viewBox?: { x?: number; y?: number; width?: number; height?: number } }

const LEAST_ROOM_PX = 140

/** Beside the band, on its left while there is room, and between two grid lines. */
function BandLabel({ words, viewBox = {} }: BandLabelProps) {
  const { x = 0, y = 0, width = 0, height = 0 } = viewBox
  const isLeft = x - AXIS_WIDTH > LEAST_ROOM_PX
  return (
    <text
      x={isLeft ? x - 6 : x + width + 6}
      y={y + height * 0.66}
      textAnchor={isLeft ? 'end' : 'start'}
      fill="var(--text-3)"
      fontSize={12}
    >
      {words}
    </text>
  )
}

type DotProps = { index?: number; cx?: number; cy?: number; key?: unknown }

/** A dot only where a value has no neighbour to be joined with; a line through one point would not be seen. */
function lonely(points: Point[], key: string, fill: string) {
  const has = (index: number) => isNumber(points[index]?.values[key])
  return ({ index = 0, cx, cy }: DotProps) =>
    has(index) && !has(index - 1) && !has(index + 1) && cx !== undefined && cy !== undefined ? (
      <circle key={index} cx={cx} cy={cy} r={2.5} fill={fill} />
    ) : (
      <g key={index} />
    )
}

function isNumber(value: number | null | undefined): value is number {
  return typeof value === 'number'
}
