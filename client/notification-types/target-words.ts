import type { ComponentType } from 'react'
import type { RouteDestination } from '../../shared/route-targets.ts'
import { IconHash, IconUser, IconUsers, IconWebhook } from '../ui/icons.ts'

/** How each kind of destination is drawn and named. */
export const targetKinds: Record<RouteDestination['kind'], { icon: ComponentType; label: string }> = {
  channel: { icon: IconHash, label: 'Channel' },
  person: { icon: IconUser, label: 'Person' },
  webhook: { icon: IconWebhook, label: 'Webhook' },
  recipient: { icon: IconUsers, label: 'The recipient’s own Slack' },
}

/** Its name, without the sign that the icon stands for. */
export const targetName = ({ kind, name }: RouteDestination): string =>
  kind === 'recipient' ? targetKinds.recipient.label : kind === 'channel' ? name.replace(/^#/, '') : name
