import { Button } from '@mantine/core'
import type { NotificationType } from '../../shared/notification-types.ts'
import { failureWords } from '../lib/failure-words.ts'
import { IconPlayerPause, IconPlayerPlay } from '../ui/icons.ts'
import { toast } from '../ui/toast.ts'
import { useCan } from '../users/queries.ts'
import { usePauseType } from './queries.ts'

type Props = { type: NotificationType; size?: 'xs' | 'sm' }

/** Holds what comes of a type, or lets it go again, for those who may. */
export function PauseType({ type: { type, paused }, size = 'xs' }: Props) {
  const mayAct = useCan('operator')
  const turn = usePauseType(type)
  if (!mayAct) return null
  const act = paused ? 'resume' : 'pause'
  const onClick = () =>
    turn.mutate(act, {
      onSuccess: () =>
        void toast('ok', paused ? `${type} goes out again, oldest first.` : `${type} is held until it is resumed.`),
      onError: (error) => void toast('bad', `${type} was not changed. ${failureWords(error)}`),
    })
  return (
    <Button
      variant="default"
      size={size}
      leftSection={paused ? <IconPlayerPlay /> : <IconPlayerPause />}
      loading={turn.isPending}
      onClick={onClick}
      aria-label={paused ? `Resume ${type}` : `Pause ${type}`}
    >
      {paused ? 'Resume' : 'Pause'}
    </Button>
  )
}
