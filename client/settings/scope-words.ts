import type { Scope } from '../../shared/users.ts'

/** What a key with this scope may do. */
export const scopeWords: Record<Scope, string> = {
  'events:write': 'Hand over events',
  'messages:write': 'Send a message straight to a destination',
  'deliveries:read': 'Read deliveries, attempts and commands',
  'deliveries:write': 'Send test messages, replay and cancel deliveries',
  'config:read': 'Read integrations and destinations, never their secrets',
  'config:write': 'Change integrations and destinations, run connection tests',
  'metrics:read': 'Read the figures, and scrape /metrics',
  'audit:read': 'Read the audit trail',
}
