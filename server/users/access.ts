import { type Role, roles, type Scope } from '../../shared/users.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** Who may ask a route: anyone, or a person of this role and, when a scope is named, a key that has it. */
export type Access = { open: true } | { role: Role; scope: Scope | null }
export type AccessRow = { method: Method; path: string } & Access

const OPEN = { open: true } as const
const ANYONE_SIGNED_IN = { role: 'viewer', scope: null } as const
const READ_CONFIG = { role: 'viewer', scope: 'config:read' } as const
const READ_ALL_CONFIG = { role: 'admin', scope: 'config:read' } as const
const WRITE_CONFIG = { role: 'admin', scope: 'config:write' } as const
const TEST_CONFIG = { role: 'operator', scope: 'config:write' } as const
const READ_DELIVERIES = { role: 'viewer', scope: 'deliveries:read' } as const
const WRITE_DELIVERIES = { role: 'operator', scope: 'deliveries:write' } as const
const SEND_EVENTS = { role: 'operator', scope: 'events:write' } as const
const SEND_MESSAGES = { role: 'operator', scope: 'messages:write' } as const
const READ_METRICS = { role: 'viewer', scope: 'metrics:read' } as const
const READ_AUDIT = { role: 'admin', scope: 'audit:read' } as const
/** Accounts and keys: a key must never make another one, nor an account. */
const ADMIN_IN_PERSON = { role: 'admin', scope: null } as const

