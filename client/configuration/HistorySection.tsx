import { useInfiniteQuery } from '@tanstack/react-query'
import type { ChangeSet } from '../../shared/configuration.ts'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { IconHistory } from '../ui/icons.ts'
import { RelativeTime } from '../ui/RelativeTime.tsx'
import { Section } from '../ui/Section.tsx'
import { ShowMore } from '../ui/ShowMore.tsx'
import { RowsSkeleton } from '../ui/Skeletons.tsx'
import { ChangeList } from './ChangeList.tsx'
import { countWords, formatWords } from './change-words.ts'
import classes from './configuration.module.css'
import { changeSetsQuery } from './queries.ts'

/** What was applied, by whom, and what it changed. */
export function HistorySection() {
  const sets = useInfiniteQuery(changeSetsQuery)
  const rows = sets.data?.pages.flatMap(({ items }) => items) ?? []
  return (
    <Section title="History" note={rows.length > 0 && 'Files that were applied, newest first'}>
      {sets.error ? (
        <ErrorNotice error={sets.error} what="The history could not be read" onRetry={sets.refetch} />
      ) : sets.isPending ? (
        <RowsSkeleton rows={3} />
      ) : rows.length === 0 ? (
        <EmptyState icon={<IconHistory />} title="No file was applied yet">
          Export what is set now, change it, and apply it here or with <code>npx switchboard apply</code>. What a file
          changes is kept here with its difference.
        </EmptyState>
      ) : (
        <ul className={classes.history} aria-label="Applied files">
          {rows.map((set) => (
            <li key={set.id}>
              <Applied set={set} />
            </li>
          ))}
        </ul>
      )}
      <ShowMore list={sets} />
    </Section>
  )
}

function Applied({ set }: { set: ChangeSet }) {
  return (
    <details className={classes.applied}>
      <summary>
        <span className={classes.name}>{set.file}</span>
        <span className={classes.meta}>{countWords({ ...set.counts, unchanged: 0, left: 0 })}</span>
        <span className={classes.meta}>
          by {set.by}, <RelativeTime at={set.at} />
        </span>
      </summary>
      <p className={classes.meta}>
        {formatWords[set.format]}, <code>{set.id}</code>
      </p>
      <ChangeList label={`Changes of ${set.id}`} changes={set.changes} />
    </details>
  )
}
