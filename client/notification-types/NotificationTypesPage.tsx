import { Button } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { IconBell, IconPlus } from '../ui/icons.ts'
import { PageFrame } from '../ui/PageFrame.tsx'
import { Section } from '../ui/Section.tsx'
import { ShowMore } from '../ui/ShowMore.tsx'
import { useCan } from '../users/queries.ts'
import { NotificationTabs } from './NotificationTabs.tsx'
import { eventTypesQuery, notificationTypesQuery } from './queries.ts'
import { SeenTypes } from './SeenTypes.tsx'
import { TypesTable } from './TypesTable.tsx'

/** What becomes of each type of event: where it goes and what it looks like, or that nobody has said so yet. */
export function NotificationTypesPage() {
  const types = useInfiniteQuery(notificationTypesQuery)
  const seen = useQuery(eventTypesQuery)
  const isAdmin = useCan('admin')
  const rows = types.data?.pages.flatMap(({ items }) => items) ?? []
  const lastAt = new Map(seen.data?.items.map((item) => [item.type, item.lastAt]))
  const isWhole = types.data !== undefined && !types.hasNextPage
  const others = isWhole ? [...lastAt.keys()].filter((type) => !rows.some((row) => row.type === type)) : []
  const add = isAdmin && (
    <Button component={Link} to="/notifications/new" leftSection={<IconPlus />}>
      Add type
    </Button>
  )
  return (
    <PageFrame title="Notifications">
      <NotificationTabs />
      <Section
        flush
        title="Types of event"
        note={rows.length > 0 && 'Where each goes and what it looks like'}
        actions={rows.length > 0 && add}
      >
        {types.error ? (
          <ErrorNotice banner error={types.error} what="The types could not be read" onRetry={types.refetch} />
        ) : (
          <TypesTable rows={rows} lastAt={lastAt} loading={types.isPending} empty={<None action={add} />} />
        )}
      </Section>
      <ShowMore list={types} />
      {others.length > 0 && <SeenTypes types={others} lastAt={lastAt} />}
    </PageFrame>
  )
}

function None({ action }: { action: React.ReactNode }) {
  return (
    <EmptyState icon={<IconBell />} title="No notification is set up yet" actions={action}>
      Say which type of event goes to which channel, and see a test of it arrive: three fields, two minutes. An event
      that names its destinations itself is sent without any of this.
    </EmptyState>
  )
}