/** Every route there is. One that has no row here is answered as if it did not exist. */
export const accessTable: AccessRow[] = [
  { method: 'GET', path: '/healthz', ...OPEN },
  { method: 'GET', path: '/readyz', ...OPEN },
  { method: 'GET', path: '/metrics', ...READ_METRICS },
  { method: 'GET', path: '/api/openapi.json', ...OPEN },
  { method: 'GET', path: '/api/docs', ...OPEN },
  { method: 'GET', path: '/api/docs/{file}', ...OPEN },

  { method: 'GET', path: '/api/setup', ...OPEN },
  { method: 'POST', path: '/api/setup', ...OPEN },
  { method: 'POST', path: '/api/auth/sign-in/email', ...OPEN },
  { method: 'POST', path: '/api/auth/sign-out', ...OPEN },
  { method: 'GET', path: '/api/auth/get-session', ...OPEN },

  { method: 'GET', path: '/api/profile', ...ANYONE_SIGNED_IN },
  { method: 'PATCH', path: '/api/profile', ...ANYONE_SIGNED_IN },
  { method: 'GET', path: '/api/users', ...ADMIN_IN_PERSON },
  { method: 'POST', path: '/api/users', ...ADMIN_IN_PERSON },
  { method: 'PATCH', path: '/api/users/{id}', ...ADMIN_IN_PERSON },
  { method: 'GET', path: '/api/api-keys', ...ADMIN_IN_PERSON },
  { method: 'POST', path: '/api/api-keys', ...ADMIN_IN_PERSON },
  { method: 'DELETE', path: '/api/api-keys/{id}', ...ADMIN_IN_PERSON },

  { method: 'GET', path: '/api/audit', ...READ_AUDIT },
  { method: 'GET', path: '/api/audit/check', ...READ_AUDIT },

  { method: 'GET', path: '/api/integrations', ...READ_CONFIG },
  { method: 'POST', path: '/api/integrations', ...WRITE_CONFIG },
  { method: 'GET', path: '/api/integrations/catalogue', ...READ_CONFIG },
  { method: 'GET', path: '/api/integrations/manifest', ...READ_CONFIG },
  { method: 'POST', path: '/api/integrations/test', ...WRITE_CONFIG },
  { method: 'GET', path: '/api/integrations/{id}', ...READ_CONFIG },
  { method: 'PATCH', path: '/api/integrations/{id}', ...WRITE_CONFIG },
  { method: 'DELETE', path: '/api/integrations/{id}', ...WRITE_CONFIG },
  { method: 'GET', path: '/api/integrations/{id}/belongings', ...READ_CONFIG },
  { method: 'POST', path: '/api/integrations/{id}/test', ...TEST_CONFIG },
  { method: 'GET', path: '/api/integrations/{id}/tests', ...READ_CONFIG },
  { method: 'GET', path: '/api/integrations/{id}/tests/{testId}', ...READ_CONFIG },
  { method: 'GET', path: '/api/integrations/{id}/channels', ...READ_CONFIG },
  { method: 'POST', path: '/api/integrations/{id}/channels/refresh', ...TEST_CONFIG },
  // Each look-up asks Slack, for whoever's e-mail address is given.
  { method: 'GET', path: '/api/integrations/{id}/people', ...TEST_CONFIG },

  { method: 'GET', path: '/api/integrations/{id}/platform', ...READ_CONFIG },
  { method: 'PUT', path: '/api/integrations/{id}/platform', ...WRITE_CONFIG },
  { method: 'DELETE', path: '/api/integrations/{id}/platform', ...WRITE_CONFIG },
  { method: 'POST', path: '/api/integrations/{id}/platform/roll-secret', ...WRITE_CONFIG },
  { method: 'POST', path: '/api/integrations/{id}/platform/test', ...TEST_CONFIG },
  { method: 'GET', path: '/api/integrations/{id}/platform/calls', ...READ_DELIVERIES },
  { method: 'GET', path: '/api/integrations/{id}/platform/calls/{callId}', ...READ_DELIVERIES },

  { method: 'GET', path: '/api/destinations', ...READ_CONFIG },
  { method: 'POST', path: '/api/destinations', ...WRITE_CONFIG },
  { method: 'GET', path: '/api/destinations/{id}', ...READ_CONFIG },
  { method: 'PATCH', path: '/api/destinations/{id}', ...WRITE_CONFIG },
  { method: 'DELETE', path: '/api/destinations/{id}', ...WRITE_CONFIG },
  { method: 'POST', path: '/api/destinations/{id}/test', ...WRITE_DELIVERIES },
  { method: 'POST', path: '/api/destinations/{id}/pause', ...WRITE_DELIVERIES },
  { method: 'POST', path: '/api/destinations/{id}/resume', ...WRITE_DELIVERIES },
  { method: 'POST', path: '/api/integrations/{id}/pause', ...WRITE_DELIVERIES },
  { method: 'POST', path: '/api/integrations/{id}/resume', ...WRITE_DELIVERIES },

  { method: 'GET', path: '/api/mentions', ...READ_CONFIG },
  { method: 'GET', path: '/api/mentions/names', ...READ_CONFIG },
  // Tells who has an e-mail address, and may ask Slack for it.
  { method: 'POST', path: '/api/mentions/resolve', ...TEST_CONFIG },
  { method: 'POST', path: '/api/mentions/refresh', ...TEST_CONFIG },

  { method: 'GET', path: '/api/incidents', ...READ_DELIVERIES },
  { method: 'GET', path: '/api/incidents/{id}', ...READ_DELIVERIES },
  { method: 'GET', path: '/api/queue', ...READ_DELIVERIES },
  { method: 'GET', path: '/api/queue/purge', ...READ_DELIVERIES },
  { method: 'POST', path: '/api/queue/purge', ...WRITE_DELIVERIES },

  { method: 'POST', path: '/api/events', ...SEND_EVENTS },
  { method: 'GET', path: '/api/events', ...READ_DELIVERIES },
  { method: 'GET', path: '/api/events/{id}', ...READ_DELIVERIES },
  { method: 'GET', path: '/api/events/{id}/explanation', ...READ_DELIVERIES },
  { method: 'POST', path: '/api/messages', ...SEND_MESSAGES },
  { method: 'PATCH', path: '/api/messages/{id}', ...SEND_MESSAGES },
  { method: 'DELETE', path: '/api/messages/{id}', ...SEND_MESSAGES },

  { method: 'GET', path: '/api/event-types', ...READ_CONFIG },
  { method: 'GET', path: '/api/notification-types', ...READ_CONFIG },
  { method: 'GET', path: '/api/notification-types/{type}', ...READ_CONFIG },
  { method: 'PUT', path: '/api/notification-types/{type}', ...WRITE_CONFIG },
  { method: 'PATCH', path: '/api/notification-types/{type}', ...WRITE_CONFIG },
  { method: 'POST', path: '/api/notification-types/{type}/pause', ...TEST_CONFIG },
  { method: 'POST', path: '/api/notification-types/{type}/resume', ...TEST_CONFIG },

  { method: 'GET', path: '/api/quiet-hours', ...READ_CONFIG },
  { method: 'POST', path: '/api/quiet-hours', ...WRITE_CONFIG },
  { method: 'GET', path: '/api/quiet-hours/{id}', ...READ_CONFIG },
  { method: 'PUT', path: '/api/quiet-hours/{id}', ...WRITE_CONFIG },
  { method: 'DELETE', path: '/api/quiet-hours/{id}', ...WRITE_CONFIG },
  { method: 'GET', path: '/api/mutes', ...READ_CONFIG },
  { method: 'POST', path: '/api/mutes', ...TEST_CONFIG },
  { method: 'POST', path: '/api/mutes/{id}/end', ...TEST_CONFIG },
  { method: 'GET', path: '/api/routing-rules', ...READ_CONFIG },
  { method: 'POST', path: '/api/routing-rules', ...WRITE_CONFIG },
  { method: 'GET', path: '/api/routing-rules/{id}', ...READ_CONFIG },
  { method: 'PATCH', path: '/api/routing-rules/{id}', ...WRITE_CONFIG },
  { method: 'DELETE', path: '/api/routing-rules/{id}', ...WRITE_CONFIG },
  { method: 'GET', path: '/api/routing-fallback', ...READ_CONFIG },
  { method: 'PUT', path: '/api/routing-fallback', ...WRITE_CONFIG },
  { method: 'POST', path: '/api/routing/try', ...READ_CONFIG },
  // A condition that is tried on events that came can find out what may not be seen of them.
  { method: 'POST', path: '/api/routing/what-if', ...WRITE_CONFIG },

  { method: 'GET', path: '/api/templates', ...READ_CONFIG },
  { method: 'GET', path: '/api/templates/presets', ...READ_CONFIG },
  { method: 'POST', path: '/api/templates/presets', ...WRITE_CONFIG },
  { method: 'POST', path: '/api/templates/preview', ...READ_CONFIG },
  { method: 'POST', path: '/api/templates/cases', ...READ_CONFIG },
  { method: 'GET', path: '/api/templates/{name}', ...READ_CONFIG },
  { method: 'PUT', path: '/api/templates/{name}', ...WRITE_CONFIG },
  { method: 'DELETE', path: '/api/templates/{name}', ...WRITE_CONFIG },
  { method: 'GET', path: '/api/templates/{name}/versions', ...READ_CONFIG },
  { method: 'GET', path: '/api/templates/{name}/versions/{number}', ...READ_CONFIG },
  { method: 'POST', path: '/api/templates/{name}/rollback', ...WRITE_CONFIG },
  { method: 'POST', path: '/api/templates/{name}/send', ...WRITE_DELIVERIES },

  { method: 'GET', path: '/api/schedules', ...READ_CONFIG },
  { method: 'POST', path: '/api/schedules', ...WRITE_CONFIG },
  { method: 'POST', path: '/api/schedules/preview', ...READ_CONFIG },
  { method: 'GET', path: '/api/schedules/{id}', ...READ_CONFIG },
  { method: 'PUT', path: '/api/schedules/{id}', ...WRITE_CONFIG },
  { method: 'DELETE', path: '/api/schedules/{id}', ...WRITE_CONFIG },
  { method: 'GET', path: '/api/schedules/{id}/runs', ...READ_CONFIG },
  { method: 'POST', path: '/api/schedules/{id}/run', ...TEST_CONFIG },

  { method: 'GET', path: '/api/deliveries', ...READ_DELIVERIES },
  { method: 'GET', path: '/api/deliveries/counts', ...READ_DELIVERIES },
  { method: 'GET', path: '/api/deliveries/stream', ...READ_DELIVERIES },
  { method: 'GET', path: '/api/deliveries/export', ...READ_DELIVERIES },
  { method: 'GET', path: '/api/deliveries/{id}', ...READ_DELIVERIES },
  { method: 'GET', path: '/api/deliveries/{id}/neighbours', ...READ_DELIVERIES },
  { method: 'POST', path: '/api/deliveries/{id}/replay', ...WRITE_DELIVERIES },
  { method: 'POST', path: '/api/deliveries/{id}/send-elsewhere', ...WRITE_DELIVERIES },
  { method: 'POST', path: '/api/deliveries/{id}/cancel', ...WRITE_DELIVERIES },
  { method: 'GET', path: '/api/replays', ...READ_DELIVERIES },
  { method: 'POST', path: '/api/replays', ...WRITE_DELIVERIES },
  { method: 'POST', path: '/api/replays/preview', ...WRITE_DELIVERIES },
  { method: 'GET', path: '/api/replays/{id}', ...READ_DELIVERIES },
  { method: 'POST', path: '/api/replays/{id}/pause', ...WRITE_DELIVERIES },
  { method: 'POST', path: '/api/replays/{id}/resume', ...WRITE_DELIVERIES },
  { method: 'POST', path: '/api/replays/{id}/cancel', ...WRITE_DELIVERIES },

  // A plan tells whether a secret is the stored one, and an export is all of the configuration.
  { method: 'POST', path: '/api/configuration/plan', ...WRITE_CONFIG },
  { method: 'POST', path: '/api/configuration/apply', ...WRITE_CONFIG },
  { method: 'GET', path: '/api/configuration/export', ...READ_ALL_CONFIG },
  { method: 'GET', path: '/api/configuration/changes', ...READ_ALL_CONFIG },
  // Editors fetch it by its address, as they do any schema.
  { method: 'GET', path: '/api/configuration/schema.json', ...OPEN },

  { method: 'GET', path: '/api/commands', ...READ_CONFIG },
  { method: 'PUT', path: '/api/commands/{command}', ...WRITE_CONFIG },
  { method: 'DELETE', path: '/api/commands/{command}', ...WRITE_CONFIG },
  { method: 'GET', path: '/api/invocations', ...READ_DELIVERIES },
  { method: 'GET', path: '/api/refused-requests', ...READ_DELIVERIES },
  { method: 'POST', path: '/slack/{integrationId}/commands', ...OPEN },
  { method: 'POST', path: '/slack/{integrationId}/interactions', ...OPEN },

  { method: 'GET', path: '/api/metrics/overview', ...READ_METRICS },
  { method: 'GET', path: '/api/metrics/health', ...READ_METRICS },
  { method: 'GET', path: '/api/metrics/attention', ...READ_METRICS },
]

