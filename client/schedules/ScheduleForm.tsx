import { Button, Stack, Switch, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { type FormEvent, useState } from 'react'
import { Link } from 'react-router'
import type { Schedule } from '../../shared/schedules.ts'
import { fieldProblem } from '../lib/field-problem.ts'
import { isUnderWay } from '../lib/under-way.ts'
import { useEdits } from '../lib/use-edits.ts'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { LeaveGuard } from '../ui/LeaveGuard.tsx'
import { Columns, Dock, Section } from '../ui/Section.tsx'
import { useCan } from '../users/queries.ts'
import { isComplete, type ScheduleDraft } from './draft.ts'
import { NextRuns } from './NextRuns.tsx'
import { PolicyFields } from './PolicyFields.tsx'
import { useSaveSchedule } from './queries.ts'
import { SourceFields } from './SourceFields.tsx'
import classes from './schedules.module.css'
import { TypeField } from './TypeField.tsx'
import { WhenFields } from './WhenFields.tsx'

type Props = {
  /** Left out: it is new. */
  id?: string
  initial: ScheduleDraft
  onSaved: (saved: Schedule) => void
}

export type FieldProps = {
  draft: ScheduleDraft
  set: (part: Partial<ScheduleDraft>) => void
  at: (field: string) => string | null
  disabled: boolean
}

const FIELDS = ['name', 'cron', 'timeZone', 'type', 'source.integrationId', 'source.condition']
const PREVIEW_AFTER_MS = 250

/** All of a schedule, with the times that follow from it as one types. */
export function ScheduleForm({ id, initial, onSaved }: Props) {
  const isAdmin = useCan('admin')
  const save = useSaveSchedule(id)
  // A new one has its own first draft: what is proposed changes with the clock.
  const [first] = useState(initial)
  const edits = useEdits(id === undefined ? first : initial)
  const { draft, isChanged } = edits
  const [timing] = useDebouncedValue(`${draft.cron.trim()}\n${draft.timeZone}`, PREVIEW_AFTER_MS)
  const [cron = '', timeZone = ''] = timing.split('\n')
  const at = (field: string) => fieldProblem(save.error, field)
  const fields: FieldProps = {
    draft,
    set: edits.set,
    at,
    disabled: !isAdmin,
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const sent = edits.changes
    save.mutate(id === undefined ? draft : sent, {
      onSuccess: (saved) => {
        edits.settle(sent)
        onSaved(saved)
      },
    })
  }
  const isElsewhere = save.error && !FIELDS.some(at)
  return (
    <>
      <LeaveGuard when={isChanged} what="schedule" />
      <form id="schedule" onSubmit={submit}>
        <Columns widths="minmax(0, 3fr) minmax(0, 2fr)">
          <Section title="When">
            <Stack gap="md" className={classes.fields}>
              <TextInput
                label="Name"
                value={draft.name}
                maxLength={100}
                required
                withAsterisk={false}
                disabled={!isAdmin}
                error={at('name')}
                onChange={(event) => fields.set({ name: event.currentTarget.value })}
              />
              <WhenFields {...fields} />
              <Switch
                label="Runs at its times"
                checked={draft.enabled}
                disabled={!isAdmin}
                onChange={(event) => fields.set({ enabled: event.currentTarget.checked })}
              />
            </Stack>
          </Section>
          <Section title="Next runs" note={timeZone}>
            <NextRuns cron={cron} timeZone={timeZone} />
          </Section>
        </Columns>
        <Columns widths="minmax(0, 3fr) minmax(0, 2fr)">
          <Section title="What it sends">
            <Stack gap="md" className={classes.fields}>
              <SourceFields {...fields} />
              <TypeField {...fields} />
            </Stack>
          </Section>
          <Section title="When something is in the way">
            <PolicyFields {...fields} />
          </Section>
        </Columns>
      </form>
      {isAdmin && (id === undefined || isChanged || save.error) && (
        <Dock
          note={
            isElsewhere ? (
              <ErrorNotice error={save.error} what="The schedule was not saved" />
            ) : save.error ? (
              'Correct what is marked first.'
            ) : (
              id !== undefined && 'Not saved yet'
            )
          }
        >
          {id === undefined ? (
            <Button variant="default" component={Link} to="/notifications/schedules">
              Cancel
            </Button>
          ) : (
            <Button
              variant="default"
              onClick={() => {
                edits.discard()
                save.reset()
              }}
            >
              Discard
            </Button>
          )}
          <Button
            type="submit"
            form="schedule"
            loading={id === undefined ? isUnderWay(save) : save.isPending}
            disabled={!isComplete(draft)}
          >
            {id === undefined ? 'Add schedule' : 'Save schedule'}
          </Button>
        </Dock>
      )}
    </>
  )
}
