import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { allDestinationsQuery } from '../destinations/queries.ts'
import { integrationsQuery } from '../integrations/queries.ts'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { TargetPicker } from './TargetPicker.tsx'
import { knownTargets } from './targets.ts'

type Props = {
  chosen: string | null
  onChoose: (chosen: { id: string; name: string } | null) => void
  /** The one that is not offered. */
  except?: string
  error?: string | null
  disabled?: boolean
  /** It is where a dialog begins. */
  isFirst?: boolean
}

/** One destination of any integration, found by a part of its name. */
export function DestinationField({ chosen, onChoose, except, error = null, disabled = false, isFirst = false }: Props) {
  const { data: integrations = [] } = useQuery(integrationsQuery)
  const { data, error: failed, isPending, refetch } = useQuery(allDestinationsQuery)
  const destinations = (data ?? []).filter(({ id }) => id !== except)
  const [text, setText] = useState<string>()
  const typed = text ?? destinations.find(({ id }) => id === chosen)?.name ?? ''
  return (
    <div>
      <TargetPicker
        label="Destination"
        placeholder="Type a part of its name"
        offered={knownTargets({ destinations, integrations }, chosen ? '' : typed)}
        typed={typed}
        onType={(next) => {
          setText(next)
          if (chosen) onChoose(null)
        }}
        onPick={({ shown }) => {
          setText(undefined)
          onChoose(shown.id === undefined ? null : { id: shown.id, name: shown.name })
        }}
        isLooking={isPending}
        nothing={
          destinations.length === 0
            ? 'There is no destination to choose. Add one to an integration first.'
            : `No destination has “${typed.trim()}” in its name.`
        }
        error={error}
        disabled={disabled}
        isFirst={isFirst}
      />
      {failed && <ErrorNotice error={failed} what="The destinations could not be read" onRetry={refetch} />}
    </div>
  )
}
