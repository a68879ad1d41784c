import type { Lane } from '../../shared/queue.ts'
import { slackCode } from '../../shared/slack-codes.ts'

/** Where a stopped line is let go again: here, or where its destination or its integration is switched on or put right. */
export function whoResumes(code: string): 'line' | 'destination' | 'integration' {
  if (code === 'destination_disabled') return 'destination'
  if (code.startsWith('integration_')) return 'integration'
  const { stops } = slackCode(code)
  return stops === 'integration' || stops === 'credential' ? 'integration' : 'line'
}

/** The lines that stand still, and the others; each in the order they came. */
export function splitLines(lanes: readonly Lane[]): { stopped: Lane[]; moving: Lane[] } {
  return { stopped: lanes.filter((lane) => lane.stopped), moving: lanes.filter((lane) => !lane.stopped) }
}

/** `7 urgent, 7 normal`: the priorities that there are. */
export function priorityWords({ urgent, normal, low }: Lane['byPriority']): string {
  const counts = [
    [urgent, 'urgent'],
    [normal, 'normal'],
    [low, 'low'],
  ] as const
  return counts.flatMap(([count, word]) => (count > 0 ? `${count} ${word}` : [])).join(', ')
}
