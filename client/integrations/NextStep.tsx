import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import type { Integration } from '../../shared/integrations.ts'
import { Notice } from '../ui/Notice.tsx'
import { useCan } from '../users/queries.ts'
import { integrationHealthQuery } from './queries.ts'

type Props = { integration: Integration; tab: string; isTesting: boolean }

/** After a test that passed: where messages go, then the first message. Nothing once messages have arrived. */
export function NextStep({ integration, tab, isTesting }: Props) {
  const isAdmin = useCan('admin')
  const canSend = useCan('operator')
  const health = useQuery(integrationHealthQuery)
  const own = health.data?.items.find(({ integrationId }) => integrationId === integration.id)
  if (integration.state !== 'ok' || isTesting || !health.data || own?.lastDeliveredAt) return null
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