export type Match = { kind: 'row'; row: AccessRow } | { kind: 'other_method'; allowed: Method[] } | { kind: 'unknown' }

/** The one row a request falls under: plain words before placeholders, as in /api/deliveries/counts. */
export function matchAccess(method: string, path: string): Match {
  const segments = path.split('/')
  const fitting = compiled.filter((candidate) => fits(candidate.segments, segments))
  const best = fitting.filter(({ placeholders }) => placeholders === fitting[0]?.placeholders)
  const row = best.find((candidate) => candidate.row.method === (method === 'HEAD' ? 'GET' : method))?.row
  if (row) return { kind: 'row', row }
  return best.length > 0 ? { kind: 'other_method', allowed: best.map((each) => each.row.method) } : { kind: 'unknown' }
}

/** The row of a route that is not open to everybody. */
export function accessOf(method: Method, path: string): Exclude<AccessRow, { open: true }> {
  const row = accessTable.find((each) => each.method === method && each.path === path)
  if (!row || 'open' in row) throw new Error(`${method} ${path} has no row of its own in the table`)
  return row
}

/** Whether a role may do what is asked of another: roles nest. */
export const includesRole = (held: Role, needed: Role): boolean => roles.indexOf(held) >= roles.indexOf(needed)

const compiled = accessTable
  .map((row) => ({ row, segments: row.path.split('/'), placeholders: row.path.split('{').length - 1 }))
  .sort((a, b) => a.placeholders - b.placeholders)

function fits(wanted: string[], given: string[]): boolean {
  return (
    wanted.length === given.length &&
    wanted.every((segment, index) => (segment.startsWith('{') ? given[index] !== '' : segment === given[index]))
  )
}
