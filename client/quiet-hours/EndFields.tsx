import { Checkbox, Radio, Stack } from '@mantine/core'
import { AtEnd } from '../../shared/quiet-hours.ts'
import type { EndDraft } from './draft.ts'
import { atEndWords } from './words.ts'

type Props = { draft: EndDraft; set: (part: Partial<EndDraft>) => void; disabled?: boolean }

/** Who need not wait, and what becomes of what waited. */
export function EndFields({ draft, set, disabled = false }: Props) {
  return (
    <>
      <Radio.Group
        label="What becomes of what waited"
        value={draft.atEnd}
        onChange={(value) => set({ atEnd: AtEnd.parse(value) })}
      >
        <Stack gap="xs" mt="xs">
          {AtEnd.options.map((atEnd) => (
            <Radio
              key={atEnd}
              value={atEnd}
              label={atEndWords[atEnd].name}
              description={atEndWords[atEnd].means}
              disabled={disabled}
            />
          ))}
        </Stack>
      </Radio.Group>
      <Checkbox
        label="Urgent messages break through"
        description="They go out at once and say on their timeline what they did not wait for."
        checked={draft.urgentBreaksThrough}
        disabled={disabled}
        onChange={(event) => set({ urgentBreaksThrough: event.currentTarget.checked })}
      />
    </>
  )
}
