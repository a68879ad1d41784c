import { useMediaQuery } from '@mantine/hooks'
import { useEffect, useRef } from 'react'
import { useNavigate } from 'react-router'
import { useActiveTooltipLabel } from 'recharts'
import { formatDay, formatTime } from '../lib/format.ts'
import type { Point } from './parts.tsx'
import { timeTicks } from './scales.ts'

type Pressed = { activeLabel?: string | number | undefined }

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
    open: ({ activeLabel }: Pressed) => {
      if (to && activeLabel !== undefined) navigate(to(Number(activeLabel)))
    },
  }
}

/** Enter opens the bucket that the arrow keys stand on. Must be a child of the chart. */
export function OpenOnEnter({ open }: { open: (pressed: Pressed) => void }) {
  const activeLabel = useActiveTooltipLabel()
  const mark = useRef<SVGGElement>(null)
  useEffect(() => {
    const svg = mark.current?.ownerSVGElement
    const press = (event: KeyboardEvent) => {
      if (event.key === 'Enter') open({ activeLabel })
    }
    svg?.addEventListener('keydown', press)
    return () => svg?.removeEventListener('keydown', press)
  }, [activeLabel, open])
  return <g ref={mark} />
}
