import { Combobox } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { integrationsQuery } from '../integrations/queries.ts'
import { plural } from '../lib/format.ts'
import { IconLock, IconSearch } from '../ui/icons.ts'
import { Picker, PickerOption } from '../ui/Picker.tsx'
import { targetKinds, targetName } from './TargetLabel.tsx'
import { type Offered, targetKey } from './targets.ts'

type Props = {
  label: string
  placeholder: string
  offered: readonly Offered[]
  typed: string
  onType: (typed: string) => void
  onPick: (picked: Offered) => void
  isLooking: boolean
  /** What is said when nothing fits. */
  nothing: ReactNode
  error?: ReactNode
  disabled?: boolean
  /** It is where a dialog begins. */
  isFirst?: boolean
}

const MOST_SHOWN = 50

/** Finds one of the places that messages can go to, of all integrations, as one types. */
export function TargetPicker({ offered, onPick, isLooking, nothing, isFirst = false, ...field }: Props) {
  const { data: integrations = [] } = useQuery(integrationsQuery)
  // Where there is but one, its name would only take the room of the others.
  const named = (id: string) => integrations.length > 1 && integrations.find((each) => each.id === id)?.name
  return (
    <Picker
      {...field}
      listLabel="Destinations"
      icon={<IconSearch />}
      takesFocus={isFirst}
      onPick={(key) => {
        const picked = offered.find((each) => targetKey(each) === key)
        if (picked) onPick(picked)
      }}
      more={offered.length > MOST_SHOWN && plural(offered.length, 'destination')}
    >
      {offered.slice(0, MOST_SHOWN).map((each) => {
        const Icon = each.isPrivate ? IconLock : targetKinds[each.shown.kind].icon
        return (
          <Combobox.Option key={targetKey(each)} value={targetKey(each)} disabled={each.isOff === true}>
            <PickerOption
              icon={<Icon />}
              name={targetName(each.shown)}
              note={[each.note, named(each.shown.integrationId)].filter(Boolean).join(' · ')}
            />
          </Combobox.Option>
        )
      })}
      {isLooking && <Combobox.Empty>Looking…</Combobox.Empty>}
      {!isLooking && offered.length === 0 && <Combobox.Empty>{nothing}</Combobox.Empty>}
    </Picker>
  )
}
