import { ActionIcon, Button, Menu } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'react-router'
import type { Destination } from '../../shared/destinations.ts'
import { withQuery } from '../lib/api.ts'
import { failureWords } from '../lib/failure-words.ts'
import { IconBan, IconDots, IconMoon, IconPencil, IconPlayerPause, IconPlayerPlay, IconTrash } from '../ui/icons.ts'
import { toast } from '../ui/toast.ts'
import { useCan } from '../users/queries.ts'
import { DeleteDestination } from './DeleteDestination.tsx'
import classes from './destinations.module.css'
import { EditDestination } from './EditDestination.tsx'
import { PauseDestination, ResumeDestination } from './PauseDestination.tsx'
import { useChangeDestination } from './queries.ts'

type Props = { destination: Destination; onTry: () => void }
type Dialog = 'edit' | 'pause' | 'delete'

/** What can be done with one destination: operators try it, pause it and let it go on, admins change it. */
export function DestinationActions({ destination, onTry }: Props) {
  const canSend = useCan('operator')
  const [open, setOpen] = useState<Dialog>()
  const close = () => setOpen(undefined)
  const { name, state } = destination
  if (!canSend) return null
  return (
    <span className={classes.actions}>
      {state === 'paused' && <ResumeDestination destination={destination} />}
      {state !== 'disabled' && (
        <Button variant="subtle" px={6} h={28} onClick={onTry} aria-label={`Test send to ${name}`}>
          Test send
        </Button>
      )}
      <MoreMenu destination={destination} onOpen={setOpen} />
      {open === 'edit' && <EditDestination destination={destination} onClose={close} />}
      {open === 'pause' && <PauseDestination destination={destination} onClose={close} />}
      {open === 'delete' && <DeleteDestination destination={destination} onClose={close} />}
    </span>
  )
}

function MoreMenu({ destination, onOpen }: { destination: Destination; onOpen: (dialog: Dialog) => void }) {
  const isAdmin = useCan('admin')
  const change = useChangeDestination()
  const { id, name, state } = destination
  const isOff = state === 'disabled'
  const canPause = !isOff && state !== 'paused'
  const turn = () =>
    change.mutate(
      { id, change: { enabled: isOff } },
      {
        onSuccess: () => toast('ok', isOff ? `${name} is switched on` : `${name} is switched off`),
        onError: (error) => toast('bad', `${name} was not changed. ${failureWords(error)}`),
      },
    )
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon aria-label={`More for ${name}`}>
          <IconDots />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {canPause && (
          <Menu.Item leftSection={<IconPlayerPause />} onClick={() => onOpen('pause')}>
            Pause
          </Menu.Item>
        )}
        <Menu.Item
          component={Link}
          to={withQuery('/notifications/quiet-hours', { mute: 'destination', id })}
          leftSection={<IconMoon />}
        >
          Mute for a time…
        </Menu.Item>
        {isAdmin && (
          <>
            <Menu.Item leftSection={<IconPencil />} onClick={() => onOpen('edit')}>
              Edit
            </Menu.Item>
            <Menu.Item leftSection={isOff ? <IconPlayerPlay /> : <IconBan />} onClick={turn}>
              {isOff ? 'Switch on' : 'Switch off'}
            </Menu.Item>
            <Menu.Item color="red" leftSection={<IconTrash />} onClick={() => onOpen('delete')}>
              Delete
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
