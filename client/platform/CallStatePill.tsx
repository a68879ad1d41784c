import type { PlatformCall } from '../../shared/platform.ts'
import { type Shape, StatePill, type Tone } from '../ui/StatePill.tsx'

const STATES: Record<PlatformCall['state'], { tone: Tone; shape?: Shape; word: string }> = {
  pending: { tone: 'neutral', shape: 'clock', word: 'Waiting' },
  sending: { tone: 'info', shape: 'running', word: 'Sending' },
  retrying: { tone: 'warn', shape: 'clock', word: 'Trying again' },
  delivered: { tone: 'ok', word: 'Taken' },
  failed: { tone: 'bad', word: 'Failed' },
}

/** How a call to the platform stands. */
export function CallStatePill({ state }: Pick<PlatformCall, 'state'>) {
  const { tone, shape, word } = STATES[state]
  return (
    <StatePill tone={tone} {...(shape && { shape })}>
      {word}
    </StatePill>
  )
}
