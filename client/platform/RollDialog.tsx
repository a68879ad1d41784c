import { Button, Group, Select, Stack } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { DEFAULT_OVERLAP_HOURS } from '../../shared/platform.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { useRollSecret } from './queries.ts'

const OVERLAPS = [
  { value: '1', label: 'One hour' },
  { value: String(DEFAULT_OVERLAP_HOURS), label: 'A day' },
  { value: '168', label: 'A week' },
  { value: '0', label: 'Not at all: it has leaked' },
]

type Props = { integrationId: string; onSecret: (secret: string) => void; onClose: () => void }

/** Makes a new secret, after asking how long the present one shall hold beside it. */
export function RollDialog({ integrationId, onSecret, onClose }: Props) {
  const roll = useRollSecret(integrationId)
  const [hours, setHours] = useState(String(DEFAULT_OVERLAP_HOURS))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    roll.mutate(Number(hours), {
      onSuccess: ({ newSecret }) => {
        if (newSecret) onSecret(newSecret)
        onClose()
      },
    })
  }
  return (
    // Nobody can read the secret that is made once its dialog is gone.
    <Dialog opened onClose={() => roll.isPending || onClose()} title="Roll the secret">
      <form onSubmit={submit}>
        <Stack gap="md">
          <p>
            A new secret is made and shown once. Until the overlap ends, calls carry a signature of both, so the
            platform can change over at any time and misses nothing.
          </p>
          <Select
            label="The present secret also holds for"
            data={OVERLAPS}
            value={hours}
            allowDeselect={false}
            onChange={(value) => setHours(value ?? hours)}
          />
          {roll.error && <ErrorNotice error={roll.error} what="The secret was not rolled" />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" disabled={roll.isPending} onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={roll.isPending}>
              Roll secret
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
