import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from 'react-router'
import type { Integration } from '../../shared/integrations.ts'
import type { NotificationType } from '../../shared/notification-types.ts'
import { integrationsQuery } from '../integrations/queries.ts'
import { withQuery } from '../lib/api.ts'
import { WhatIfSection } from '../routing-rules/WhatIfSection.tsx'
import { ErrorNotice } from '../ui/ErrorNotice.tsx'
import { LeaveGuard } from '../ui/LeaveGuard.tsx'
import { Notice } from '../ui/Notice.tsx'
import { PageFrame } from '../ui/PageFrame.tsx'
import { RelativeTime } from '../ui/RelativeTime.tsx'
import { Columns, PageHead, Section } from '../ui/Section.tsx'
import { SectionSkeleton } from '../ui/Skeletons.tsx'
import { useCan } from '../users/queries.ts'
import { HeldLink } from './HeldLink.tsx'
import classes from './notification-types.module.css'
import { PauseType } from './PauseType.tsx'
import { eventTypesQuery, notificationTypeQuery } from './queries.ts'
import { TestEvent } from './TestEvent.tsx'
import { TypeForm, TypeFormDock, useTypeForm } from './TypeForm.tsx'
import { TypeState } from './TypeState.tsx'
import { UNDER_WAY } from './under-way.ts'

const CRUMBS = [{ label: 'Notifications', to: '/notifications' }]

/** One type of event: where its messages go, what they look like, who is called, and a way to try it. */
export function NotificationTypePage() {
  const { type = '' } = useParams()
  const found = useQuery(notificationTypeQuery(type))
  const integrations = useQuery(integrationsQuery)
  if (found.data && integrations.data) {
    return <Loaded key={type} type={found.data} integrations={integrations.data} />
  }
  const error = found.error ?? integrations.error
  const refetch = () => Promise.all([found.refetch(), integrations.refetch()])
  return (
    <PageFrame title={type} breadcrumbs={CRUMBS}>
      {error ? (
        <ErrorNotice banner error={error} what="This type could not be read" onRetry={refetch} />
      ) : (
        <>
          <SectionSkeleton height={72} />
          <SectionSkeleton height={240} />
        </>
      )}
    </PageFrame>
  )
}

function Loaded({ type, integrations }: { type: NotificationType; integrations: Integration[] }) {
  const form = useTypeForm(type)
  const seen = useQuery(eventTypesQuery)
  const mayMute = useCan('operator')
  const isAdmin = useCan('admin')
  const lastAt = seen.data?.items.find((each) => each.type === type.type)?.lastAt
  return (
    <PageFrame title={type.type} breadcrumbs={CRUMBS}>
      <PageHead
        title={<span className={classes.type}>{type.type}</span>}
        state={<TypeState type={type} />}
        meta={
          seen.data &&
          (lastAt ? (
            <>
              Last event <RelativeTime at={lastAt} />
            </>
          ) : (
            'No event of this type has come yet'
          ))
        }
        actions={<PauseType type={type} size="sm" />}
      />
      {type.underWay && <Notice tone="info" title={UNDER_WAY[type.underWay]} banner />}
      <Columns widths="minmax(0, 1fr) 360px" fill>
        <TypeForm form={form} integrations={integrations} />
        <aside aria-label="Try it, and what else concerns it">
          <Section title="Try it">
            <TestEvent type={type.type} />
          </Section>
          {isAdmin && (
            <WhatIfSection
              draft={form.isChanged ? { type: { name: type.type, change: form.wish } } : undefined}
              waiting="Change something, and the latest events are decided with it: you see which of them would have gone elsewhere. Nothing is sent."
            />
          )}
          <Section title="See also">
            <ul className={classes.links}>
              <li>
                <Link to={withQuery('/deliveries', { type: type.type })}>Deliveries of this type</Link>
              </li>
              <li>
                <Link to="/notifications/quiet-hours">Quiet hours and mutes</Link>
              </li>
              <li>
                <Link to="/notifications/schedules">Schedules</Link>
              </li>
              {mayMute && (
                <li>
                  <Link to={withQuery('/notifications/quiet-hours', { mute: 'type', type: type.type })}>
                    Mute this type for a while
                  </Link>
                </li>
              )}
              {type.template !== null && (
                <li>
                  <Link to={`/notifications/templates/${encodeURIComponent(type.template)}`}>
                    Template {type.template}
                  </Link>
                </li>
              )}
              {type.paused && (
                <li>
                  <HeldLink type={type} />
                </li>
              )}
            </ul>
          </Section>
        </aside>
      </Columns>
      <LeaveGuard when={form.isChanged} what="notification type" />
      <TypeFormDock form={form} />
    </PageFrame>
  )
}
