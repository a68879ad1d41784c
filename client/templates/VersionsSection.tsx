import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Template, TemplateVersion } from '../../shared/templates.ts'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { RelativeTime } from '../ui/RelativeTime.tsx'
import { Section } from '../ui/Section.tsx'
import { RowsSkeleton } from '../ui/Skeletons.tsx'
import { versionsQuery } from './queries.ts'
import classes from './templates.module.css'
import { VersionDialog } from './VersionDialog.tsx'

type Props = { template: Template; isDirty: boolean; onRestored: (template: Template) => void }

/** What the template said before: who changed it, when and why, and the way back. */
export function VersionsSection({ template, isDirty, onRestored }: Props) {
  const versions = useInfiniteQuery(versionsQuery(template.name))
  const [open, setOpen] = useState<number>()
  const rows = versions.data?.pages.flatMap(({ items }) => items) ?? []
  const opened = rows.find(({ number }) => number === open)
  return (
    <Section title="Versions" note={`${template.version} is in use`}>
      {versions.error ? (
        <ErrorNotice error={versions.error} what="The versions could not be read" onRetry={versions.refetch} />
      ) : versions.isPending ? (
        <RowsSkeleton rows={3} />
      ) : (
        <ol className={classes.versions} aria-label="Versions">
          {rows.map((version) => (
            <Row key={version.number} version={version} onOpen={() => setOpen(version.number)} />
          ))}
        </ol>
      )}
      {versions.hasNextPage && (
        <Button
          variant="default"
          size="xs"
          loading={versions.isFetchingNextPage}
          onClick={() => versions.fetchNextPage()}
        >
          Show older
        </Button>
      )}
      {opened && (
        <VersionDialog
          {...{ template, isDirty, onRestored }}
          version={opened}
          before={rows.find(({ number }) => number === opened.number - 1)}
          onClose={() => setOpen(undefined)}
        />
      )}
    </Section>
  )
}

function Row({ version: { number, note, at, by }, onOpen }: { version: TemplateVersion; onOpen: () => void }) {
  return (
    <li>
      <button type="button" className={classes.version} onClick={onOpen}>
        <span className={classes.number}>Version {number}</span>
        <span className={classes.named}>
          <span>{note ?? (number === 1 ? 'Made' : 'Changed')}</span>
          <span className={classes.meta}>
            {by}, <RelativeTime at={at} />
          </span>
        </span>
      </button>
    </li>
  )
}
