import { useQuery } from '@tanstack/react-query'
import type { ComponentType } from 'react'
import type { RouteDestination } from '../../shared/route-targets.ts'
import { integrationsQuery } from '../integrations/queries.ts'
import { IconHash, IconUser, IconUserQuestion, IconWebhook } from '../ui/icons.ts'
import classes from './targets.module.css'

/** How each kind of destination is drawn and named. */
export const targetKinds: Record<RouteDestination['kind'], { icon: ComponentType; label: string }> = {
  channel: { icon: IconHash, label: 'Channel' },
  person: { icon: IconUser, label: 'Person' },
  webhook: { icon: IconWebhook, label: 'Webhook' },
  recipient: { icon: IconUserQuestion, label: 'The recipient’s own Slack' },
}

/** Its name, without the sign that the icon stands for. */
export const targetName = ({ kind, name }: RouteDestination): string =>
  kind === 'recipient' ? targetKinds.recipient.label : kind === 'channel' ? name.replace(/^#/, '') : name

/** A destination by its sign and name, and, where there are several workspaces, which of them. */
export function TargetLabel({ destination }: { destination: RouteDestination }) {
  const { data: integrations = [] } = useQuery(integrationsQuery)
  const { icon: Icon, label } = targetKinds[destination.kind]
  const integration = integrations.length > 1 && integrations.find(({ id }) => id === destination.integrationId)
  return (
    <span className={classes.label}>
      <span className={classes.sign} title={label} aria-hidden="true">
        <Icon />
      </span>
      <span className={classes.name}>{targetName(destination)}</span>
      {integration && <span className={classes.meta}>{integration.name}</span>}
    </span>
  )
}

/** Where something is sent, one beside the other. */
export function TargetList({ destinations, label }: { destinations: RouteDestination[]; label: string }) {
  return (
    <ul className={classes.list} aria-label={label}>
      {destinations.map((destination) => (
        <li key={`${destination.id} ${destination.integrationId} ${destination.name}`}>
          <TargetLabel destination={destination} />
        </li>
      ))}
    </ul>
  )
}
