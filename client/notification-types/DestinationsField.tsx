import { ActionIcon, Button } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'react-router'
import type { Integration } from '../../shared/integrations.ts'
import { ApiError } from '../lib/api.ts'
import { IconPlus, IconX } from '../ui/icons.ts'
import { Notice } from '../ui/Notice.tsx'
import { AddTarget, type TargetPickers } from './AddTarget.tsx'
import { type DraftTarget, isSameTarget } from './draft.ts'
import classes from './notification-types.module.css'
import { TargetName } from './TargetName.tsx'
import { targetName } from './target-words.ts'

type Props = {
  targets: DraftTarget[]
  onChange: (targets: DraftTarget[]) => void
  integrations: Integration[]
  pickers: TargetPickers
  error: unknown
  disabled: boolean
}

/** Where the messages of a type go, and a way to add or take away a place. */
export function DestinationsField({ targets, onChange, integrations, pickers, error, disabled }: Props) {
  const [isAdding, setAdding] = useState(false)
  const nameOf = (id: string) =>
    integrations.length > 1 ? integrations.find((each) => each.id === id)?.name : undefined
  const add = (added: DraftTarget) => {
    if (!targets.some((each) => isSameTarget(each, added))) onChange([...targets, added])
    setAdding(false)
  }
  return (
    <div className={classes.stack}>
      {targets.length > 0 && (
        <ul className={classes.targets} aria-label="Destinations">
          {targets.map(({ target, shown }, place) => (
            <li key={JSON.stringify(target)}>
              <TargetName shown={shown} integration={nameOf(shown.integrationId)} />
              {!disabled && (
                <ActionIcon
                  aria-label={`Take away ${targetName(shown)}`}
                  onClick={() => onChange(targets.filter((_, at) => at !== place))}
                >
                  <IconX />
                </ActionIcon>
              )}
              <Problem error={error} place={place} />
            </li>
          ))}
        </ul>
      )}
      {targets.length === 0 && (
        <Notice tone="warn" title="Its events go nowhere by themselves">
          Only an event that names its destinations,{' '}
          <Link to="/notifications/rules">a routing rule or the fallback</Link> sends them anywhere.
        </Notice>
      )}
      {isAdding && (
        <AddTarget integrations={integrations} pickers={pickers} onAdd={add} onClose={() => setAdding(false)} />
      )}
      {!isAdding && !disabled && (
        <div>
          <Button variant="default" leftSection={<IconPlus />} onClick={() => setAdding(true)}>
            Add destination
          </Button>
        </div>
      )}
    </div>
  )
}

/** What the server says is wrong with this one, beside it. */
function Problem({ error, place }: { error: unknown; place: number }) {
  if (!(error instanceof ApiError) || !error.field?.startsWith(`destinations.${place}`)) return null
  return (
    <p className={classes.problem} role="alert">
      {error.message} {error.fix}
    </p>
  )
}
