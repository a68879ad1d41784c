import { ActionIcon, Button, Group, Menu, Stack } from '@mantine/core'
import { useState } from 'react'
import { Dialog } from '../ui/Dialog.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { IconDots, IconTrash } from '../ui/icons.ts'
import { toast } from '../ui/toast.ts'
import { useDropCommand } from './queries.ts'

/** The menu of a declared command. */
export function DropCommand({ command }: { command: string }) {
  const [isAsked, setAsked] = useState(false)
  return (
    <>
      <Menu>
        <Menu.Target>
          <ActionIcon aria-label={`Actions for ${command}`}>
            <IconDots />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item color="red" leftSection={<IconTrash />} onClick={() => setAsked(true)}>
            Drop…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {isAsked && <DropDialog command={command} onClose={() => setAsked(false)} />}
    </>
  )
}

function DropDialog({ command, onClose }: { command: string; onClose: () => void }) {
  const drop = useDropCommand()
  // By a promise, not callbacks: once it is gone its row is too.
  const confirm = () =>
    drop.mutateAsync(command).then(
      () => toast('ok', `${command} is dropped`),
      () => {}, // shown where it was confirmed
    )
  return (
    <Dialog opened onClose={onClose} title={`Drop ${command}?`}>
      <Stack gap="md">
        <p>
          Your platform is asked no more: whoever types it is told what Switchboard can do. Its uses stay listed. Slack
          offers it until the app’s manifest is copied again.
        </p>
        {drop.error && <ErrorNotice error={drop.error} what="Nothing was changed" />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button color="red" loading={drop.isPending} onClick={confirm}>
            Drop command
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}
