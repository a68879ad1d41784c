import { VisuallyHidden } from '@mantine/core'
import type { ComponentType } from 'react'
import type { Destination, DestinationKind } from '../../shared/destinations.ts'
import { IconHash, IconLock, IconUser, IconWebhook } from '../ui/icons.ts'
import classes from './destinations.module.css'

export const kindNames: Readonly<Record<DestinationKind, string>> = {
  channel: 'Channel',
  person: 'Person',
  webhook: 'Webhook',
}

const ICONS: Record<DestinationKind, ComponentType> = { channel: IconHash, person: IconUser, webhook: IconWebhook }

/** What a destination is and what it is called; its note below. */
export function DestinationName({ destination }: { destination: Destination }) {
  const { kind, name, isPrivate, note } = destination
  const Icon = isPrivate ? IconLock : ICONS[kind]
  return (
    <span className={classes.name}>
      <span className={classes.kind} title={isPrivate ? 'Private channel' : kindNames[kind]}>
        <Icon />
        <VisuallyHidden>{isPrivate ? 'Private channel' : kindNames[kind]}: </VisuallyHidden>
      </span>
      <span className={classes.nameText}>
        {kind === 'channel' ? name.replace(/^#/, '') : name}
        {note && <span className={classes.meta}>{note}</span>}
      </span>
    </span>
  )
}
