import { Button, Group, PasswordInput, Stack, Textarea, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { Destination, DestinationChange } from '../../shared/destinations.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { toast } from '../ui/toast.ts'
import { useChangeDestination } from './queries.ts'
import { webhookNotice } from './webhook-notice.ts'

/** Name, owner and note; for a webhook also a new address, which takes the place of the old one when it is saved. */
export function EditDestination({ destination, onClose }: { destination: Destination; onClose: () => void }) {
  const change = useChangeDestination()
  const [name, setName] = useState(destination.name)
  const [owner, setOwner] = useState(destination.owner ?? '')
  const [note, setNote] = useState(destination.note ?? '')
  const [url, setUrl] = useState('')
  const notice = webhookNotice(url)
  const save = (event: FormEvent) => {
    event.preventDefault()
    change.mutate(
      { id: destination.id, change: changeOf(destination, { name, owner, note, url }) },
      {
        onSuccess: () => {
          toast('ok', 'Saved')
          onClose()
        },
      },
    )
  }
  return (
    <Dialog opened onClose={onClose} title={`Edit ${destination.name}`}>
      <form onSubmit={save}>
        <Stack gap="md">
          <TextInput
            label="Name"
            description={
              destination.kind === 'channel'
                ? 'Shown here only; a channel is kept by its ID and may be renamed.'
                : undefined
            }
            value={name}
            maxLength={120}
            required
            withAsterisk={false}
            onChange={(event) => setName(event.currentTarget.value)}
            data-autofocus
          />
          {destination.kind === 'webhook' && (
            <PasswordInput
              label="New webhook URL"
              description="Leave it empty to keep the one that is set."
              placeholder="https://hooks.slack.com/services/…"
              value={url}
              autoComplete="new-password"
              error={notice?.level === 'error' ? notice.message : null}
              onChange={(event) => setUrl(event.currentTarget.value)}
            />
          )}
          <TextInput
            label="Owner"
            description="Whom to ask about it."
            value={owner}
            maxLength={120}
            onChange={(event) => setOwner(event.currentTarget.value)}
          />
          <Textarea
            label="Note"
            value={note}
            maxLength={500}
            autosize
            minRows={2}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          {change.error && <ErrorNotice error={change.error} what="Nothing was changed" />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={change.isPending} disabled={!name.trim() || notice?.level === 'error'}>
              Save changes
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}

type Typed = { name: string; owner: string; note: string; url: string }

function changeOf(destination: Destination, { name, owner, note, url }: Typed): DestinationChange {
  return {
    ...(name.trim() !== destination.name && { name: name.trim() }),
    ...(owner.trim() !== (destination.owner ?? '') && { owner: owner.trim() || null }),
    ...(note.trim() !== (destination.note ?? '') && { note: note.trim() || null }),
    ...(url.trim() && { url: url.trim() }),
  }
}
