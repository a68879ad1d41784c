import { includesRole } from '../users/access.ts'
import type { Actor } from '../users/actor.ts'

/** Whose address is whose is for those who set things up; a key stands for whoever may do so. */
export function maySeeEmails(actor: Actor): boolean {
  if (actor.kind === 'user') return includesRole(actor.role, 'operator')
  return actor.kind === 'api_key' && actor.scopes.includes('config:write')
}
