import type { Context } from 'hono'
import type { Role, Scope } from '../../shared/users.ts'

/** Who does something: written into the audit trail and into what they make. */
export type Actor =
  | { kind: 'user'; id: string; name: string; role: Role }
  | { kind: 'api_key'; id: string; name: string; scopes: Scope[] }
  | { kind: 'server' | 'slack'; name: string }

/** Who is asking. Open routes have nobody: asking there is a mistake of ours. */
export function actorOf(c: Context): Actor {
  const actor = c.get('actor') as Actor | undefined
  if (!actor) throw new Error(`nobody is known to be asking ${c.req.method} ${c.req.path}`)
  return actor
}

/** Whose requests count together: in limits, and for what their Idempotency-Keys mean. */
export const sourceOf = (actor: Actor): string => ('id' in actor ? actor.id : actor.name)

/** The guard says who is asking, once, before any route runs. */
export function setActor(c: Context, actor: Actor): void {
  c.set('actor', actor)
}

/** What the server does of its own accord. */
export const SERVER_ACTOR: Actor = { kind: 'server', name: 'Switchboard' }
