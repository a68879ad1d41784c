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
        label="Attempts at most"
        description="After so many a message has failed. Waits that Slack asks for do not count. Empty: 30, which take about 100 minutes and never less than 70."
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
        description="At most, with some chance in it. Doubles with each attempt, up to ten minutes. Empty: 1."
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
