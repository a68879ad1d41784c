import type { Role } from '../../shared/users.ts'

/** What a role is called and what it lets a person do. */
export const roleWords: Record<Role, { name: string; can: string }> = {
  viewer: { name: 'Viewer', can: 'Looks at everything but secrets; changes nothing.' },
  operator: { name: 'Operator', can: 'Also runs connection tests, sends test messages and replays deliveries.' },
  admin: { name: 'Admin', can: 'Also sets up integrations, people and API keys, and reads the audit trail.' },
}
