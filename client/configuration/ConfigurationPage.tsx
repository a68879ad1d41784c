import { NotificationTabs } from '../notification-types/NotificationTabs.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { IconLock } from '../ui/icons.ts'
import { PageFrame } from '../ui/PageFrame.tsx'
import { Section } from '../ui/Section.tsx'
import { useCan } from '../users/queries.ts'
import { ApplySection } from './ApplySection.tsx'
import { HistorySection } from './HistorySection.tsx'

/** Everything that is set, as a file, both ways: exported, planned, applied, and what was applied before. */
export function ConfigurationPage() {
  const isAdmin = useCan('admin')
  return (
    <PageFrame title="Notifications">
      <NotificationTabs />
      {isAdmin ? (
        <>
          <ApplySection />
          <HistorySection />
        </>
      ) : (
        <Section label="Configuration">
          <EmptyState icon={<IconLock />} title="Configuration files are for admins">
            A file sets everything at once, so only an admin may read or apply one. What is set now you can see on the
            other pages.
          </EmptyState>
        </Section>
      )}
    </PageFrame>
  )
}
