import type { Integration } from '../../shared/integrations.ts'
import { ReasonDialog } from '../ui/ReasonDialog.tsx'
import { toast } from '../ui/toast.ts'
import { usePauseIntegration } from './queries.ts'

type Props = { integration: Integration; onClose: () => void }

/** Says what pausing an integration means, and asks why. */
export function PauseDialog({ integration: { id, name }, onClose }: Props) {
  const pause = usePauseIntegration(id)
  const confirm = (note: string | undefined) =>
    // By a promise, not callbacks: once it is paused the button that opened this is gone, and this with it.
    pause.mutateAsync({ act: 'pause', note }).then(
      () => {
        void toast('ok', `${name} is paused`)
        onClose()
      },
      () => undefined, // said in the dialog
    )
  return (
    <ReasonDialog
      title={`Pause ${name}?`}
      action="Pause integration"
      onConfirm={confirm}
      onClose={onClose}
      busy={pause.isPending}
      error={pause.error}
    >
      Its messages are held, not lost, and go out in order once it is resumed. Test messages still go out, and commands
      and buttons in Slack are still answered.
    </ReasonDialog>
  )
}
