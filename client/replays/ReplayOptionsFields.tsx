import { Checkbox, NumberInput, Stack } from '@mantine/core'
import type { ReplayOptions } from '../../shared/replays.ts'

type Props = { options: ReplayOptions; onChange: (options: ReplayOptions) => void }

const FASTEST = 6_000

/** How the replay is done: what each message says, what is left out, and how fast it goes. */
export function ReplayOptionsFields({ options, onChange }: Props) {
  const change = (part: Partial<ReplayOptions>) => onChange({ ...options, ...part })
  return (
    <Stack gap="sm">
      <Checkbox
        label="Mark as delayed"
        description="Each message says when it was first meant to arrive."
        checked={options.markDelayed}
        onChange={(event) => change({ markDelayed: event.currentTarget.checked })}
      />
      <Checkbox
        label="Skip what was overtaken"
        description="Not those that were replayed already, nor those of which a later one with the same key was delivered."
        checked={options.skipSuperseded}
        onChange={(event) => change({ skipSuperseded: event.currentTarget.checked })}
      />
      <NumberInput
        label="At most this many a minute"
        description="Fewer leave room for what happens now. Slack’s own pace holds in any case."
        maw={280}
        min={1}
        max={FASTEST}
        clampBehavior="blur"
        allowDecimal={false}
        allowNegative={false}
        value={options.perMinute}
        onChange={(value) => {
          if (typeof value === 'number' && value >= 1 && value <= FASTEST) change({ perMinute: value })
        }}
      />
    </Stack>
  )
}
