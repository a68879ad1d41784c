import type { Replay } from '../../shared/replays.ts'
import type { Shape, Tone } from '../ui/StatePill.tsx'

/** How each state of a replay looks. */
export const replayStateLooks: Readonly<Record<Replay['state'], { label: string; tone: Tone; shape?: Shape }>> = {
  running: { label: 'Running', tone: 'neutral', shape: 'running' },
  paused: { label: 'Paused', tone: 'warn', shape: 'pause' },
  done: { label: 'Done', tone: 'ok' },
  cancelled: { label: 'Cancelled', tone: 'neutral', shape: 'ban' },
}

/** How many of all it was asked for are behind it, sent again or left out. */
export function shareDone({ total, made, skipped }: Pick<Replay, 'total' | 'made' | 'skipped'>): number {
  return total === 0 ? 1 : Math.min(1, (made + skipped) / total)
}
