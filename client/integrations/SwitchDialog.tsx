import { Button, Group, Stack } from '@mantine/core'
import type { Integration } from '../../shared/integrations.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { toast } from '../ui/toast.ts'
import { useChangeIntegration } from './queries.ts'

/** Says what switching off or on means before it is done. */
export function SwitchDialog({ integration, onClose }: { integration: Integration; onClose: () => void }) {
  const change = useChangeIntegration(integration.id)
  const isOff = integration.state === 'disabled'
  const action = isOff ? 'Switch on' : 'Switch off'
  const turn = () =>
    change.mutate(
      { enabled: isOff },
      {
        onSuccess: () => {
          toast('ok', isOff ? 'Switched on' : 'Switched off')
          onClose()
        },
      },
    )
  return (
    <Dialog opened onClose={onClose} title={`${action} ${integration.name}?`}>
      <Stack gap="md">
        <p>
          {isOff
            ? 'What was held is sent, and Slack’s requests are answered again.'
            : 'Nothing is sent through it and Slack’s requests are refused until it is switched on again. Messages that come meanwhile are held, not lost.'}
        </p>
        {change.error && <ErrorNotice error={change.error} what="Nothing was changed" />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button loading={change.isPending} onClick={turn} data-autofocus>
            {action}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}
