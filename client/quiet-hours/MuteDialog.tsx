import { Button, Group, Radio, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { QuietScope } from '../../shared/quiet-hours.ts'
import { fieldProblem } from '../lib/field-problem.ts'
import { formatDayTime, viewerZone } from '../lib/format.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { useNow } from '../ui/RelativeTime.tsx'
import { toast } from '../ui/toast.ts'
import { type MuteDraft, muteDraft, toMute, untilOf } from './draft.ts'
import { EndFields } from './EndFields.tsx'
import { useCreateMute } from './queries.ts'
import { ScopeFields } from './ScopeFields.tsx'

type Props = { scope?: QuietScope | undefined; onClose: () => void }

/** Quiet for once: of what, until when, and why. */
export function MuteDialog({ scope, onClose }: Props) {
  const create = useCreateMute()
  const now = useNow()
  const [draft, setDraft] = useState(() => muteDraft(scope))
  const set = (part: Partial<MuteDraft>) => setDraft((before) => ({ ...before, ...part }))
  const mute = toMute(draft, now)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!mute) return
    create.mutate(mute, {
      onSuccess: ({ scopeName, until }) => {
        void toast('ok', `${scopeName} is muted until ${formatDayTime(until)}.`)
        onClose()
      },
    })
  }
  return (
    <Dialog opened onClose={onClose} title="Mute for a time" size={560}>
      <form onSubmit={submit}>
        <Stack gap="lg">
          <ScopeFields draft={draft} set={set} error={create.error} />
          <LengthField draft={draft} set={set} now={now} error={create.error} />
          <TextInput
            label="Reason"
            description="Shown with every message that waits, and kept in the audit trail."
            placeholder="Load test of the billing service"
            value={draft.reason}
            maxLength={300}
            autoComplete="off"
            error={fieldProblem(create.error, 'reason')}
            onChange={(event) => set({ reason: event.currentTarget.value })}
          />
          <EndFields draft={draft} set={set} />
          {create.error && <ErrorNotice error={create.error} what="Nothing was muted" />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={create.isPending} disabled={!mute}>
              Mute
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}

type LengthProps = { draft: MuteDraft; set: (part: Partial<MuteDraft>) => void; now: number; error: unknown }

function LengthField({ draft, set, now, error }: LengthProps) {
  const tomorrow = untilOf({ length: 'tomorrow', until: '' }, now)
  return (
    <Radio.Group
      label="Until"
      value={draft.length}
      onChange={(value) => set({ length: value === 'tomorrow' || value === 'own' ? value : 'hour' })}
    >
      <Stack gap="xs" mt="xs">
        <Radio value="hour" label="For one hour" description={`Until ${formatDayTime(now + 3_600_000)}`} />
        <Radio
          value="tomorrow"
          label="Until tomorrow, 9:00"
          description={tomorrow === undefined ? undefined : `Until ${formatDayTime(tomorrow)}`}
        />
        <Radio value="own" label="Until a time of your choice" />
        {draft.length === 'own' && (
          <TextInput
            type="datetime-local"
            label="Ends at"
            description={`In your time zone, ${viewerZone()}`}
            value={draft.until}
            error={fieldProblem(error, 'until')}
            onChange={(event) => set({ until: event.currentTarget.value })}
          />
        )}
      </Stack>
    </Radio.Group>
  )
}
