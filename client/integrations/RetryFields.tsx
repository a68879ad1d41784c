import { NumberInput } from '@mantine/core'
import type { Integration } from '../../shared/integrations.ts'
import classes from './settings.module.css'

export type RetryWish = Pick<Integration, 'maxAttempts' | 'nextAttemptDelay'>
type Props = { value: RetryWish; onChange: (value: RetryWish) => void; disabled: boolean }

/** How often and how far apart a message is tried; an empty field is the default, which it shows. */
export function RetryFields({ value: { maxAttempts, nextAttemptDelay }, onChange, disabled }: Props) {
  return (
    <div className={classes.fields}>
      <NumberInput
        label="Most attempts"
        description="Then a message has failed. A wait that Slack asks for counts none. Empty: 30, about 100 minutes, never under 70."
        placeholder="30"
        value={maxAttempts ?? ''}
        min={1}
        max={100}
        allowDecimal={false}
        allowNegative={false}
        disabled={disabled}
        onChange={(typed) => onChange({ maxAttempts: numberOf(typed), nextAttemptDelay })}
      />
      <NumberInput
        label="Seconds before the second attempt"
        description="At most; it doubles with each attempt up to ten minutes, with jitter. Empty: 1."
        placeholder="1"
        value={nextAttemptDelay ?? ''}
        min={0}
        max={3_600}
        allowNegative={false}
        disabled={disabled}
        onChange={(typed) => onChange({ maxAttempts, nextAttemptDelay: numberOf(typed) })}
      />
    </div>
  )
}

const numberOf = (typed: string | number): number | null => (typed === '' ? null : Number(typed))
