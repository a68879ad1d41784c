import { Button, Group, SegmentedControl, Skeleton, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import type { Template, TemplateVersion } from '../../shared/templates.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { toast } from '../ui/toast.ts'
import { useCan } from '../users/queries.ts'
import { useRollBack, versionQuery } from './queries.ts'
import classes from './templates.module.css'

const DiffView = lazy(() => import('./DiffView.tsx'))

type Props = {
  template: Template
  version: TemplateVersion
  /** The one before it, if it was read already. */
  before: TemplateVersion | undefined
  isDirty: boolean
  onRestored: (template: Template) => void
  onClose: () => void
}

/** What one version changed, how it differs from what is in use, and the way back to it. */
export function VersionDialog({ template, version, before, isDirty, onRestored, onClose }: Props) {
  const isAdmin = useCan('admin')
  const rollBack = useRollBack(template.name)
  const isCurrent = version.number === template.version
  const [against, setAgainst] = useState(isCurrent || version.number > 1 ? 'before' : 'current')
  const older = useQuery({
    ...versionQuery(template.name, version.number - 1),
    enabled: before === undefined && version.number > 1,
  })
  const base = against === 'current' ? version : (before ?? older.data)
  const shown = against === 'current' ? template : version
  const restore = () =>
    rollBack.mutate(
      { to: version.number, basedOn: template.version },
      {
        onSuccess: (now) => {
          void toast('ok', `Version ${now.version} says what version ${version.number} said.`)
          onRestored(now)
          onClose()
        },
      },
    )
  const choices = [
    ...(version.number > 1 ? [{ value: 'before', label: `What ${version.number} changed` }] : []),
    ...(isCurrent ? [] : [{ value: 'current', label: `From ${version.number} to ${template.version}` }]),
  ]
  return (
    <Dialog opened onClose={onClose} title={`Version ${version.number} of ${template.name}`} size="xl">
      <Stack gap="md">
        {choices.length > 1 && (
          <SegmentedControl aria-label="Compare" data={choices} value={against} onChange={setAgainst} />
        )}
        {older.error && <ErrorNotice error={older.error} what="The version before could not be read" />}
        {base && version.number > 1 && base.source === shown.source && (
          <p className={classes.meta}>The text is the same.</p>
        )}
        <Suspense fallback={<Skeleton height={320} />}>
          <div className={classes.diffFrame}>
            <DiffView
              label={`Source of version ${version.number}`}
              before={base?.source ?? (version.number === 1 ? version.source : '')}
              after={shown.source}
            />
          </div>
        </Suspense>
        {rollBack.error && <ErrorNotice error={rollBack.error} what="Nothing was changed" />}
        {isAdmin && !isCurrent && (
          <Group justify="space-between" gap="xs">
            <p className={classes.meta}>
              {isDirty ? 'What you have not saved is discarded. ' : ''}It becomes version {template.version + 1}; none
              is lost.
            </p>
            <Button loading={rollBack.isPending} onClick={restore}>
              Go back to version {version.number}
            </Button>
          </Group>
        )}
      </Stack>
    </Dialog>
  )
}
