import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useSearchParams } from 'react-router'
import { type Destination, DestinationKind } from '../../shared/destinations.ts'
import { type Column, DataTable } from '../ui/DataTable.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { IconHash, IconPlus } from '../ui/icons.ts'
import { RelativeTime } from '../ui/RelativeTime.tsx'
import { Section } from '../ui/Section.tsx'
import { ShowMore } from '../ui/ShowMore.tsx'
import { useCan } from '../users/queries.ts'
import { AddDestination } from './AddDestination.tsx'
import { DestinationActions } from './DestinationActions.tsx'
import { DestinationName } from './DestinationName.tsx'
import { DestinationStanding } from './DestinationStanding.tsx'
import { destinationsQuery } from './queries.ts'
import { TestSendDialog } from './TestSendDialog.tsx'

type Props = { integrationId: string; appId: string }

/** Where the messages of one integration may go, each with a way to try it. */
export function DestinationsTab({ integrationId, appId }: Props) {
  const destinations = useInfiniteQuery(destinationsQuery(integrationId))
  const isAdmin = useCan('admin')
  const [params, setParams] = useSearchParams()
  const [trying, setTrying] = useState<Destination>()
  const adding = DestinationKind.safeParse(params.get('add')).data
  const add = (kind: DestinationKind | undefined) =>
    setParams(kind ? { add: kind } : {}, { replace: true, preventScrollReset: true })
  const rows = destinations.data?.pages.flatMap(({ items }) => items) ?? []
  const addButton = isAdmin && (
    <Button leftSection={<IconPlus />} onClick={() => add('channel')}>
      Add destination
    </Button>
  )
  return (
    <Section
      flush
      title="Destinations"
      note={rows.length > 0 && `${rows.length}${destinations.hasNextPage ? ' and more' : ''}`}
      actions={rows.length > 0 && addButton}
    >
      {destinations.error ? (
        <ErrorNotice
          banner
          error={destinations.error}
          what="The destinations could not be read"
          onRetry={destinations.refetch}
        />
      ) : (
        <DataTable
          lineAbove
          label="Destinations"
          columns={columnsFor(setTrying)}
          rows={rows}
          rowKey={({ id }) => id}
          loading={destinations.isPending}
          empty={<Nothing action={addButton} />}
        />
      )}
      <ShowMore list={destinations} />
      {adding && isAdmin && (
        <AddDestination
          integrationId={integrationId}
          appId={appId}
          kind={adding}
          onKind={add}
          onClose={() => add(undefined)}
          onTry={(made) => {
            add(undefined)
            setTrying(made)
          }}
        />
      )}
      {trying && <TestSendDialog destination={trying} onClose={() => setTrying(undefined)} />}
    </Section>
  )
}

function Nothing({ action }: { action: React.ReactNode }) {
  return (
    <EmptyState icon={<IconHash />} title="No destination yet" actions={action}>
      A destination is a channel, a person or an incoming webhook. Add one, then send a test message to it.
    </EmptyState>
  )
}

function columnsFor(onTry: (destination: Destination) => void): Column<Destination>[] {
  return [
    {
      key: 'name',
      head: 'Destination',
      width: '22%',
      lead: true,
      card: 'start',
      cell: (row) => <DestinationName destination={row} />,
    },
    { key: 'target', head: 'In Slack', width: '190px', cell: (row) => <code>{row.target}</code> },
    {
      key: 'state',
      head: 'State',
      width: '26%',
      cell: (row) => <DestinationStanding destination={row} />,
    },
    { key: 'owner', head: 'Owner', width: '10%', cell: (row) => row.owner ?? '' },
    {
      key: 'last',
      head: 'Last delivered',
      width: '116px',
      nowrap: true,
      cell: (row) => (row.lastDeliveredAt ? <RelativeTime at={row.lastDeliveredAt} /> : 'Never'),
    },
    {
      key: 'actions',
      head: 'Actions',
      width: '1px',
      align: 'end',
      card: 'plain',
      nowrap: true,
      cell: (row) => <DestinationActions destination={row} onTry={() => onTry(row)} />,
    },
  ]
}
