import { Button } from '@mantine/core'
import type { Destination } from '../../shared/destinations.ts'
import { failureWords } from '../lib/failure-words.ts'
import { IconPlayerPlay } from '../ui/icons.ts'
import { ReasonDialog } from '../ui/ReasonDialog.tsx'
import { toast } from '../ui/toast.ts'
import { usePauseDestination } from './queries.ts'

type Props = { destination: Destination; onClose: () => void }

/** Holds what goes to one destination, after saying what that means. */
export function PauseDestination({ destination: { id, name }, onClose }: Props) {
  const pause = usePauseDestination(id)
  const confirm = (note: string | undefined) =>
    pause.mutate(
      { act: 'pause', note },
      {
        onSuccess: () => {
          void toast('ok', `${name} is paused`)
          onClose()
        },
      },
    )
  return (
    <ReasonDialog
      title={`Pause ${name}?`}
      action="Pause destination"
      onConfirm={confirm}
      onClose={onClose}
      busy={pause.isPending}
      error={pause.error}
    >
      Its messages are held, not lost, and go out in order once it is resumed. Test messages still go out.
    </ReasonDialog>
  )
}

/** Lets go what was held for a destination. */
export function ResumeDestination({ destination: { id, name } }: { destination: Destination }) {
  const resume = usePauseDestination(id)
  // By a promise, not callbacks: once it is resumed this button is gone.
  const onClick = () =>
    resume.mutateAsync({ act: 'resume' }).then(
      () => toast('ok', `${name} goes on: what was held is sent in order.`),
      (error) => toast('bad', `${name} was not resumed. ${failureWords(error)}`),
    )
  return (
    <Button
      variant="default"
      size="xs"
      leftSection={<IconPlayerPlay />}
      loading={resume.isPending}
      onClick={onClick}
      aria-label={`Resume ${name}`}
    >
      Resume
    </Button>
  )
}
