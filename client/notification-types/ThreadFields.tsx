import { Checkbox, Radio, Stack, TextInput } from '@mantine/core'
import { fieldProblem } from '../lib/field-problem.ts'
import type { FieldProps, TypeDraft } from './draft.ts'
import classes from './notification-types.module.css'

const CHOICES: { value: TypeDraft['threads']; label: string; description: string }[] = [
  {
    value: 'key',
    label: 'By the event’s thread key',
    description: 'Events with the same “threadKey” share a thread; one without stands by itself.',
  },
  {
    value: 'field',
    label: 'By a field',
    description: 'Events with the same value in a field of yours share a thread.',
  },
  { value: 'off', label: 'Never', description: 'Each message stands by itself, whatever its key.' },
]

/** Which messages share a thread, and which change one that is there. */
export function ThreadFields({ draft, set, error, disabled }: FieldProps) {
  return (
    <div className={classes.stack}>
      <Radio.Group
        label="Share a thread"
        value={draft.threads}
        onChange={(value) => set({ threads: CHOICES.find((choice) => choice.value === value)?.value ?? 'key' })}
      >
        <Stack gap="xs" mt="xs">
          {CHOICES.map((choice) => (
            <Radio key={choice.value} {...choice} disabled={disabled} />
          ))}
        </Stack>
      </Radio.Group>
      {draft.threads === 'field' && (
        <TextInput
          label="Thread field"
          placeholder="data.issue_id"
          value={draft.threadField}
          maxLength={200}
          disabled={disabled}
          spellCheck={false}
          error={fieldProblem(error, 'threading.by')}
          onChange={(event) => set({ threadField: event.currentTarget.value })}
        />
      )}
      {draft.threads !== 'off' && (
        <Checkbox
          label="Show replies in the channel too"
          description="Slack calls this a broadcast."
          checked={draft.broadcast}
          disabled={disabled}
          onChange={(event) => set({ broadcast: event.currentTarget.checked })}
        />
      )}
      <TextInput
        label="Update field"
        description="A later event with the same value in it changes the message of the first. Empty: the event’s own “updateKey”."
        placeholder="data.report_id"
        value={draft.updateBy}
        maxLength={200}
        disabled={disabled}
        spellCheck={false}
        error={fieldProblem(error, 'updateBy')}
        onChange={(event) => set({ updateBy: event.currentTarget.value })}
      />
      <Checkbox
        label="Leave a trail of updates"
        description="A change of a message that is there already also leaves a reply in its thread, so that it is noticed."
        checked={draft.updateTrail}
        disabled={disabled}
        onChange={(event) => set({ updateTrail: event.currentTarget.checked })}
      />
    </div>
  )
}
