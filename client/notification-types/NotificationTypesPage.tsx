import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useSearchParams } from 'react-router'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { IconBell, IconPlus } from '../ui/icons.ts'
import { PageFrame } from '../ui/PageFrame.tsx'
import { Section } from '../ui/Section.tsx'
import { useCan } from '../users/queries.ts'
import { AddTypeDialog } from './AddTypeDialog.tsx'
import { NotificationTabs } from './NotificationTabs.tsx'
import classes from './notification-types.module.css'
import { notificationTypesQuery } from './queries.ts'
import { TypeDialog } from './TypeDialog.tsx'
import { TypesTable } from './TypesTable.tsx'

/** How deliveries of each type of event are treated, and a way to hold a type back. The open one is in the address. */
export function NotificationTypesPage() {
  const types = useInfiniteQuery(notificationTypesQuery)
  const isAdmin = useCan('admin')
  const [params, setParams] = useSearchParams()
  const [isAdding, setAdding] = useState(false)
  const open = params.get('type')
  const show = (type: string | null) => setParams(type ? { type } : {}, { preventScrollReset: true })
  const rows = types.data?.pages.flatMap(({ items }) => items) ?? []
  const add = isAdmin && (
    <Button leftSection={<IconPlus />} onClick={() => setAdding(true)}>
      Add type
    </Button>
  )
  return (
    <PageFrame title="Notifications">
      <NotificationTabs />
      <Section
        flush
        title="Types of event"
        note={rows.length > 0 && 'How the messages of each are sent'}
        actions={rows.length > 0 && add}
      >
        {types.error ? (
          <ErrorNotice banner error={types.error} what="The types could not be read" onRetry={types.refetch} />
        ) : (
          <TypesTable rows={rows} loading={types.isPending} empty={<None action={add} />} />
        )}
      </Section>
      {types.hasNextPage && (
        <div className={classes.more}>
          <Button variant="default" loading={types.isFetchingNextPage} onClick={() => types.fetchNextPage()}>
            Show more
          </Button>
        </div>
      )}
      {open && <TypeDialog key={open} type={open} onClose={() => show(null)} />}
      {isAdding && (
        <AddTypeDialog
          onClose={() => setAdding(false)}
          onName={(type) => {
            setAdding(false)
            show(type)
          }}
        />
      )}
    </PageFrame>
  )
}

function None({ action }: { action: React.ReactNode }) {
  return (
    <EmptyState icon={<IconBell />} title="Every type is sent with the defaults" actions={action}>
      Add a type of event, such as <code>compliance.violation</code>, to say how often it is tried, when many become one
      summary, or to hold it back for a while.
    </EmptyState>
  )
}
