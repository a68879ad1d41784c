import { Button, Group, Modal, Text } from '@mantine/core'
import { useState } from 'react'
import type { Integration } from '../../shared/integrations.ts'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { IconPlayerPause, IconPlayerPlay } from '../ui/icons.ts'
import { toast } from '../ui/toast.ts'
import { useChangeIntegration } from './queries.ts'

/** Switches an integration off, after saying what that means, and on again. */
export function SwitchButton({ integration }: { integration: Integration }) {
  const [isAsking, setAsking] = useState(false)
  const change = useChangeIntegration(integration.id)
  const isOff = integration.state === 'disabled'
  const turn = (enabled: boolean) =>
    change.mutate(
      { enabled },
      {
        onSuccess: () => {
          setAsking(false)
          toast('ok', enabled ? 'Switched on' : 'Switched off')
        },
      },
    )
  return (
    <>
      <Button
        variant="default"
        leftSection={isOff ? <IconPlayerPlay /> : <IconPlayerPause />}
        loading={isOff && change.isPending}
        onClick={() => (isOff ? turn(true) : setAsking(true))}
      >
        {isOff ? 'Switch on' : 'Switch off'}
      </Button>
      <Modal opened={isAsking} onClose={() => setAsking(false)} title={`Switch off ${integration.name}?`}>
        <Text mb="md">
          Nothing is sent through it and Slack’s requests are refused until it is switched on again. Messages that come
          meanwhile are held, not lost.
        </Text>
        {change.error && <ErrorNotice error={change.error} what="It is still switched on" />}
        <Group justify="flex-end" gap="xs" mt="md">
          <Button variant="default" onClick={() => setAsking(false)}>
            Cancel
          </Button>
          <Button loading={change.isPending} onClick={() => turn(false)}>
            Switch off
          </Button>
        </Group>
      </Modal>
    </>
  )
}
