import { useMediaQuery } from '@mantine/hooks'
import { type MouseEvent, useEffect, useRef } from 'react'
import { useNavigate } from 'react-router'
import { useActiveTooltipLabel } from 'recharts'
import { formatDay, formatTime } from '../lib/format.ts'
import type { Point } from './parts.tsx'
import { timeTicks } from './scales.ts'

/** Room for the y axis, at the left of every plot. */
export const AXIS_WIDTH = 48
export const MARGIN = { top: 8, right: 1, bottom: 0, left: 0 }

/** What every chart over time shares: the same ticks at the same places, and the way a bucket is opened. */
export function useChartAxis(points: Point[], stepMs: number, to: ((at: number) => string) | undefined) {
  const isPhone = useMediaQuery('(max-width: 699.98px)') ?? false
  const navigate = useNavigate()
  const from = points[0]?.at ?? 0
  const until = points.at(-1)?.at ?? stepMs
  const { ticks, isDays } = timeTicks(from, until, isPhone ? 4 : 7)
  const axis = {
    dataKey: 'at',
    type: 'number',
    scale: 'time',
    domain: [from - stepMs / 2, until + stepMs / 2],
    ticks,
    tickFormatter: (at: number) => (isDays ? formatDay(at).replace(/ \d{4}$/, '') : formatTime(at)),
    tickLine: false,
    tickMargin: 8,
    axisLine: { stroke: 'var(--line-strong)' },
    interval: 'preserveStartEnd',
    height: 30,
  } as const
  return {
    rows: points.map(({ at, values }) => ({ at, ...values })),
    axis: { ...axis, domain: [...axis.domain], ticks: [...axis.ticks] },
    isEmpty: points.every(({ values }) => Object.values(values).every((value) => !value)),
    open: (at: number) => {
      if (to) navigate(to(at))
    },
    // From where the pointer is, not from what hovers: a tap comes before the library has noticed any hover.
    press: (_: unknown, event: MouseEvent) => {
      const at = points[bucketUnder(event, points.length)]?.at
      if (to && at !== undefined) navigate(to(at))
    },
  }
}

/** Enter opens the bucket that the arrow keys stand on. Must be a child of the chart. */
export function OpenOnEnter({ open }: { open: (at: number) => void }) {
  const activeLabel = useActiveTooltipLabel()
  const mark = useRef<SVGGElement>(null)
  useEffect(() => {
    const svg = mark.current?.ownerSVGElement
    const press = (event: KeyboardEvent) => {
      if (event.key === 'Enter' && activeLabel !== undefined) open(Number(activeLabel))
    }
    svg?.addEventListener('keydown', press)
    return () => svg?.removeEventListener('keydown', press)
  }, [activeLabel, open])
  return <g ref={mark} />
}

/** Which of `count` equal slots of the plot a pointer is over; -1 over the axis. */
function bucketUnder({ target, clientX }: MouseEvent, count: number): number {
  const box = target instanceof Element && target.closest('.recharts-wrapper')?.getBoundingClientRect()
  if (!box) return -1
  return Math.floor(((clientX - box.left - AXIS_WIDTH) / (box.width - AXIS_WIDTH - MARGIN.right)) * count)
}
