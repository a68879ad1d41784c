import { Button, Checkbox, Group, Stack } from '@mantine/core'
import { useState } from 'react'
import type { Replay } from '../../shared/replays.ts'
import { plural } from '../lib/format.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { IconBan, IconPlayerPause, IconPlayerPlay } from '../ui/icons.ts'
import { toast } from '../ui/toast.ts'
import { useCan } from '../users/queries.ts'
import { useReplayAct } from './queries.ts'
import classes from './replays.module.css'

/** Pauses a replay, lets it go on, or ends it, for those who may. */
export function ReplayActions({ replay }: { replay: Replay }) {
  const mayAct = useCan('operator')
  const turn = useReplayAct(replay.id)
  const [isEnding, setEnding] = useState(false)
  const { state } = replay
  if (!mayAct || (state !== 'running' && state !== 'paused')) return null
  const isPaused = state === 'paused'
  return (
    <div className={classes.actions}>
      <Button
        variant={isPaused ? 'filled' : 'default'}
        leftSection={isPaused ? <IconPlayerPlay /> : <IconPlayerPause />}
        loading={turn.isPending}
        onClick={() => turn.mutate({ act: isPaused ? 'resume' : 'pause' })}
      >
        {isPaused ? 'Resume' : 'Pause'}
      </Button>
      <Button variant="default" leftSection={<IconBan />} onClick={() => setEnding(true)}>
        Cancel replay
      </Button>
      {turn.error && <ErrorNotice error={turn.error} what="Nothing was changed" />}
      {isEnding && <CancelDialog replay={replay} onClose={() => setEnding(false)} />}
    </div>
  )
}

function CancelDialog({ replay, onClose }: { replay: Replay; onClose: () => void }) {
  const cancel = useReplayAct(replay.id)
  const [cancelWaiting, setCancelWaiting] = useState(false)
  const { total, made, skipped, outcomes } = replay
  const confirm = () =>
    cancel.mutate(
      { act: 'cancel', cancelWaiting },
      {
        onSuccess: () => {
          void toast('ok', 'The replay was cancelled.')
          onClose()
        },
      },
    )
  return (
    <Dialog opened onClose={onClose} title="Cancel this replay?">
      <Stack gap="md">
        <p>
          {plural(Math.max(0, total - made - skipped), 'delivery is', 'deliveries are')} not sent again. What was sent
          stays sent.
        </p>
        {outcomes.waiting > 0 && (
          <Checkbox
            label="Also cancel what still waits"
            description={`${plural(outcomes.waiting, 'delivery', 'deliveries')} of this replay wait in line.`}
            checked={cancelWaiting}
            onChange={(event) => setCancelWaiting(event.currentTarget.checked)}
          />
        )}
        {cancel.error && <ErrorNotice error={cancel.error} what="It was not cancelled" />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Let it go on
          </Button>
          <Button color="red" loading={cancel.isPending} onClick={confirm}>
            Cancel replay
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}
