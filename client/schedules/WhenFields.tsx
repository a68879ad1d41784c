import { Select, TextInput } from '@mantine/core'
import type { FieldProps } from './ScheduleForm.tsx'
import classes from './schedules.module.css'

const OFTEN = [
  { value: '0 9 * * 1-5', label: 'Working days at 09:00' },
  { value: '0 8 * * *', label: 'Every day at 08:00' },
  { value: '0 17 * * 5', label: 'Fridays at 17:00' },
  { value: '0 9 1 * *', label: 'The first of each month at 09:00' },
  { value: '0 * * * *', label: 'Every hour' },
]
const OTHER = 'other'

/** The zones that this browser knows; the server may know more. */
const ZONES = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')]

/** The times: one of those that people use most, or any cron text; and the clocks that it goes by. */
export function WhenFields({ draft: { cron, timeZone }, set, at, disabled }: FieldProps) {
  const isOften = OFTEN.some(({ value }) => value === cron)
  return (
    <>
      <div className={classes.pair}>
        <Select
          label="How often"
          data={[...OFTEN, { value: OTHER, label: 'Other times' }]}
          value={isOften ? cron : OTHER}
          allowDeselect={false}
          disabled={disabled}
          onChange={(value) => value && value !== OTHER && set({ cron: value })}
        />
        <TextInput
          label="Cron"
          classNames={{ input: classes.mono ?? '' }}
          value={cron}
          maxLength={120}
          required
          withAsterisk={false}
          autoComplete="off"
          spellCheck={false}
          disabled={disabled}
          error={at('cron')}
          onChange={(event) => set({ cron: event.currentTarget.value })}
        />
      </div>
      <p className={classes.hint}>Minute, hour, day of month, month, day of week.</p>
      <Select
        label="Time zone"
        description="Its clocks say when, in summer and in winter."
        searchable
        limit={100}
        data={ZONES.includes(timeZone) ? ZONES : [timeZone, ...ZONES]}
        value={timeZone}
        allowDeselect={false}
        disabled={disabled}
        error={at('timeZone')}
        onChange={(value) => value && set({ timeZone: value })}
      />
    </>
  )
}
