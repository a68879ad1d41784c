import { Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Priority } from '../../shared/deliveries.ts'
import { fieldProblem } from '../lib/field-problem.ts'
import type { FieldProps } from './draft.ts'
import classes from './notification-types.module.css'
import { templateNamesQuery } from './queries.ts'

/** What a message of the type looks like, and how much it presses. */
export function LookFields({ draft, set, error, disabled }: FieldProps) {
  return (
    <div className={classes.pair}>
      <Select
        label="Priority"
        description="Urgent goes before all others."
        placeholder="Normal, the default"
        data={Priority.options.map((value) => ({ value, label: PRIORITY_WORDS[value] }))}
        value={draft.priority}
        clearable
        disabled={disabled}
        clearButtonProps={{ 'aria-label': 'Back to the default priority' }}
        onChange={(value) => set({ priority: value === null ? null : Priority.parse(value) })}
      />
      <TextInput
        label="Emoji"
        description="Stands before the heading."
        placeholder=":rotating_light:"
        value={draft.emoji}
        maxLength={130}
        disabled={disabled}
        spellCheck={false}
        autoComplete="off"
        error={fieldProblem(error, 'emoji')}
        onChange={(event) => set({ emoji: event.currentTarget.value })}
      />
      <TemplateField draft={draft} set={set} error={error} disabled={disabled} />
    </div>
  )
}

/** Which of the templates; one that was deleted since stays to be seen. */
function TemplateField({ draft: { template }, set, error, disabled }: FieldProps) {
  const templates = useQuery(templateNamesQuery)
  const known = templates.data ?? []
  const isGone = template !== null && templates.data !== undefined && !known.some(({ name }) => name === template)
  return (
    <Select
      label="Template"
      description={templates.data?.length === 0 ? 'There is none yet.' : 'What the message is made of.'}
      placeholder="Standard message"
      data={[...known.map(({ name }) => name), ...(isGone ? [template] : [])]}
      value={template}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': 'Back to the standard message' }}
      nothingFoundMessage="No template has this name"
      disabled={disabled}
      error={
        fieldProblem(error, 'template') ??
        (templates.error && 'The templates could not be read.') ??
        (isGone && 'There is no such template: the standard message is sent.')
      }
      onChange={(name) => set({ template: name })}
    />
  )
}

export const PRIORITY_WORDS: Record<Priority, string> = { urgent: 'Urgent', normal: 'Normal', low: 'Low' }
