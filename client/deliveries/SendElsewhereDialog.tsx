import { Button, Checkbox, Group, Stack } from '@mantine/core'
import { useState } from 'react'
import { useNavigate } from 'react-router'
import type { Delivery } from '../../shared/deliveries.ts'
import { failureWords } from '../lib/failure-words.ts'
import { isUnderWay } from '../lib/under-way.ts'
import { DestinationField } from '../targets/DestinationField.tsx'
import { Dialog } from '../ui/Dialog.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { toast } from '../ui/toast.ts'
import { useCancelDelivery, useSendElsewhere } from './queries.ts'

/** Sends the same message to a destination that works. */
export function SendElsewhereDialog({ delivery, onClose }: { delivery: Delivery; onClose: () => void }) {
  const navigate = useNavigate()
  const send = useSendElsewhere()
  const cancel = useCancelDelivery()
  const [chosen, setChosen] = useState<{ id: string; name: string } | null>(null)
  const [isMoved, setMoved] = useState(true)
  const takeBack = () =>
    cancel
      .mutateAsync(delivery.id)
      .catch((error: unknown) =>
        toast('bad', `It was not cancelled for ${delivery.destination.name}. ${failureWords(error)}`),
      )
  const confirm = () => {
    if (!chosen) return
    send.mutate(
      { id: delivery.id, destinationId: chosen.id },
      {
        onSuccess: async (made) => {
          // Before it is said to be done: whoever then leaves must not leave it waiting there as well.
          if (delivery.canCancel && isMoved) await takeBack()
          void toast('ok', `Sent to ${chosen.name}: this is the new delivery.`)
          navigate(`/deliveries/${made.id}`)
        },
      },
    )
  }
  return (
    <Dialog opened onClose={onClose} title="Send elsewhere">
      <Stack gap="md">
        <p>
          The message for <strong>{delivery.destination.name}</strong> is sent once to another destination. Later
          messages still go where they went.
        </p>
        <DestinationField chosen={chosen?.id ?? null} onChoose={setChosen} except={delivery.destination.id} isFirst />
        {delivery.canCancel && (
          <Checkbox
            label={`Cancel it for ${delivery.destination.name}`}
            description="Otherwise it goes out there too, once it can."
            checked={isMoved}
            onChange={(event) => setMoved(event.currentTarget.checked)}
          />
        )}
        {send.error && <ErrorNotice error={send.error} what="It was not sent" />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button loading={isUnderWay(send)} disabled={!chosen} onClick={confirm}>
            {chosen ? `Send to ${chosen.name}` : 'Send message'}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}
