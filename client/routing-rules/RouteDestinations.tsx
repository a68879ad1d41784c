import { useQuery } from '@tanstack/react-query'
import type { ComponentType } from 'react'
import type { RouteDestination } from '../../shared/route-targets.ts'
import { integrationsQuery } from '../integrations/queries.ts'
import { IconBell, IconHash, IconUser, IconWebhook } from '../ui/icons.ts'
import classes from './routing-rules.module.css'

export const DESTINATION_ICONS: Record<RouteDestination['kind'], ComponentType> = {
  channel: IconHash,
  person: IconUser,
  webhook: IconWebhook,
  recipient: IconBell,
}

/** Where something is sent, each with its kind; the integration is named where there are several. */
export function RouteDestinations({ destinations, label }: { destinations: RouteDestination[]; label: string }) {
  const { data: integrations = [] } = useQuery(integrationsQuery)
  return (
    <ul className={classes.targets} aria-label={label}>
      {destinations.map((destination) => (
        <li key={`${destination.id} ${destination.integrationId} ${destination.name}`} className={classes.target}>
          <DestinationLabel destination={destination} />
          {integrations.length > 1 && (
            <span className={classes.meta}>
              {integrations.find(({ id }) => id === destination.integrationId)?.name}
            </span>
          )}
        </li>
      ))}
    </ul>
  )
}

/** One of them by sign and name. */
export function DestinationLabel({ destination: { kind, name } }: { destination: RouteDestination }) {
  const Icon = DESTINATION_ICONS[kind]
  return (
    <>
      <span className={classes.sign} aria-hidden="true">
        <Icon />
      </span>
      <span className={classes.targetName}>
        {kind === 'recipient' ? 'The recipient’s own Slack' : name.replace(/^#/, '')}
      </span>
    </>
  )
}
