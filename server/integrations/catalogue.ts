import type { CatalogueEntry } from '../../shared/integrations.ts'

/** What can be connected, and what honestly cannot yet. */
export const catalogue: CatalogueEntry[] = [
  {
    kind: 'slack',
    name: 'Slack',
    description: 'Messages to channels and people, incoming webhooks, slash commands and buttons.',
    built: true,
  },
  { kind: 'teams', name: 'Microsoft Teams', description: 'Messages to channels and chats.', built: false },
  { kind: 'discord', name: 'Discord', description: 'Messages to channels of a server.', built: false },
  { kind: 'email', name: 'E-mail', description: 'Messages to mailboxes, through a mail server.', built: false },
  { kind: 'webhook', name: 'Webhook', description: 'Signed JSON to any address.', built: false },
]
