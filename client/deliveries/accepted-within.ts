import { Window, windows } from '../../shared/metrics.ts'
import { useNow } from '../ui/RelativeTime.tsx'
import { useParamChoice } from '../ui/Tabs.tsx'

/** How far back a list may go, for the choice in its bar. */
export const windowOptions = [
  { value: '' as const, label: 'Any time' },
  ...Window.options.map((value) => ({
    value,
    label: windows[value].label,
    short: value.replace(/(?=[hd])/, ' '),
  })),
]
const MINUTE_MS = 60_000

/** A filter with the window of the bar: one that ends now begins at a whole minute, so that a minute asks the same. */
export function useAcceptedWithin<Filter extends { from?: string; to?: string }>(filter: Filter): Filter {
  const [window] = useParamChoice(
    'window',
    windowOptions.map((option) => option.value),
  )
  const now = useNow()
  if (!window || filter.from || filter.to) return filter
  const from = Math.floor(now / MINUTE_MS) * MINUTE_MS - windows[window].ms
  return { ...filter, from: new Date(from).toISOString() }
}
