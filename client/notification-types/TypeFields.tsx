import { Checkbox, NumberInput, Radio, Stack } from '@mantine/core'
import { DeliveryPolicy } from '../../shared/notification-types.ts'
import { fieldProblem } from '../lib/field-problem.ts'
import { defaultWords, type FieldProps, numberOr } from './draft.ts'
import classes from './notification-types.module.css'
import { policyWords } from './policy-words.ts'

/** What to do about a message that may have arrived. */
export function PolicyField({ draft, set, disabled }: FieldProps) {
  return (
    <Radio.Group
      label="When Slack did not say whether it took a message"
      description="And it cannot be looked for, as with an incoming webhook."
      value={draft.policy}
      onChange={(value) => set({ policy: DeliveryPolicy.parse(value) })}
    >
      <Stack gap="xs" mt="xs">
        {DeliveryPolicy.options.map((policy) => (
          <Radio
            key={policy}
            value={policy}
            label={policyWords[policy].name}
            description={policyWords[policy].means}
            disabled={disabled}
          />
        ))}
      </Stack>
    </Radio.Group>
  )
}

/** How often and how far apart a message is tried. */
export function RetryFields({ draft, set, error, disabled }: FieldProps) {
  return (
    <div className={classes.pair}>
      <NumberInput
        label="Attempts at most"
        description="Waits that Slack asks for do not count."
        placeholder={defaultWords.maxAttempts}
        min={1}
        max={100}
        allowDecimal={false}
        value={draft.maxAttempts}
        disabled={disabled}
        error={fieldProblem(error, 'maxAttempts')}
        onChange={(value) => set({ maxAttempts: numberOr(value) })}
      />
      <NumberInput
        label="Seconds before the second"
        description="Doubles each time, up to ten minutes."
        placeholder={defaultWords.nextAttemptDelay}
        min={0}
        max={3_600}
        value={draft.nextAttemptDelay}
        disabled={disabled}
        error={fieldProblem(error, 'nextAttemptDelay')}
        onChange={(value) => set({ nextAttemptDelay: numberOr(value) })}
      />
    </div>
  )
}

/** What is left out when much of the same comes at once. */
export function FoldFields({ draft, set, error, disabled }: FieldProps) {
  return (
    <Stack gap="sm">
      <NumberInput
        label="Dedupe window in minutes"
        description="A second event with the same dedupe key within it is not sent. 0: every one is sent."
        min={0}
        max={43_200}
        value={draft.dedupeMinutes}
        disabled={disabled}
        error={fieldProblem(error, 'dedupeWindow')}
        onChange={(value) => set({ dedupeMinutes: numberOr(value) })}
      />
      <Checkbox
        label="Fold a flood into a summary"
        description="When many low-priority messages wait for one channel, one message tells of them all."
        checked={draft.folds}
        disabled={disabled}
        onChange={(event) => set({ folds: event.currentTarget.checked })}
      />
      {draft.folds && (
        <NumberInput
          label="Fold when more than this many wait"
          min={2}
          max={100_000}
          allowDecimal={false}
          value={draft.foldAfter}
          disabled={disabled}
          error={fieldProblem(error, 'foldAfter')}
          onChange={(value) => set({ foldAfter: numberOr(value) })}
        />
      )}
    </Stack>
  )
}
