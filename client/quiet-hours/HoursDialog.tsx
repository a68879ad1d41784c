import { Button, Checkbox, Group, Select, Stack, Switch, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { QuietHours } from '../../shared/quiet-hours.ts'
import { fieldProblem } from '../lib/field-problem.ts'
import { viewerZone } from '../lib/format.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { toast } from '../ui/toast.ts'
import { useCan } from '../users/queries.ts'
import { type HoursDraft, hoursDraft, toQuietHours } from './draft.ts'
import { EndFields } from './EndFields.tsx'
import { useSaveQuietHours } from './queries.ts'
import classes from './quiet-hours.module.css'
import { ScopeFields } from './ScopeFields.tsx'
import { DAYS } from './words.ts'

type Props = { hours?: QuietHours | undefined; onClose: () => void }

/** New quiet hours, or those that are there: an admin changes them, others read them. */
export function HoursDialog({ hours, onClose }: Props) {
  const isAdmin = useCan('admin')
  const save = useSaveQuietHours(hours?.id)
  const [draft, setDraft] = useState(() => hoursDraft(hours, viewerZone()))
  const set = (part: Partial<HoursDraft>) => setDraft((before) => ({ ...before, ...part }))
  const change = toQuietHours(draft)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!change) return
    save.mutate(change, {
      onSuccess: () => {
        void toast('ok', 'Saved')
        onClose()
      },
    })
  }
  return (
    <Dialog opened onClose={onClose} title={hours ? `Quiet hours of ${hours.scopeName}` : 'Add quiet hours'} size={560}>
      <form onSubmit={submit}>
        <Stack gap="lg">
          <ScopeFields draft={draft} set={set} error={save.error} disabled={!isAdmin} />
          <WhenFields draft={draft} set={set} error={save.error} disabled={!isAdmin} />
          <EndFields draft={draft} set={set} disabled={!isAdmin} />
          {hours && (
            <Switch
              label="In force"
              checked={draft.enabled}
              disabled={!isAdmin}
              onChange={(event) => set({ enabled: event.currentTarget.checked })}
            />
          )}
          {save.error && <ErrorNotice error={save.error} what="Nothing was changed" />}
          {isAdmin && <p className={classes.meta}>{NOTE[hours ? 'change' : 'add']}</p>}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {isAdmin ? 'Cancel' : 'Close'}
            </Button>
            {isAdmin && (
              <Button type="submit" loading={save.isPending} disabled={!change}>
                {hours ? 'Save changes' : 'Add quiet hours'}
              </Button>
            )}
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}

const NOTE = {
  add: 'What is accepted while it is quiet waits. What stands in line already goes out.',
  change: 'What waits because of them is decided anew when they are saved.',
}

type FieldProps = { draft: HoursDraft; set: (part: Partial<HoursDraft>) => void; error: unknown; disabled: boolean }

/** The days on which it begins, the times and the zone they are meant in. */
function WhenFields({ draft, set, error, disabled }: FieldProps) {
  const zones = [...new Set([draft.timeZone, 'UTC', ...Intl.supportedValuesOf('timeZone')])]
  return (
    <>
      <Checkbox.Group
        label="On these days"
        description="The night of a day belongs to the day on which it begins."
        value={draft.days.map(String)}
        onChange={(days) => set({ days: days.map(Number) })}
        error={draft.days.length === 0 && 'Choose at least one day.'}
      >
        <div className={classes.days}>
          {DAYS.map((day, place) => (
            <Checkbox key={day} value={String(place + 1)} label={day} disabled={disabled} />
          ))}
        </div>
      </Checkbox.Group>
      <div className={classes.times}>
        <TextInput
          type="time"
          label="From"
          value={draft.from}
          disabled={disabled}
          error={fieldProblem(error, 'from')}
          onChange={(event) => set({ from: event.currentTarget.value })}
        />
        <TextInput
          type="time"
          label={draft.to <= draft.from ? 'To, the next day' : 'To'}
          value={draft.to}
          disabled={disabled}
          error={fieldProblem(error, 'to')}
          onChange={(event) => set({ to: event.currentTarget.value })}
        />
        <Select
          label="Time zone"
          data={zones}
          value={draft.timeZone}
          onChange={(timeZone) => timeZone && set({ timeZone })}
          searchable
          limit={50}
          disabled={disabled}
          allowDeselect={false}
          nothingFoundMessage="No zone has that in its name."
          error={fieldProblem(error, 'timeZone')}
        />
      </div>
    </>
  )
}
