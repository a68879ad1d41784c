import { Combobox } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type ComponentType, useState } from 'react'
import type { Destination } from '../../shared/destinations.ts'
import { allDestinationsQuery } from '../destinations/queries.ts'
import { integrationsQuery } from '../integrations/queries.ts'
import { fits } from '../lib/fits.ts'
import { plural } from '../lib/format.ts'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { IconHash, IconLock, IconSearch, IconUser, IconWebhook } from '../ui/icons.ts'
import { Picker, PickerOption } from '../ui/Picker.tsx'

type Props = {
  chosen: Destination | undefined
  onChoose: (chosen: Destination | undefined) => void
  /** The one that is not offered. */
  except: string
}

const MOST_SHOWN = 50
const ICONS: Record<Destination['kind'], ComponentType> = { channel: IconHash, person: IconUser, webhook: IconWebhook }

/** Finds a destination of any integration by a part of its name, as one types. */
export function DestinationPicker({ chosen, onChoose, except }: Props) {
  const [typed, setTyped] = useState('')
  const { data: destinations, error, isPending, refetch } = useQuery(allDestinationsQuery)
  const { data: integrations = [] } = useQuery(integrationsQuery)
  const named = (id: string) => integrations.find((one) => one.id === id)?.name ?? ''
  const found = (destinations ?? []).filter(
    ({ id, name, target, integrationId }) => id !== except && fits(`${name} ${target} ${named(integrationId)}`, typed),
  )
  const choose = (id: string) => {
    const destination = found.find((one) => one.id === id)
    setTyped(destination?.name ?? '')
    onChoose(destination)
  }
  const type = (text: string) => {
    setTyped(text)
    if (chosen) onChoose(undefined)
  }
  return (
    <div>
      <Picker
        label="Destination"
        listLabel="Destinations"
        placeholder="Type a part of its name"
        icon={<IconSearch />}
        typed={typed}
        onType={type}
        onPick={choose}
        more={found.length > MOST_SHOWN && plural(found.length, 'destination')}
      >
        {found.slice(0, MOST_SHOWN).map((destination) => (
          <Combobox.Option key={destination.id} value={destination.id} disabled={destination.state === 'disabled'}>
            <Option destination={destination} integration={named(destination.integrationId)} />
          </Combobox.Option>
        ))}
        {isPending && <Combobox.Empty>Looking…</Combobox.Empty>}
        {destinations && found.length === 0 && <Combobox.Empty>{nothingIn(destinations, typed)}</Combobox.Empty>}
      </Picker>
      {error && <ErrorNotice error={error} what="The destinations could not be read" onRetry={refetch} />}
    </div>
  )
}

function Option({ destination, integration }: { destination: Destination; integration: string }) {
  const Icon = destination.isPrivate ? IconLock : ICONS[destination.kind]
  const trouble = STATE_NOTES[destination.state]
  return (
    <PickerOption
      icon={<Icon />}
      name={destination.name.replace(/^#/, '')}
      note={[trouble, integration].filter(Boolean).join(' · ')}
    />
  )
}

const STATE_NOTES: Partial<Record<Destination['state'], string>> = {
  failing: 'failing',
  disabled: 'switched off',
}

function nothingIn(all: Destination[], typed: string): string {
  if (all.length <= 1) return 'There is no other destination yet. Add one to an integration first.'
  return `No destination has “${typed.trim()}” in its name.`
}
