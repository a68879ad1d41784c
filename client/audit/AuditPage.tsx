import { Button, Group } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useSearchParams } from 'react-router'
import type { AuditEntry } from '../../shared/audit.ts'
import { type Filters, formatFilters, parseFilters } from '../lib/filters.ts'
import { plural } from '../lib/format.ts'
import { CopyButton } from '../ui/CopyButton.tsx'
import { type Column, DataTable } from '../ui/DataTable.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { FilterChips } from '../ui/FilterChips.tsx'
import { IconHistory, IconShieldLock } from '../ui/icons.ts'
import { Notice } from '../ui/Notice.tsx'
import { PageFrame } from '../ui/PageFrame.tsx'
import { RelativeTime } from '../ui/RelativeTime.tsx'
import { Section } from '../ui/Section.tsx'
import classes from './audit.module.css'
import { actionWords, detailWords } from './detail-words.ts'
import { auditQuery, useCheckTrail } from './queries.ts'

const KINDS = ['integration', 'destination', 'delivery', 'user', 'profile', 'api_key', 'setup']
const FIELDS = [
  { key: 'action', values: KINDS, hint: 'what was done' },
  { key: 'subject', hint: 'the id of what was changed' },
  { key: 'actor', hint: 'the id of who did it' },
]

/** Who changed what and when, and whether that record is whole. */
export function AuditPage() {
  const [filters, setFilters] = useFilters()
  const chip = (key: string) => filters.chips.findLast((each) => each.key === key)?.value
  const entries = useInfiniteQuery(
    auditQuery({
      action: chip('action') ?? (filters.text || undefined),
      subject: chip('subject'),
      actor: chip('actor'),
    }),
  )
  const check = useCheckTrail()
  const rows = entries.data?.pages.flatMap(({ items }) => items) ?? []
  return (
    <PageFrame
      title="Audit"
      actions={
        <Button
          variant="default"
          leftSection={<IconShieldLock />}
          loading={check.isPending}
          onClick={() => check.mutate()}
        >
          Check the trail
        </Button>
      }
    >
      <CheckResult check={check} />
      <Section label="Filter">
        <FilterChips
          label="Filter the audit trail"
          fields={FIELDS}
          value={filters}
          onChange={setFilters}
          placeholder="Filter by action, such as user.changed"
        />
      </Section>
      <Section flush label="Entries">
        {entries.error ? (
          <ErrorNotice error={entries.error} what="The trail could not be read" onRetry={entries.refetch} banner />
        ) : (
          <DataTable
            label="Audit trail"
            columns={COLUMNS}
            rows={rows}
            rowKey={(entry) => entry.id}
            loading={entries.isPending}
            empty={
              <EmptyState icon={<IconHistory />} title="No entry fits">
                Take a filter away to see more. Nothing is ever taken out of the trail.
              </EmptyState>
            }
          />
        )}
        {entries.hasNextPage && (
          <Group justify="center" p="md">
            <Button variant="default" loading={entries.isFetchingNextPage} onClick={() => entries.fetchNextPage()}>
              Show older entries
            </Button>
          </Group>
        )}
      </Section>
    </PageFrame>
  )
}

function CheckResult({ check }: { check: ReturnType<typeof useCheckTrail> }) {
  if (check.error) return <ErrorNotice error={check.error} what="The trail was not checked" banner />
  if (!check.data) return null
  const { state, entries, head, problem } = check.data
  if (state === 'broken') {
    return (
      <Notice tone="bad" title="The trail was changed outside Switchboard" banner>
        <p>
          {problem} What stands before it is as it was written. Compare the database with a backup, and find out who can
          write to it.
        </p>
      </Notice>
    )
  }
  return (
    <Notice
      tone="ok"
      title={`The trail is whole: ${plural(entries, 'entry', 'entries')}, each as it was written`}
      banner
    >
      <p>
        Keep the hash of the last one elsewhere to notice a trail that was cut short: <code>{head.slice(0, 16)}…</code>{' '}
        <CopyButton value={head} label="Copy hash" inline />
      </p>
    </Notice>
  )
}

const COLUMNS: Column<AuditEntry>[] = [
  { key: 'at', head: 'When', width: '110px', card: 'end', cell: (entry) => <RelativeTime at={entry.at} /> },
  { key: 'who', head: 'Who', width: '150px', cell: (entry) => whoWords(entry.actor) },
  {
    key: 'action',
    head: 'What',
    width: '200px',
    lead: true,
    card: 'start',
    cell: (entry) => actionWords(entry.action),
  },
  {
    key: 'subject',
    head: 'About',
    width: '260px',
    cell: (entry) => <span className={classes.subject}>{entry.subject.name}</span>,
  },
  {
    key: 'detail',
    head: 'Detail',
    card: 'plain',
    cell: (entry) => <span className={classes.detail}>{detailWords(entry.detail)}</span>,
  },
]

function whoWords({ kind, name }: AuditEntry['actor']): string {
  return kind === 'api_key' ? `${name} (API key)` : kind === 'slack' ? `${name} (in Slack)` : name
}

/** The filters stand in the address as one line, so that a view can be shared. */
function useFilters(): [Filters, (filters: Filters) => void] {
  const [params, setParams] = useSearchParams()
  const keys = FIELDS.map(({ key }) => key)
  const filters = parseFilters(params.get('q') ?? '', keys)
  const change = (next: Filters) => {
    const q = formatFilters(next)
    setParams(q ? { q } : {}, { replace: true })
  }
  return [filters, change]
}
