import { ActionIcon, Button, Menu } from '@mantine/core'
import { useState } from 'react'
import type { Destination } from '../../shared/destinations.ts'
import { ApiError } from '../lib/api.ts'
import { IconDots, IconPencil, IconPlayerPause, IconPlayerPlay, IconTrash } from '../ui/icons.ts'
import { toast } from '../ui/toast.ts'
import { useCan } from '../users/queries.ts'
import { DeleteDestination } from './DeleteDestination.tsx'
import classes from './destinations.module.css'
import { EditDestination } from './EditDestination.tsx'
import { useChangeDestination } from './queries.ts'

type Props = { destination: Destination; onTry: () => void }

/** What can be done with one destination: operators try it, admins change it. */
export function DestinationActions({ destination, onTry }: Props) {
  const canSend = useCan('operator')
  const isAdmin = useCan('admin')
  const [open, setOpen] = useState<'edit' | 'delete'>()
  const change = useChangeDestination()
  const { id, name, state } = destination
  const isOff = state === 'disabled'
  const turn = () =>
    change.mutate(
      { id, change: { enabled: isOff } },
      {
        onSuccess: () => toast('ok', isOff ? `${name} is switched on` : `${name} is switched off`),
        onError: (error) =>
          toast('bad', `${name} was not changed. ${error instanceof ApiError ? error.message : 'Try again.'}`),
      },
    )
  if (!canSend) return null
  return (
    <span className={classes.actions}>
      {!isOff && (
        <Button variant="subtle" px={6} h={28} onClick={onTry} aria-label={`Test send to ${name}`}>
          Test send
        </Button>
      )}
      {isAdmin && (
        <Menu>
          <Menu.Target>
            <ActionIcon aria-label={`More for ${name}`}>
              <IconDots />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconPencil />} onClick={() => setOpen('edit')}>
              Edit
            </Menu.Item>
            <Menu.Item leftSection={isOff ? <IconPlayerPlay /> : <IconPlayerPause />} onClick={turn}>
              {isOff ? 'Switch on' : 'Switch off'}
            </Menu.Item>
            <Menu.Item color="red" leftSection={<IconTrash />} onClick={() => setOpen('delete')}>
              Delete
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      {open === 'edit' && <EditDestination destination={destination} onClose={() => setOpen(undefined)} />}
      {open === 'delete' && <DeleteDestination destination={destination} onClose={() => setOpen(undefined)} />}
    </span>
  )
}
