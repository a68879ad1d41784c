import type { Integration, IntegrationState } from '../../shared/integrations.ts'
import { formatDay, formatExact, formatTime } from '../lib/format.ts'
import { useNow } from '../ui/RelativeTime.tsx'
import { type Shape, StatePill, type Tone } from '../ui/StatePill.tsx'

const LOOKS: Record<IntegrationState, { tone: Tone; shape?: Shape; word: string }> = {
  untested: { tone: 'neutral', word: 'Not tested' },
  ok: { tone: 'ok', word: 'Working' },
  failing: { tone: 'bad', word: 'Failing' },
  paused: { tone: 'warn', shape: 'pause', word: 'Paused' },
  disabled: { tone: 'neutral', shape: 'pause', word: 'Switched off' },
}

/** How an integration is and since when: `Failing since 12:00`. */
export function IntegrationStatePill({ integration }: { integration: Integration }) {
  const { tone, shape, word } = LOOKS[integration.state]
  const since = useSince(integration.stateSince)
  return (
    <span title={formatExact(integration.stateSince)}>
      <StatePill tone={tone} {...(shape && { shape })}>
        {integration.state === 'untested' ? word : `${word} since ${since}`}
      </StatePill>
    </span>
  )
}

/** The time of day for what began today, the day for what began before. */
function useSince(at: string): string {
  const now = useNow()
  return formatDay(at) === formatDay(now) ? formatTime(at) : formatDay(at)
}
