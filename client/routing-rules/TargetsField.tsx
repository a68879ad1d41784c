import { ActionIcon, Combobox } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { allDestinationsQuery } from '../destinations/queries.ts'
import { integrationsQuery } from '../integrations/queries.ts'
import { plural } from '../lib/format.ts'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { IconSearch, IconX } from '../ui/icons.ts'
import { Picker, PickerOption } from '../ui/Picker.tsx'
import { type ChosenTarget, targetKey } from './draft.ts'
import { DESTINATION_ICONS, DestinationLabel } from './RouteDestinations.tsx'
import classes from './routing-rules.module.css'
import { offeredTargets } from './targets.ts'

type Props = {
  label: string
  chosen: ChosenTarget[]
  onChange: (chosen: ChosenTarget[]) => void
  error?: string | null
}

const MOST_SHOWN = 50

/** Several places to send to, found by a part of their names; a channel that is no destination yet can be typed. */
export function TargetsField({ label, chosen, onChange, error }: Props) {
  const [typed, setTyped] = useState('')
  const destinations = useQuery(allDestinationsQuery)
  const integrations = useQuery(integrationsQuery)
  const taken = new Set(chosen.map(targetKey))
  const offered = offeredTargets(destinations.data ?? [], integrations.data ?? [], typed).filter(
    (each) => !taken.has(targetKey(each)),
  )
  const pick = (key: string) => {
    const picked = offered.find((each) => targetKey(each) === key)
    if (picked) onChange([...chosen, picked])
    setTyped('')
  }
  const named = (id: string) => integrations.data?.find((each) => each.id === id)?.name ?? ''
  return (
    <div>
      <Picker
        label={label}
        listLabel="Destinations"
        placeholder="Type a part of a name, or #channel"
        icon={<IconSearch />}
        typed={typed}
        onType={setTyped}
        onPick={pick}
        more={offered.length > MOST_SHOWN && plural(offered.length, 'destination')}
      >
        {offered.slice(0, MOST_SHOWN).map((each) => {
          const Icon = DESTINATION_ICONS[each.shown.kind]
          return (
            <Combobox.Option key={targetKey(each)} value={targetKey(each)}>
              <PickerOption
                icon={<Icon />}
                name={each.shown.name.replace(/^#/, '')}
                note={[each.note, named(each.shown.integrationId)].filter(Boolean).join(' · ')}
              />
            </Combobox.Option>
          )
        })}
        {destinations.isPending && <Combobox.Empty>Looking…</Combobox.Empty>}
        {destinations.data && offered.length === 0 && (
          <Combobox.Empty>
            {typed
              ? `Nothing has “${typed.trim()}” in its name. A new channel is typed as #channel.`
              : 'Nothing more to choose.'}
          </Combobox.Empty>
        )}
      </Picker>
      {chosen.length > 0 && (
        <ul className={classes.chosen} aria-label={`${label}: chosen`}>
          {chosen.map((each) => (
            <li key={targetKey(each)} className={classes.chosenTarget}>
              <DestinationLabel destination={each.shown} />
              <span className={classes.meta}>{named(each.shown.integrationId)}</span>
              <ActionIcon
                size={24}
                aria-label={`Remove ${each.shown.name}`}
                onClick={() => onChange(chosen.filter((other) => other !== each))}
              >
                <IconX />
              </ActionIcon>
            </li>
          ))}
        </ul>
      )}
      {error && <p className={classes.fieldError}>{error}</p>}
      {destinations.error && (
        <ErrorNotice
          error={destinations.error}
          what="The destinations could not be read"
          onRetry={destinations.refetch}
        />
      )}
    </div>
  )
}
