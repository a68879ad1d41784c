import { Button, Menu } from '@mantine/core'
import { useState } from 'react'
import type { Lane } from '../../shared/queue.ts'
import { ApiError } from '../lib/api.ts'
import { IconDots } from '../ui/icons.ts'
import { ReasonDialog } from '../ui/ReasonDialog.tsx'
import { toast } from '../ui/toast.ts'
import { PurgeLine } from './PurgeLine.tsx'
import { usePauseLine } from './queries.ts'

/** Pause, resume and drop what waits in one line. */
export function LineActions({ lane }: { lane: Lane }) {
  const [asked, setAsked] = useState<'pause' | 'purge'>()
  const line = usePauseLine(lane.destinationId)
  const close = () => setAsked(undefined)
  const isOwnPause = lane.stopped && !lane.stopped.code.startsWith('integration_')
  // By a promise, not callbacks: the line may have left the page by then.
  const resume = () =>
    line.mutateAsync({ act: 'resume' }).then(
      () => toast('ok', `${lane.destinationName} goes on: what was held is sent in order.`),
      (error) => toast('bad', error instanceof ApiError ? error.message : 'It was not resumed. Try again.'),
    )
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button variant="subtle" color="gray" size="xs" aria-label={`Actions for ${lane.destinationName}`}>
            <IconDots />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {isOwnPause && <Menu.Item onClick={resume}>Resume</Menu.Item>}
          {!lane.stopped && <Menu.Item onClick={() => setAsked('pause')}>Pause…</Menu.Item>}
          <Menu.Item color="red" onClick={() => setAsked('purge')}>
            Drop what waits…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {asked === 'pause' && (
        <ReasonDialog
          title={`Pause ${lane.destinationName}?`}
          action="Pause destination"
          onConfirm={(note) => line.mutate({ act: 'pause', note }, { onSuccess: close })}
          onClose={close}
          busy={line.isPending}
          error={line.error}
        >
          Its messages are held, not lost, and go out in order once it is resumed.
        </ReasonDialog>
      )}
      {asked === 'purge' && <PurgeLine lane={lane} onClose={close} />}
    </>
  )
}
