import type { UnderWay } from '../../shared/queue.ts'
import { formatCount } from '../lib/format.ts'
import { Notice } from '../ui/Notice.tsx'

/** What was turned a moment ago, so that some of what waits is not yet counted as it will be. */
export function UnderWayNotice({ underWay }: { underWay: readonly UnderWay[] }) {
  return (
    <Notice tone="info" title="A large backlog is still changing over" banner>
      <ul>
        {underWay.map(({ kind, subject, act, moved }) => (
          <li key={`${kind} ${subject}`}>
            {wordsOf({ kind, subject, act })}: {formatCount(moved)} so far.
          </li>
        ))}
      </ul>
      <p>Until it is through, the rest is counted as it was before. Nothing of it goes out that must not.</p>
    </Notice>
  )
}

function wordsOf({ kind, subject, act }: Omit<UnderWay, 'moved'>): string {
  switch (kind) {
    case 'type':
      return act === 'hold' ? `What waits of ${subject} is being set aside` : `${subject} is being put back in line`
    case 'destination':
      return 'What waited for a deleted destination is being cancelled'
    case 'integration':
      return 'What waited for a deleted integration is being cancelled'
    case 'replay':
      return 'What a cancelled replay made is being taken back'
    case 'quiet':
      return 'What quiet hours or a mute held is being looked at again'
  }
}
