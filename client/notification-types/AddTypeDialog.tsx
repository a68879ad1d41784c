import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'

type Props = { onClose: () => void; onName: (type: string) => void }

/** Names a type before its first event, so that it can be set up. */
export function AddTypeDialog({ onClose, onName }: Props) {
  const [type, setType] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (type.trim()) onName(type.trim())
  }
  return (
    <Modal opened onClose={onClose} title="Add a type of event">
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput
            label="Type"
            description="Exactly as your platform sends it in the field “type”."
            placeholder="compliance.violation"
            value={type}
            maxLength={100}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setType(event.currentTarget.value)}
            data-autofocus
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" disabled={!type.trim()}>
              Set up type
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
