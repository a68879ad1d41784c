import { Radio, Stack } from '@mantine/core'
import { MissedRuns, Overlap } from '../../shared/schedules.ts'
import type { FieldProps } from './ScheduleForm.tsx'

const MISSED: Record<MissedRuns, { label: string; description: string }> = {
  run_once: { label: 'Make up for them once', description: 'One run that reaches back to the last.' },
  run_all: { label: 'Make up for each', description: 'One after the other, the latest fifty.' },
  skip: { label: 'Leave them out', description: 'The next run comes at its time.' },
}

const OVERLAPS: Record<Overlap, { label: string; description: string }> = {
  skip: { label: 'Skip that time', description: 'What it would have told of is in the next run.' },
  wait: { label: 'Run right after', description: 'Up to ten wait for their turn.' },
}

/** What becomes of times at which nothing ran, and of those that come while a run goes on. */
export function PolicyFields({ draft: { missedRuns, overlap }, set, disabled }: FieldProps) {
  return (
    <Stack gap="lg">
      <Radio.Group
        label="Times at which the server did not run"
        value={missedRuns}
        onChange={(value) => set({ missedRuns: MissedRuns.parse(value) })}
      >
        <Stack gap="xs" mt="xs">
          {Object.entries(MISSED).map(([value, words]) => (
            <Radio key={value} value={value} disabled={disabled} {...words} />
          ))}
        </Stack>
      </Radio.Group>
      <Radio.Group
        label="A time that comes while the run before goes on"
        value={overlap}
        onChange={(value) => set({ overlap: Overlap.parse(value) })}
      >
        <Stack gap="xs" mt="xs">
          {Object.entries(OVERLAPS).map(([value, words]) => (
            <Radio key={value} value={value} disabled={disabled} {...words} />
          ))}
        </Stack>
      </Radio.Group>
    </Stack>
  )
}
