import { Button, Group, Stack, TextInput } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { Dialog } from './Dialog.tsx'
import { ErrorNotice } from './ErrorNotice.tsx'

type Props = {
  title: string
  /** What it means. */
  children: ReactNode
  /** The verb on the button: "Pause integration". */
  action: string
  onConfirm: (reason: string | undefined) => void
  onClose: () => void
  busy: boolean
  error: unknown
}

const MOST_LETTERS = 500

/** Says what something means before it is done, and asks why, for those who look it up later. */
export function ReasonDialog({ title, children, action, onConfirm, onClose, busy, error }: Props) {
  const [reason, setReason] = useState('')
  const confirm = (event: FormEvent) => {
    event.preventDefault()
    onConfirm(reason.trim() || undefined)
  }
  return (
    <Dialog opened onClose={onClose} title={title}>
      <form onSubmit={confirm}>
        <Stack gap="md">
          <div>{children}</div>
          <TextInput
            label="Reason"
            description="May be left empty. Kept in the audit trail."
            value={reason}
            maxLength={MOST_LETTERS}
            autoComplete="off"
            onChange={(event) => setReason(event.currentTarget.value)}
            data-autofocus
          />
          {error ? <ErrorNotice error={error} what="Nothing was changed" /> : null}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={busy}>
              {action}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
