import { useQuery } from '@tanstack/react-query'
import type { Lane } from '../../shared/queue.ts'
import { plural } from '../lib/format.ts'
import { ConfirmByName } from '../ui/ConfirmByName.tsx'
import { RelativeTime } from '../ui/RelativeTime.tsx'
import { toast } from '../ui/toast.ts'
import { purgeQuery, usePurge } from './queries.ts'

/** Says what would be dropped, and drops just that once its number was typed. */
export function PurgeLine({ lane, onClose }: { lane: Lane; onClose: () => void }) {
  const preview = useQuery(purgeQuery(lane.destinationId))
  const purge = usePurge(lane.destinationId)
  const { count = 0, oldestAt, newestAt } = preview.data ?? {}
  // By a promise, not callbacks: once it is empty the line has left the page.
  const confirm = () =>
    purge.mutateAsync(count).then(
      ({ cancelled }) => {
        void toast('ok', `${plural(cancelled, 'delivery was', 'deliveries were')} dropped.`)
        onClose()
      },
      () => {}, // shown where it was confirmed
    )
  return (
    <ConfirmByName
      opened
      onClose={onClose}
      title={`Drop what waits for ${lane.destinationName}?`}
      name={String(count)}
      action={`Drop ${plural(count, 'delivery', 'deliveries')}`}
      onConfirm={confirm}
      busy={purge.isPending || preview.isPending}
      failed={purge.error ? 'Nothing was dropped' : 'What waits could not be counted'}
      error={purge.error ?? preview.error}
    >
      {preview.isPending ? (
        'Counting what waits…'
      ) : (
        <>
          {plural(count, 'message', 'messages')} will never be sent
          {oldestAt && newestAt && (
            <>
              : the oldest was accepted <RelativeTime at={oldestAt} />, the newest <RelativeTime at={newestAt} />
            </>
          )}
          . They stay in the log as cancelled and can be replayed from there.
        </>
      )}
    </ConfirmByName>
  )
}
