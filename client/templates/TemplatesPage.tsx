import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { TemplateSummary } from '../../shared/templates.ts'
import { plural } from '../lib/format.ts'
import { NotificationTabs } from '../notification-types/NotificationTabs.tsx'
import { type Column, DataTable } from '../ui/DataTable.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { IconPlus } from '../ui/icons.ts'
import { PageFrame } from '../ui/PageFrame.tsx'
import { RelativeTime } from '../ui/RelativeTime.tsx'
import { Section } from '../ui/Section.tsx'
import { ShowMore } from '../ui/ShowMore.tsx'
import { useCan } from '../users/queries.ts'
import { NewTemplateDialog } from './NewTemplateDialog.tsx'
import { PresetsSection } from './PresetsSection.tsx'
import { templatesQuery } from './queries.ts'
import classes from './templates.module.css'

/** What messages look like: the templates there are, and those to begin with. */
export function TemplatesPage() {
  const templates = useInfiniteQuery(templatesQuery)
  const isAdmin = useCan('admin')
  const [isAdding, setAdding] = useState(false)
  const rows = templates.data?.pages.flatMap(({ items }) => items) ?? []
  const isEmpty = templates.data !== undefined && rows.length === 0
  const add = (
    <Button variant={isEmpty ? 'default' : 'filled'} leftSection={<IconPlus />} onClick={() => setAdding(true)}>
      Add template
    </Button>
  )
  return (
    <PageFrame title="Notifications">
      <NotificationTabs />
      {templates.error && (
        <ErrorNotice
          banner
          error={templates.error}
          what={templates.data ? 'This list is no longer current' : 'The templates could not be read'}
          onRetry={templates.refetch}
        />
      )}
      {(templates.isPending || rows.length > 0) && (
        <Section
          flush
          title="Templates"
          note="What messages look like"
          actions={isAdmin && !templates.isPending && add}
        >
          <DataTable
            label="Templates"
            columns={columns}
            rows={rows}
            rowKey={({ name }) => name}
            to={({ name }) => `/notifications/templates/${name}`}
            loading={templates.isPending}
            lineAbove
          />
        </Section>
      )}
      <ShowMore list={templates} />
      {templates.data && <PresetsSection isFirst={isEmpty} actions={isEmpty && isAdmin && add} />}
      {isAdding && <NewTemplateDialog onClose={() => setAdding(false)} />}
    </PageFrame>
  )
}

const columns: Column<TemplateSummary>[] = [
  {
    key: 'name',
    head: 'Name',
    lead: true,
    card: 'start',
    cell: ({ name, description }) => (
      <span className={classes.named}>
        <span>{name}</span>
        {description && <span className={classes.meta}>{description}</span>}
      </span>
    ),
  },
  {
    key: 'usedBy',
    head: 'Used by',
    width: '26%',
    cell: ({ usedBy }) =>
      usedBy.length > 0 ? <Users usedBy={usedBy} /> : <span className={classes.meta}>nothing yet</span>,
  },
  { key: 'version', head: 'Version', align: 'end', nowrap: true, cell: ({ version }) => version },
  {
    key: 'changed',
    head: 'Changed',
    width: '20%',
    cell: ({ updatedAt, updatedBy }) => (
      <span>
        <RelativeTime at={updatedAt} /> <span className={classes.meta}>by {updatedBy}</span>
      </span>
    ),
  },
]

function Users({ usedBy }: { usedBy: string[] }) {
  const shown = usedBy.slice(0, 2).join(', ')
  return <span>{usedBy.length > 2 ? `${shown} and ${plural(usedBy.length - 2, 'more', 'more')}` : shown}</span>
}
