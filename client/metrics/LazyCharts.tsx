import { type ComponentProps, lazy, Suspense } from 'react'
import { SectionSkeleton } from '../ui/Skeletons.tsx'

const Rate = lazy(() => import('./RateChart.tsx'))
const Response = lazy(() => import('./ResponseChart.tsx'))
const Usage = lazy(() => import('./UsageChart.tsx'))

type Props = ComponentProps<typeof Rate>

export const CHART_HEIGHT = 248
export const USAGE_HEIGHT = 216

/** The charts with the library that draws them left out of the page until it shows one. */
export function RateChart(props: Props) {
  return (
    <Suspense fallback={<SectionSkeleton height={CHART_HEIGHT} />}>
      <Rate {...props} />
    </Suspense>
  )
}

export function ResponseChart(props: Props) {
  return (
    <Suspense fallback={<SectionSkeleton height={CHART_HEIGHT} />}>
      <Response {...props} />
    </Suspense>
  )
}

export function UsageChart(props: Props) {
  return (
    <Suspense fallback={<SectionSkeleton height={USAGE_HEIGHT} />}>
      <Usage {...props} />
    </Suspense>
  )
}
