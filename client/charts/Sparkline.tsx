import classes from './chart.module.css'

type Props = {
  /** What a screen reader hears instead: "99.6 % delivered, 49 failed in 24 hours". */
  label: string
  points: { good: number; bad: number }[]
  width?: number
  height?: number
}

const GAP_PX = 1
const LEAST_BAD_PX = 3

/** Bars the size of a word. Drawn without the chart library, so that a list of them costs no download. */
export function Sparkline({ label, points, width = 96, height = 24 }: Props) {
  const most = Math.max(1, ...points.map(({ good, bad }) => good + bad))
  const step = width / Math.max(1, points.length)
  return (
    <svg className={classes.spark} width={width} height={height} role="img" aria-label={label}>
      <title>{label}</title>
      {points.map(({ good, bad }, index) => {
        const badHeight = bad > 0 ? Math.max(LEAST_BAD_PX, (bad / most) * height) : 0
        const goodHeight = good > 0 ? Math.max(1, Math.min((good / most) * height, height - badHeight)) : 0
        const bar = { x: index * step, width: Math.max(1, step - GAP_PX) }
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a bucket is known by its place
          <g key={index}>
            {good + bad === 0 && <rect {...bar} y={height - 1} height={1} fill="var(--line-strong)" />}
            <rect {...bar} y={height - goodHeight} height={goodHeight} fill="var(--chart-volume)" />
            <rect {...bar} y={height - goodHeight - badHeight} height={badHeight} fill="var(--chart-bad)" />
          </g>
        )
      })}
    </svg>
  )
}
