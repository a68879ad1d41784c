import { ActionIcon } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQueries, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { allDestinationsQuery, channelsQuery } from '../destinations/queries.ts'
import { integrationsQuery } from '../integrations/queries.ts'
import { ApiError } from '../lib/api.ts'
import { fieldProblem } from '../lib/field-problem.ts'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { IconX } from '../ui/icons.ts'
import { TargetLabel } from './TargetLabel.tsx'
import { TargetPicker } from './TargetPicker.tsx'
import classes from './targets.module.css'
import { allTargets, type ChosenTarget, targetKey } from './targets.ts'

type Props = {
  label: string
  chosen: ChosenTarget[]
  onChange: (chosen: ChosenTarget[]) => void
  /** Of the save; what it says of `destinations` is shown beside the one it is about. */
  error: unknown
  /** They are shown, and not changed. */
  disabled?: boolean
}

const TYPE_AHEAD_MS = 150

/** Several places to send to: destinations, channels and people that become some when they are saved, and the recipient. */
export function TargetsField({ label, chosen, onChange, error, disabled = false }: Props) {
  const [typed, setTyped] = useState('')
  const { places, isLooking, failed } = usePlaces(typed)
  const taken = new Set(chosen.map(targetKey))
  const pick = (picked: ChosenTarget) => {
    onChange([...chosen, { target: picked.target, shown: picked.shown }])
    setTyped('')
  }
  return (
    <div>
      {!disabled && (
        <TargetPicker
          label={label}
          placeholder="Part of a name, #channel or e-mail"
          offered={allTargets(places, typed).filter((each) => !taken.has(targetKey(each)))}
          typed={typed}
          onType={setTyped}
          onPick={pick}
          isLooking={isLooking}
          nothing={
            typed
              ? `Nothing has “${typed.trim()}” in its name. A new channel is typed as #channel, a person by e-mail.`
              : 'Nothing more to choose.'
          }
          error={fieldProblem(error, 'destinations')}
        />
      )}
      {chosen.length > 0 && (
        <ul className={classes.chosen} aria-label={`${label}: chosen`}>
          {chosen.map((each, place) => (
            <li key={targetKey(each)}>
              <TargetLabel destination={each.shown} />
              {!disabled && (
                <ActionIcon
                  size={24}
                  aria-label={`Remove ${each.shown.name}`}
                  onClick={() => onChange(chosen.filter((other) => other !== each))}
                >
                  <IconX />
                </ActionIcon>
              )}
              <Problem error={error} place={place} />
            </li>
          ))}
        </ul>
      )}
      {failed && (
        <ErrorNotice error={failed.error} what="The destinations could not be read" onRetry={failed.refetch} />
      )}
    </div>
  )
}

/** The destinations there are, and the channels of each workspace that fit what is typed. */
function usePlaces(typed: string) {
  const destinations = useQuery(allDestinationsQuery)
  const { data: integrations = [] } = useQuery(integrationsQuery)
  const [settled] = useDebouncedValue(typed.trim().replace(/^#/, ''), TYPE_AHEAD_MS)
  const channels = useQueries({
    queries: integrations.map(({ id }) => ({ ...channelsQuery(id, settled, false), enabled: settled !== '' })),
  })
  const isSettled = settled !== '' && settled === typed.trim().replace(/^#/, '')
  const found = integrations.map(({ id }, at) => [id, (isSettled && channels[at]?.data?.items) || []] as const)
  return {
    places: { destinations: destinations.data ?? [], integrations, channels: new Map(found) },
    isLooking: destinations.isPending || (typed !== '' && channels.some(({ isFetching }) => isFetching)),
    failed: destinations.error ? destinations : undefined,
  }
}

/** What the server says is wrong with this one. */
function Problem({ error, place }: { error: unknown; place: number }) {
  const at = `destinations.${place}`
  if (!(error instanceof ApiError) || (error.field !== at && !error.field?.startsWith(`${at}.`))) return null
  return (
    <p className={classes.problem} role="alert">
      {error.message} {error.fix}
    </p>
  )
}
