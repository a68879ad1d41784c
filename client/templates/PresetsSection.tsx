import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Link } from 'react-router'
import type { TemplatePreset } from '../../shared/templates.ts'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { IconFileText } from '../ui/icons.ts'
import { Section } from '../ui/Section.tsx'
import { RowsSkeleton } from '../ui/Skeletons.tsx'
import { toast } from '../ui/toast.ts'
import { useCan } from '../users/queries.ts'
import { presetsQuery, useAddPresets } from './queries.ts'
import classes from './templates.module.css'

type Props = {
  /** There is no template yet: this is the next step. */
  isFirst: boolean
  actions: ReactNode
}

/** The templates that come with the server and were not taken yet. */
export function PresetsSection({ isFirst, actions }: Props) {
  const { data, error, refetch } = useQuery(presetsQuery)
  const isAdmin = useCan('admin')
  const add = useAddPresets()
  const left = data?.filter(({ added }) => !added) ?? []
  if (data && left.length === 0) return null
  const addAll = () =>
    add.mutate(
      left.map(({ name }) => name),
      { onSuccess: ({ added }) => void toast('ok', `${added.length} templates were added.`) },
    )
  return (
    <Section
      title={isFirst ? 'Begin with one of these' : 'More to begin with'}
      note={isFirst && 'Until a type has a template, its events are sent as the standard message'}
      actions={
        <div className={classes.buttons}>
          {actions}
          {isAdmin && left.length > 1 && (
            <Button variant={isFirst ? 'filled' : 'default'} loading={add.isPending} onClick={addAll}>
              Add all {left.length}
            </Button>
          )}
        </div>
      }
    >
      {add.error && <ErrorNotice error={add.error} what="Nothing was added" />}
      {error ? (
        <ErrorNotice error={error} what="The templates to begin with could not be read" onRetry={refetch} />
      ) : data ? (
        <ul className={classes.presets} aria-label="Templates to begin with">
          {left.map((preset) => (
            <Preset key={preset.name} preset={preset} mayAdd={isAdmin} />
          ))}
        </ul>
      ) : (
        <RowsSkeleton rows={5} />
      )}
    </Section>
  )
}

function Preset({ preset: { name, description }, mayAdd }: { preset: TemplatePreset; mayAdd: boolean }) {
  const add = useAddPresets()
  const told = (
    <span>
      <Link to={`/notifications/templates/${name}`}>{name}</Link> was added.
    </span>
  )
  return (
    <li className={classes.preset}>
      <IconFileText aria-hidden="true" />
      <span className={classes.named}>
        <code>{name}</code>
        <span className={classes.meta}>{add.data ? told : description}</span>
        {add.error && <ErrorNotice error={add.error} what="It was not added" />}
      </span>
      {mayAdd && (
        <Button
          variant="default"
          size="xs"
          loading={add.isPending}
          aria-label={`Add ${name}`}
          onClick={() => add.mutate([name])}
        >
          Add
        </Button>
      )}
    </li>
  )
}
