import { ActionIcon, Button, Menu } from '@mantine/core'
import { useState } from 'react'
import type { Lane } from '../../shared/queue.ts'
import { failureWords } from '../lib/failure-words.ts'
import { IconBan, IconDots, IconPlayerPause, IconPlayerPlay } from '../ui/icons.ts'
import { ReasonDialog } from '../ui/ReasonDialog.tsx'
import { toast } from '../ui/toast.ts'
import { PurgeLine } from './PurgeLine.tsx'
import { usePauseLine } from './queries.ts'

/** Lets a line go that was stopped. */
export function ResumeLine({ lane: { destinationId, destinationName } }: { lane: Lane }) {
  const line = usePauseLine(destinationId)
  // By a promise, not callbacks: once it is resumed this button is gone.
  const resume = () =>
    line.mutateAsync({ act: 'resume' }).then(
      () => toast('ok', `${destinationName} goes on: what was held is sent in order.`),
      (error) => toast('bad', `${destinationName} was not resumed. ${failureWords(error)}`),
    )
  return (
    <Button
      variant="default"
      size="xs"
      leftSection={<IconPlayerPlay />}
      loading={line.isPending}
      onClick={resume}
      aria-label={`Resume ${destinationName}`}
    >
      Resume
    </Button>
  )
}

/** Holds a line that moves, or drops what waits in it. */
export function LineMenu({ lane }: { lane: Lane }) {
  const [asked, setAsked] = useState<'pause' | 'purge'>()
  const line = usePauseLine(lane.destinationId)
  const close = () => setAsked(undefined)
  return (
    <>
      <Menu>
        <Menu.Target>
          <ActionIcon aria-label={`Actions for ${lane.destinationName}`}>
            <IconDots />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {!lane.stopped && (
            <Menu.Item leftSection={<IconPlayerPause />} onClick={() => setAsked('pause')}>
              Pause…
            </Menu.Item>
          )}
          <Menu.Item color="red" leftSection={<IconBan />} onClick={() => setAsked('purge')}>
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
          Its messages are held, not lost, and go out in order once it is resumed. Test messages still go out.
        </ReasonDialog>
      )}
      {asked === 'purge' && <PurgeLine lane={lane} onClose={close} />}
    </>
  )
}
