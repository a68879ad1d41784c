import { Button, Group, Modal, Stack } from '@mantine/core'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import type { Delivery } from '../../shared/deliveries.ts'
import type { Destination } from '../../shared/destinations.ts'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { toast } from '../ui/toast.ts'
import { DestinationPicker } from './DestinationPicker.tsx'
import { useSendElsewhere } from './queries.ts'

/** Sends the same message to a destination that works. */
export function SendElsewhereDialog({ delivery, onClose }: { delivery: Delivery; onClose: () => void }) {
  const navigate = useNavigate()
  const send = useSendElsewhere()
  const [chosen, setChosen] = useState<Destination>()
  const confirm = () => {
    if (!chosen) return
    send.mutate(
      { id: delivery.id, destinationId: chosen.id },
      {
        onSuccess: (made) => {
          void toast('ok', `Sent to ${chosen.name}: this is the new delivery.`)
          navigate(`/deliveries/${made.id}`)
        },
      },
    )
  }
  return (
    <Modal opened onClose={onClose} title="Send elsewhere">
      <Stack gap="md">
        <p>
          The message for <strong>{delivery.destination.name}</strong> is sent once to another destination. Later
          messages still go where they went.
        </p>
        <DestinationPicker chosen={chosen} onChoose={setChosen} except={delivery.destination.id} />
        {send.error && <ErrorNotice error={send.error} what="It was not sent" />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button loading={send.isPending} disabled={!chosen} onClick={confirm}>
            {chosen ? `Send to ${chosen.name}` : 'Send message'}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
