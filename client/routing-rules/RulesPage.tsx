import { Button } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import { NotificationTabs } from '../notification-types/NotificationTabs.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { IconPlus, IconRoute } from '../ui/icons.ts'
import { PageFrame } from '../ui/PageFrame.tsx'
import { Section } from '../ui/Section.tsx'
import { ShowMore } from '../ui/ShowMore.tsx'
import { RowsSkeleton } from '../ui/Skeletons.tsx'
import { useCan } from '../users/queries.ts'
import { FallbackSection } from './FallbackSection.tsx'
import { rulesQuery } from './queries.ts'
import { RulesList } from './RulesList.tsx'
import classes from './routing-rules.module.css'

/** Which events go where besides what their types say: rules in the order in which they are tried, and the fallback. */
export function RulesPage() {
  const rules = useInfiniteQuery(rulesQuery)
  const isAdmin = useCan('admin')
  const rows = rules.data?.pages.flatMap(({ items }) => items) ?? []
  const add = isAdmin && (
    <Button component={Link} to="/notifications/rules/new" leftSection={<IconPlus />}>
      Add rule
    </Button>
  )
  return (
    <PageFrame title="Notifications">
      <NotificationTabs />
      <Section
        flush
        title="Routing rules"
        note={rows.length > 0 && 'Tried from the top; each that matches adds its destinations'}
        actions={rows.length > 0 && add}
      >
        {rules.error ? (
          <ErrorNotice banner error={rules.error} what="The rules could not be read" onRetry={rules.refetch} />
        ) : rules.isPending ? (
          <div className={classes.loading}>
            <RowsSkeleton rows={6} />
          </div>
        ) : rows.length > 0 ? (
          <RulesList rules={rows} />
        ) : (
          <None action={add} />
        )}
      </Section>
      <ShowMore list={rules} />
      <FallbackSection />
    </PageFrame>
  )
}

function None({ action }: { action: React.ReactNode }) {
  return (
    <EmptyState icon={<IconRoute />} title="No rules yet" actions={action}>
      A rule sends events that fit a condition, such as <code>severity == 'critical'</code>, to more places than their
      type does. Before you save it you see which of the latest events it would have moved.
    </EmptyState>
  )
}
