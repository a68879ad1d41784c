import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import type { ConnectionTest } from '../../shared/connection-tests.ts'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { IconChevronRight } from '../ui/icons.ts'
import { RelativeTime } from '../ui/RelativeTime.tsx'
import { Section } from '../ui/Section.tsx'
import { RowsSkeleton } from '../ui/Skeletons.tsx'
import { StatePill } from '../ui/StatePill.tsx'
import { testsQuery } from './queries.ts'
import classes from './runs.module.css'
import { outcomeOfTest } from './test-words.ts'

/** Every run that was kept, newest first, with what changed since the last one that passed. */
export function RunsSection({ integrationId, openRunId }: { integrationId: string; openRunId: string | null }) {
  const tests = useInfiniteQuery(testsQuery(integrationId))
  const runs = tests.data?.pages.flatMap(({ items }) => items) ?? []
  const total = runs[0]?.number
  return (
    <Section
      title="Runs"
      note="with what changed since the last one that passed"
      actions={<More tests={tests} total={total} />}
    >
      {tests.isPending && <RowsSkeleton rows={3} />}
      {tests.error && <ErrorNotice error={tests.error} what="The runs could not be read" onRetry={tests.refetch} />}
      {tests.data && runs.length === 0 && <p className={classes.none}>No run yet. Each one is kept here.</p>}
      <ul className={classes.runs}>
        {runs.map((run) => (
          <li key={run.id} className={classes.run} data-open={run.id === openRunId || undefined}>
            <RunRow run={run} to={`/integrations/${integrationId}/connection?run=${run.id}`} />
          </li>
        ))}
      </ul>
    </Section>
  )
}

type MoreProps = {
  tests: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown }
  total: number | undefined
}

function More({ tests, total }: MoreProps) {
  if (!tests.hasNextPage) return null
  return (
    <Button
      variant="subtle"
      px={6}
      mr={-6}
      h={28}
      loading={tests.isFetchingNextPage}
      onClick={() => tests.fetchNextPage()}
    >
      {total && total <= 55 ? `All ${total} runs` : 'Show more runs'}
    </Button>
  )
}

function RunRow({ run, to }: { run: ConnectionTest; to: string }) {
  const { tone, shape, words } = outcomeOfTest(run)
  return (
    <>
      <span className={classes.number}>{run.number}</span>
      <span className={classes.when}>
        <RelativeTime at={run.startedAt} />
      </span>
      <StatePill tone={tone} shape={shape}>
        {words}
      </StatePill>
      <span className={classes.changes}>{run.changes.length ? run.changes.join(' ') : `by ${run.by}`}</span>
      <Link to={to} preventScrollReset className={classes.link} aria-label={`Run ${run.number}: ${words}`}>
        <IconChevronRight />
      </Link>
    </>
  )
}
