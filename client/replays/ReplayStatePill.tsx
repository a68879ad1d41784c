import type { Replay } from '../../shared/replays.ts'
import { StatePill } from '../ui/StatePill.tsx'
import { replayStateLooks } from './replay-states.ts'

/** The state of a replay as shape, word and colour. */
export function ReplayStatePill({ state }: { state: Replay['state'] }) {
  const { label, tone, shape } = replayStateLooks[state]
  return (
    <StatePill tone={tone} {...(shape && { shape })}>
      {label}
    </StatePill>
  )
}
