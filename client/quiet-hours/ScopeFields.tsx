import { NativeSelect, Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { QuietScope } from '../../shared/quiet-hours.ts'
import { allDestinationsQuery } from '../destinations/queries.ts'
import { integrationsQuery } from '../integrations/queries.ts'
import { fieldProblem } from '../lib/field-problem.ts'
import type { ScopeDraft } from './draft.ts'
import classes from './quiet-hours.module.css'
import { scopeKinds } from './words.ts'

type Props = { draft: ScopeDraft; set: (part: Partial<ScopeDraft>) => void; error: unknown; disabled?: boolean }

const KINDS = Object.keys(scopeKinds) as ScopeDraft['kind'][]

/** What is to be quiet: everything, or one destination, type or person. */
export function ScopeFields({ draft, set, error, disabled = false }: Props) {
  return (
    <div className={classes.pair}>
      <NativeSelect
        label="What is quiet"
        value={draft.kind}
        disabled={disabled}
        data={KINDS.map((kind) => ({ value: kind, label: scopeKinds[kind] }))}
        onChange={(event) => set({ kind: kindOf(event.currentTarget.value) })}
      />
      {draft.kind === 'destination' && <DestinationField {...{ draft, set, error, disabled }} />}
      {draft.kind === 'type' && (
        <TextInput
          label="Type"
          placeholder="compliance.violation"
          value={draft.type}
          maxLength={100}
          disabled={disabled}
          autoComplete="off"
          spellCheck={false}
          error={fieldProblem(error, 'scope.type')}
          onChange={(event) => set({ type: event.currentTarget.value })}
        />
      )}
      {draft.kind === 'person' && (
        <TextInput
          label="Person"
          placeholder="kim@example.com"
          value={draft.recipient}
          maxLength={254}
          disabled={disabled}
          autoComplete="off"
          spellCheck={false}
          error={fieldProblem(error, 'scope.recipient')}
          onChange={(event) => set({ recipient: event.currentTarget.value })}
        />
      )}
    </div>
  )
}

const kindOf = (value: string): ScopeDraft['kind'] => {
  const kind = KINDS.find((each) => each === value)
  return kind ?? QuietScope.options[0].shape.kind.value
}

function DestinationField({ draft, set, error, disabled }: Required<Props>) {
  const destinations = useQuery(allDestinationsQuery)
  const { data: integrations = [] } = useQuery(integrationsQuery)
  const nameOf = (id: string) => integrations.find((each) => each.id === id)?.name
  const options = (destinations.data ?? []).map(({ id, name, integrationId }) => ({
    value: id,
    label: [name, integrations.length > 1 && nameOf(integrationId)].filter(Boolean).join(' · '),
  }))
  return (
    <Select
      label="Destination"
      placeholder={destinations.isPending ? 'Looking…' : 'Type a part of its name'}
      data={options}
      value={draft.destinationId}
      onChange={(destinationId) => set({ destinationId })}
      searchable
      limit={50}
      disabled={disabled}
      nothingFoundMessage={
        options.length === 0 ? 'There is no destination yet.' : 'No destination has that in its name.'
      }
      error={destinations.error ? 'The destinations could not be read.' : fieldProblem(error, 'scope.id')}
    />
  )
}
