import { Button, Group, Stack, TextInput } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { Dialog } from './Dialog.tsx'
import { ErrorNotice } from './ErrorNotice.tsx'

type Props = {
  opened: boolean
  onClose: () => void
  title: string
  /** What must be typed, letter for letter. */
  name: string
  /** What goes with it. */
  children: ReactNode
  /** The verb on the button: "Delete integration". */
  action: string
  onConfirm: () => void
  busy?: boolean
  /** What did not happen when it fails: "The integration was not deleted". */
  failed: string
  error?: unknown
}

/** Asks for the name of the thing before it is destroyed. */
export function ConfirmByName(props: Props) {
  return (
    <Dialog opened={props.opened} onClose={props.onClose} title={props.title}>
      <ConfirmForm {...props} />
    </Dialog>
  )
}

/** Apart from the modal so that closing it forgets what was typed. */
function ConfirmForm({ name, children, action, onConfirm, onClose, busy, failed, error }: Props) {
  const [typed, setTyped] = useState('')
  const confirm = (event: FormEvent) => {
    event.preventDefault()
    if (typed === name) onConfirm()
  }
  return (
    <form onSubmit={confirm}>
      <Stack gap="md">
        <div>{children}</div>
        <TextInput
          label={`Type “${name}” to confirm`}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          autoComplete="off"
          data-autofocus
        />
        {error ? <ErrorNotice error={error} what={failed} /> : null}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" color="red" loading={busy ?? false} disabled={typed !== name}>
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
