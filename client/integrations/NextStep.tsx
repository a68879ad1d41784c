import { Button } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import type { Integration } from '../../shared/integrations.ts'
import { eventTypesQuery, notificationTypesQuery } from '../notification-types/queries.ts'
import { Notice } from '../ui/Notice.tsx'
import { useCan } from '../users/queries.ts'
import { integrationHealthQuery } from './queries.ts'

type Props = { integration: Integration; tab: string; isTesting: boolean }

/** After a test that passed: where messages go, the first message, then which events are sent. Nothing once some came. */
export function NextStep({ integration, tab, isTesting }: Props) {
  const isAdmin = useCan('admin')
  const canSend = useCan('operator')
  const health = useQuery(integrationHealthQuery)
  const own = health.data?.items.find(({ integrationId }) => integrationId === integration.id)
  if (integration.state !== 'ok' || isTesting || !health.data) return null
  if (own?.lastDeliveredAt) return isAdmin ? <FirstNotification /> : null
  const destinations = `/integrations/${integration.id}/destinations`
  if (integration.destinations === 0) {
    if (!isAdmin) return null
    return (
      <Notice
        banner
        tone="ok"
        title="Slack is connected"
        actions={
          <Button component={Link} to={`${destinations}?add=channel`} variant="default" size="xs">
            Add a channel
          </Button>
        }
      >
        Next, choose where messages go.
      </Notice>
    )
  }
  if (!canSend || tab === 'destinations') return null
  return (
    <Notice
      banner
      tone="ok"
      title="Ready for the first message"
      actions={
        <Button component={Link} to={destinations} variant="default" size="xs">
          Send a test message
        </Button>
      }
    >
      Send one to a destination and see it arrive in Slack.
    </Notice>
  )
}

/** Messages arrive, and nothing says yet which events make some. */
function FirstNotification() {
  const types = useInfiniteQuery(notificationTypesQuery)
  const seen = useQuery(eventTypesQuery)
  const isNothingSet = types.data?.pages[0]?.items.length === 0 && seen.data?.items.length === 0
  if (!isNothingSet) return null
  return (
    <Notice
      banner
      tone="ok"
      title="Messages arrive"
      actions={
        <Button component={Link} to="/notifications/new" variant="default" size="xs">
          Add notification type
        </Button>
      }
    >
      Next, say which events of your platform go to which channel.
    </Notice>
  )
}
