import { Button, NumberInput, Switch, TagsInput } from '@mantine/core'
import { EVENT_FIELDS } from '../../shared/allowed-fields.ts'
import { NAMES_AND_URLS_ONLY } from '../../shared/notification-types.ts'
import { ApiError } from '../lib/api.ts'
import { fieldProblem } from '../lib/field-problem.ts'
import { type FieldProps, numberOr } from './draft.ts'
import classes from './notification-types.module.css'

/** What of an event may leave, and how long it is kept. */
export function DataFields({ draft, set, error, disabled }: FieldProps) {
  const { allowedFields } = draft
  const isPreset = allowedFields?.join() === NAMES_AND_URLS_ONLY.join()
  return (
    <div className={classes.stack}>
      <Switch
        label="Only some fields may leave"
        description="What is not on the list can’t be put in a message, shown in a preview or written to the log. Messages made before keep what they say."
        checked={allowedFields !== null}
        disabled={disabled}
        onChange={(event) => set({ allowedFields: event.currentTarget.checked ? [...NAMES_AND_URLS_ONLY] : null })}
      />
      {allowedFields !== null && (
        <div className={classes.allowed}>
          <TagsInput
            label="Fields that may leave"
            description="A field as title or data.issue_id; it stands for all that is in it."
            placeholder={allowedFields.length === 0 ? 'None: only the type' : ''}
            data={EVENT_FIELDS.filter((field) => field !== 'destinations')}
            value={allowedFields}
            splitChars={[',', ' ']}
            readOnly={disabled}
            error={problemOf(error)}
            onChange={(fields) => set({ allowedFields: fields })}
          />
          {!disabled && !isPreset && (
            <Button variant="subtle" size="xs" px={4} onClick={() => set({ allowedFields: [...NAMES_AND_URLS_ONLY] })}>
              Names and URLs only
            </Button>
          )}
          {isPreset && <p className={classes.meta}>Names and URLs only: no content leaves.</p>}
        </div>
      )}
      <NumberInput
        label="Days kept"
        description="Then its events and deliveries are deleted. Empty: they stay."
        placeholder="For good"
        min={1}
        max={3_650}
        allowDecimal={false}
        value={draft.retentionDays}
        disabled={disabled}
        error={fieldProblem(error, 'retentionDays')}
        onChange={(value) => set({ retentionDays: numberOr(value) })}
      />
    </div>
  )
}

/** The server names the entry at fault by its place. */
function problemOf(error: unknown): string | null {
  const field = error instanceof ApiError ? error.field : undefined
  return field?.startsWith('allowedFields') ? fieldProblem(error, field) : null
}
