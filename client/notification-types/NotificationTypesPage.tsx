import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { IconBell } from '../ui/icons.ts'
import { NotificationList } from './NotificationList.tsx'
import { eventTypesQuery, notificationTypesQuery } from './queries.ts'
import { SeenTypes } from './SeenTypes.tsx'
import { TypesTable } from './TypesTable.tsx'

/** What becomes of each type of event: where it goes and what it looks like, or that nobody has said so yet. */
export function NotificationTypesPage() {
  const types = useInfiniteQuery(notificationTypesQuery)
  const seen = useQuery(eventTypesQuery)
  const rows = types.data?.pages.flatMap(({ items }) => items) ?? []
  const lastAt = new Map(seen.data?.items.map((item) => [item.type, item.lastAt]))
  const isWhole = types.data !== undefined && !types.hasNextPage
  const others = isWhole ? [...lastAt.keys()].filter((type) => !rows.some((row) => row.type === type)) : []
  return (
    <NotificationList
      title="Types of event"
      note="Where each goes and what it looks like"
      add={{ label: 'Add type', to: '/notifications/new' }}
      isEmpty={rows.length === 0}
      list={types}
      below={others.length > 0 && <SeenTypes types={others} lastAt={lastAt} />}
    >
      {(add) =>
        types.error ? (
          <ErrorNotice banner error={types.error} what="The types could not be read" onRetry={types.refetch} />
        ) : (
          <TypesTable rows={rows} lastAt={lastAt} loading={types.isPending} empty={<None action={add} />} />
        )
      }
    </NotificationList>
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
