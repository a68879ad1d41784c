import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import type { Replay } from '../../shared/replays.ts'
import { logTabs } from '../deliveries/log-tabs.ts'
import { formatCount, formatPercent, plural } from '../lib/format.ts'
import { type Column, DataTable } from '../ui/DataTable.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { IconRefresh } from '../ui/icons.ts'
import { PageFrame } from '../ui/PageFrame.tsx'
import { RelativeTime } from '../ui/RelativeTime.tsx'
import { Section } from '../ui/Section.tsx'
import { ShowMore } from '../ui/ShowMore.tsx'
import { PageTabs } from '../ui/Tabs.tsx'
import { useCan } from '../users/queries.ts'
import { replaysQuery } from './queries.ts'
import { ReplayDialog } from './ReplayDialog.tsx'
import { ReplayStatePill } from './ReplayStatePill.tsx'
import { shareDone } from './replay-states.ts'
import classes from './replays.module.css'

/** What ended without arriving; what was replayed since is left out by the dialog's own choice. */
const WHAT_FAILED = { filter: { state: 'failed' } }

/** Every time that many deliveries were sent again, and how that goes. */
export function ReplaysPage() {
  const replays = useInfiniteQuery(replaysQuery)
  const mayReplay = useCan('operator')
  const [isAsking, setAsking] = useState(false)
  const replay = (
    <Button leftSection={<IconRefresh />} onClick={() => setAsking(true)}>
      Replay what failed
    </Button>
  )
  const rows = replays.data?.pages.flatMap(({ items }) => items) ?? []
  return (
    <PageFrame title="Replays" actions={mayReplay && rows.length > 0 && replay}>
      <PageTabs label="Deliveries" tabs={logTabs} />
      {replays.error && (
        <ErrorNotice
          banner
          error={replays.error}
          what={replays.data ? 'This list is no longer current' : 'The replays could not be read'}
          onRetry={replays.refetch}
        />
      )}
      {(replays.data || replays.isPending) && (
        <Section flush label="Replays">
          <DataTable
            label="Replays"
            columns={columns}
            rows={rows}
            rowKey={({ id }) => id}
            to={({ id }) => `/replays/${id}`}
            loading={replays.isPending}
            empty={<None actions={mayReplay ? replay : undefined} />}
          />
        </Section>
      )}
      <ShowMore list={replays} />
      <ReplayDialog which={WHAT_FAILED} opened={isAsking} onClose={() => setAsking(false)} />
    </PageFrame>
  )
}

function None({ actions }: { actions: ReactNode }) {
  return (
    <EmptyState icon={<IconRefresh />} title="Nothing was replayed yet" actions={actions}>
      After an outage, filter the log to what did not arrive and press Replay: it is counted first, and sent at a pace
      you choose.
    </EmptyState>
  )
}

const columns: Column<Replay>[] = [
  {
    key: 'state',
    head: 'State',
    width: '132px',
    card: 'start',
    cell: ({ state }) => <ReplayStatePill state={state} />,
  },
  {
    key: 'when',
    head: 'When',
    width: '108px',
    card: 'end',
    nowrap: true,
    cell: ({ createdAt }) => <RelativeTime at={createdAt} />,
  },
  {
    key: 'what',
    head: 'What',
    lead: true,
    cell: ({ total, createdBy }) => (
      <span className={classes.row}>
        {plural(total, 'delivery', 'deliveries')}
        <span className={classes.meta}>by {createdBy}</span>
      </span>
    ),
  },
  { key: 'done', head: 'Done', align: 'end', cell: (row) => formatPercent(shareDone(row), 0) },
  { key: 'delivered', head: 'Delivered', align: 'end', cell: ({ outcomes }) => formatCount(outcomes.delivered) },
  { key: 'failed', head: 'Failed', align: 'end', cell: ({ outcomes }) => formatCount(outcomes.failed) },
  {
    key: 'waiting',
    head: 'Waiting',
    align: 'end',
    card: 'hide',
    cell: ({ outcomes }) => formatCount(outcomes.waiting),
  },
  { key: 'skipped', head: 'Left out', align: 'end', card: 'hide', cell: ({ skipped }) => formatCount(skipped) },
]
