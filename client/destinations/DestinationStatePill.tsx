import type { Destination, DestinationState } from '../../shared/destinations.ts'
import { formatExact } from '../lib/format.ts'
import { type Shape, StatePill, type Tone } from '../ui/StatePill.tsx'

const LOOKS: Record<DestinationState, { tone: Tone; shape?: Shape; word: string }> = {
  untested: { tone: 'neutral', word: 'Not tested' },
  ok: { tone: 'ok', word: 'Working' },
  failing: { tone: 'bad', word: 'Failing' },
  paused: { tone: 'warn', shape: 'pause', word: 'Paused' },
  disabled: { tone: 'neutral', shape: 'pause', word: 'Switched off' },
}

export function DestinationStatePill({ destination }: { destination: Destination }) {
  const { tone, shape, word } = LOOKS[destination.state]
  return (
    <span title={`Since ${formatExact(destination.stateSince)}`}>
      <StatePill tone={tone} {...(shape && { shape })}>
        {word}
      </StatePill>
    </span>
  )
}
