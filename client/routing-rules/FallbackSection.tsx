import { Button, Group } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { RoutingFallback } from '../../shared/routing-rules.ts'
import { TargetList } from '../targets/TargetLabel.tsx'
import { TargetsField } from '../targets/TargetsField.tsx'
import { chosenOf } from '../targets/targets.ts'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { Section } from '../ui/Section.tsx'
import { RowsSkeleton } from '../ui/Skeletons.tsx'
import { toast } from '../ui/toast.ts'
import { useCan } from '../users/queries.ts'
import { fallbackQuery, useChangeFallback } from './queries.ts'
import classes from './routing-rules.module.css'

/** Where events go that no type and no rule sends anywhere. */
export function FallbackSection() {
  const { data, error, refetch } = useQuery(fallbackQuery)
  const isAdmin = useCan('admin')
  const [isEditing, setEditing] = useState(false)
  const change = isAdmin && data && !isEditing && (
    <Button variant="default" onClick={() => setEditing(true)}>
      {data.destinations.length > 0 ? 'Change fallback' : 'Choose a fallback'}
    </Button>
  )
  return (
    <Section title="Fallback" note="For what nothing else sends anywhere" actions={change}>
      {error ? (
        <ErrorNotice error={error} what="The fallback could not be read" onRetry={refetch} />
      ) : data === undefined ? (
        <RowsSkeleton rows={1} />
      ) : isEditing ? (
        <FallbackForm fallback={data} onDone={() => setEditing(false)} />
      ) : data.destinations.length > 0 ? (
        <TargetList destinations={data.destinations} label="Fallback" />
      ) : (
        <p className={classes.quiet}>
          There is none: such an event is kept and explained, but reaches nobody. Messages whose channel is gone wait
          there until somebody mends it.
        </p>
      )}
    </Section>
  )
}

function FallbackForm({ fallback, onDone }: { fallback: RoutingFallback; onDone: () => void }) {
  const [chosen, setChosen] = useState(() => fallback.destinations.map(chosenOf))
  const change = useChangeFallback()
  const save = () =>
    change.mutate(
      { destinations: chosen.map(({ target }) => target) },
      {
        onSuccess: () => {
          void toast('ok', 'Fallback saved')
          onDone()
        },
      },
    )
  return (
    <div className={classes.narrow}>
      <TargetsField label="Destinations of the fallback" chosen={chosen} onChange={setChosen} error={change.error} />
      {change.error && <ErrorNotice error={change.error} what="Nothing was changed" />}
      <Group gap="xs" mt="md">
        <Button loading={change.isPending} onClick={save}>
          Save fallback
        </Button>
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
      </Group>
    </div>
  )
}
