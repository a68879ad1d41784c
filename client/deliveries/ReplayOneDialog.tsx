import { Button, Checkbox, Group, Stack } from '@mantine/core'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import type { Delivery } from '../../shared/deliveries.ts'
import { formatExact } from '../lib/format.ts'
import { isUnderWay } from '../lib/under-way.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { Notice } from '../ui/Notice.tsx'
import { toast } from '../ui/toast.ts'
import { useReplayDelivery } from './queries.ts'

/** Sends one delivery again as a new one, after saying what that means. */
export function ReplayOneDialog({ delivery, onClose }: { delivery: Delivery; onClose: () => void }) {
  const navigate = useNavigate()
  const replay = useReplayDelivery()
  const [markDelayed, setMarkDelayed] = useState(true)
  const { id, destination, createdAt, state } = delivery
  const confirm = () =>
    replay.mutate(
      { id, markDelayed },
      {
        onSuccess: (made) => {
          void toast('ok', 'Replayed: this is the new delivery.')
          navigate(`/deliveries/${made.id}`)
        },
      },
    )
  return (
    <Dialog opened onClose={onClose} title="Replay this delivery?">
      <Stack gap="md">
        <p>
          The same message is sent to <strong>{destination.name}</strong> again, as a new delivery. This one stays in
          the log.
        </p>
        {state === 'unconfirmed' && (
          <Notice tone="warn" title="It may have arrived already">
            Slack never said whether it took this message. Look in the channel first: a replay could post it twice.
          </Notice>
        )}
        <Checkbox
          label="Mark as delayed"
          description={`The message says that it was first meant to arrive on ${formatExact(createdAt)}.`}
          checked={markDelayed}
          onChange={(event) => setMarkDelayed(event.currentTarget.checked)}
        />
        {replay.error && <ErrorNotice error={replay.error} what="It was not replayed" />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Keep as it is
          </Button>
          <Button loading={isUnderWay(replay)} onClick={confirm} data-autofocus>
            Replay delivery
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}
