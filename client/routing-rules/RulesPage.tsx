import { useInfiniteQuery } from '@tanstack/react-query'
import { NotificationList } from '../notification-types/NotificationList.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { IconRoute } from '../ui/icons.ts'
import { RowsSkeleton } from '../ui/Skeletons.tsx'
import { FallbackSection } from './FallbackSection.tsx'
import { rulesQuery } from './queries.ts'
import { RulesList } from './RulesList.tsx'
import classes from './routing-rules.module.css'

/** Which events go where besides what their types say: rules in the order in which they are tried, and the fallback. */
export function RulesPage() {
  const rules = useInfiniteQuery(rulesQuery)
  const rows = rules.data?.pages.flatMap(({ items }) => items) ?? []
  return (
    <NotificationList
      title="Routing rules"
      note="Tried from the top; each that matches adds its destinations"
      add={{ label: 'Add rule', to: '/notifications/rules/new' }}
      isEmpty={rows.length === 0}
      list={rules}
      below={<FallbackSection />}
    >
      {(add) =>
        rules.error ? (
          <ErrorNotice banner error={rules.error} what="The rules could not be read" onRetry={rules.refetch} />
        ) : rules.isPending ? (
          <div className={classes.loading}>
            <RowsSkeleton rows={6} />
          </div>
        ) : rows.length > 0 ? (
          <RulesList rules={rows} />
        ) : (
          <None action={add} />
        )
      }
    </NotificationList>
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
