import { Button } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useSearchParams } from 'react-router'
import type { PlatformCall } from '../../shared/platform.ts'
import { formatDuration } from '../lib/format.ts'
import { type Column, DataTable } from '../ui/DataTable.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { RelativeTime } from '../ui/RelativeTime.tsx'
import { Section } from '../ui/Section.tsx'
import { ShowMore } from '../ui/ShowMore.tsx'
import { CallDialog } from './CallDialog.tsx'
import { CallStatePill } from './CallStatePill.tsx'
import { callWords } from './call-words.ts'
import classes from './platform.module.css'
import { platformCallQuery, platformCallsQuery } from './queries.ts'

/** What the platform was asked and told, newest first; the open one is in the address. Nothing is shown before there is an endpoint or a call. */
export function CallsSection({ integrationId, isSet }: { integrationId: string; isSet: boolean }) {
  const calls = useInfiniteQuery(platformCallsQuery(integrationId))
  const [params, setParams] = useSearchParams()
  const shown = params.get('call')
  const setShown = (id?: string) => setParams(id ? { call: id } : {}, { preventScrollReset: true })
  const rows = calls.data?.pages.flatMap(({ items }) => items) ?? []
  const listed = rows.find(({ id }) => id === shown)
  const other = useQuery({
    ...platformCallQuery(integrationId, shown ?? ''),
    enabled: shown !== null && calls.data !== undefined && !listed,
  })
  const open = listed ?? other.data
  if (!isSet && rows.length === 0 && shown === null) return null
  return (
    <Section title="Calls" note="kept for 30 days" flush>
      {calls.error ? (
        <ErrorNotice banner error={calls.error} what="The calls could not be read" onRetry={calls.refetch} />
      ) : (
        <DataTable
          lineAbove
          label="Calls"
          columns={columnsFor(setShown)}
          rows={rows}
          rowKey={({ id }) => id}
          loading={calls.isPending}
          empty={<EmptyState title="Nothing was asked yet">Send a signed ping to see the first call here.</EmptyState>}
        />
      )}
      <ShowMore list={calls} />
      {shown !== null && other.error && (
        <ErrorNotice banner error={other.error} what={`The call ${shown} could not be read`} />
      )}
      {open && <CallDialog call={open} onClose={() => setShown()} />}
    </Section>
  )
}

function columnsFor(onShow: (id: string) => void): Column<PlatformCall>[] {
  return [
    { key: 'kind', head: 'Call', lead: true, card: 'start', cell: ({ kind }) => <CallName kind={kind} /> },
    { key: 'state', head: 'State', width: '18%', card: 'end', cell: ({ state }) => <CallStatePill state={state} /> },
    { key: 'why', head: 'Outcome', width: '30%', cell: whatHappened },
    { key: 'took', head: 'Took', width: '88px', align: 'end', nowrap: true, cell: tookOf },
    {
      key: 'when',
      head: 'When',
      width: '120px',
      nowrap: true,
      cell: ({ createdAt }) => <RelativeTime at={createdAt} />,
    },
    {
      key: 'actions',
      head: 'Details',
      width: '1px',
      align: 'end',
      card: 'plain',
      nowrap: true,
      cell: ({ id, kind }) => (
        <Button variant="default" size="xs" aria-label={`Show ${callWords(kind)} ${id}`} onClick={() => onShow(id)}>
          Show
        </Button>
      ),
    },
  ]
}

/** In words, with the name that stands in the request. */
function CallName({ kind }: { kind: string }) {
  const words = callWords(kind)
  return (
    <span className={classes.call}>
      {words}
      {words !== kind && <code>{kind}</code>}
    </span>
  )
}

function whatHappened({ attempts, meaning, state }: PlatformCall): string {
  const last = attempts.at(-1)
  if (meaning) return meaning
  if (state === 'delivered' && last?.httpStatus) return `Answered ${last.httpStatus}`
  return ''
}

function tookOf({ attempts }: PlatformCall): string {
  const last = attempts.at(-1)
  return last ? formatDuration(last.tookMs) : '–'
}
