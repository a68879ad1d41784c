import { Button, Group, Stack } from '@mantine/core'
import type { Destination } from '../../shared/destinations.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { toast } from '../ui/toast.ts'
import { useDeleteDestination } from './queries.ts'

/** Asks before a destination goes, and says what goes with it. */
export function DeleteDestination({ destination, onClose }: { destination: Destination; onClose: () => void }) {
  const remove = useDeleteDestination()
  const { id, name, kind } = destination
  const confirm = () =>
    remove.mutate(id, {
      onSuccess: () => {
        toast('ok', `${name} was deleted`)
        onClose()
      },
    })
  return (
    <Dialog opened onClose={onClose} title={`Delete ${name}?`}>
      <Stack gap="md">
        <p>
          Messages that still wait for it are cancelled; what was sent stays in the log.
          {kind === 'webhook' && ' The webhook URL is forgotten and cannot be shown again.'}
        </p>
        {remove.error && <ErrorNotice error={remove.error} what={`${name} was not deleted`} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose} data-autofocus>
            Cancel
          </Button>
          <Button color="red" loading={remove.isPending} onClick={confirm}>
            Delete destination
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}
