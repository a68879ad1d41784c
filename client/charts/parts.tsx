import { formatDayTime, formatTime } from '../lib/format.ts'
import classes from './chart.module.css'

/** The colours a series may have; each is a token with a light and a dark shade. */
export type ChartColour = 'rate' | 'main' | 'low' | 'high' | 'volume' | 'bad' | 'warn' | '1' | '2' | '3' | '4'

/** One thing a chart shows. */
export type Series = {
  /** Its name in each point's `values`. */
  key: string
  label: string
  colour: ChartColour
  /** What the legend says beside the name: the figure over the whole window, formatted. */
  total?: string
}

/** One bucket of time: `at` is its first instant. A value that was not measured is null, never 0. */
export type Point = { at: number; values: Record<string, number | null> }

/** How one value is written in the tooltip and the table. */
export type Format = (value: number) => string

export function colourOf(colour: ChartColour): string {
  return `var(--chart-${colour})`
}

export function strokeOf(colour: ChartColour): number {
  return colour === 'main' ? 2 : colour === 'rate' ? 1.75 : 1.25
}

/** The part of the plot that a bucket covers, in the viewer's zone. */
export function bucketName(at: number, stepMs: number): string {
  return `${formatDayTime(at)}–${formatTime(at + stepMs)}`
}

/** The series by name with their figures, so that a legend is never furniture. */
export function Legend({ lines = [], bars = [], below }: { lines?: Series[]; bars?: Series[]; below?: boolean }) {
  return (
    <ul className={below ? `${classes.legend} ${classes.below}` : classes.legend}>
      {[...lines.map((series) => ({ series, isLine: true })), ...bars.map((series) => ({ series, isLine: false }))].map(
        ({ series, isLine }) => (
          <li key={series.key}>
            <Swatch colour={series.colour} isLine={isLine} />
            {series.label}
            {series.total !== undefined && <strong>{series.total}</strong>}
          </li>
        ),
      )}
    </ul>
  )
}

export function Swatch({ colour, isLine }: { colour: ChartColour; isLine?: boolean }) {
  const style = { background: colourOf(colour) }
  return <span className={classes.swatch} data-line={isLine || undefined} style={style} aria-hidden="true" />
}

type TipProps = {
  point: Point | undefined
  stepMs: number
  rows: { series: Series; format: Format; isLine: boolean }[]
}

/** What hovers over a bucket: when it was and every value in it, those not measured said to be so. */
export function ChartTooltip({ point, stepMs, rows }: TipProps) {
  if (!point) return null
  return (
    <div className={classes.tooltip}>
      <p>{bucketName(point.at, stepMs)}</p>
      <dl>
        {rows.map(({ series, format, isLine }) => {
          const value = point.values[series.key]
          return (
            <div key={series.key} style={{ display: 'contents' }}>
              <Swatch colour={series.colour} isLine={isLine} />
              <dt>{series.label}</dt>
              <dd>{value === null || value === undefined ? '–' : format(value)}</dd>
            </div>
          )
        })}
      </dl>
    </div>
  )
}
