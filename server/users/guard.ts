import type { Context, MiddlewareHandler } from 'hono'
import { Role } from '../../shared/users.ts'
import type { AppContext } from '../context.ts'
import { Refusal } from '../errors.ts'
import { type AccessRow, includesRole, matchAccess } from './access.ts'
import { type Actor, setActor } from './actor.ts'
import { findKeyHolder } from './api-keys.ts'
import { authOf } from './auth.ts'
import { whyForeign } from './origin.ts'

export type GuardOptions = {
  /** GET /metrics answers without a key. */
  metricsOpen: boolean
}

/** Lets a request through to its route only as access.ts says, and tells the route who is asking. */
export function guard(ctx: AppContext, options: GuardOptions): MiddlewareHandler {
  return async (c, next) => {
    const match = matchAccess(c.req.method, c.req.path)
    if (match.kind === 'unknown') throw new Refusal('not_found', 'There is nothing at this address.')
    if (match.kind === 'other_method') {
      c.header('allow', match.allowed.join(', '))
      throw new Refusal('method_not_allowed', `This address takes ${match.allowed.join(', ')}.`)
    }
    const { row } = match
    const isOpen = 'open' in row || (row.path === '/metrics' && options.metricsOpen)
    const bearer = bearerOf(c)
    if (bearer === undefined) refuseForeign(ctx, c, row)
    if (!isOpen && !('open' in row)) {
      setActor(c, bearer === undefined ? await personFor(ctx, c, row) : await keyFor(ctx, c, row, bearer))
      setStillAdmitted(c, () => isAdmitted(ctx, c, row, bearer))
    }
    await next()
  }
}

/**
 * Whether who asked might ask now, for an answer that goes on: the key is not revoked, the session not ended, the role
 * not taken away. A database in trouble turns nobody out.
 */
export const stillAdmitted = (c: Context): Promise<boolean> => (c.get('stillAdmitted') as () => Promise<boolean>)()

/** From so long on a body is slow to come: a key or session may have ended meanwhile. */
export const SLOW_BODY_MS = 1_000

/** Refuses a request whose body was long in coming when who sent it may ask no more. Open routes refuse nobody. */
export async function refuseIfEnded(c: Context): Promise<void> {
  if (c.get('stillAdmitted') === undefined || (await stillAdmitted(c))) return
  throw new Refusal('unauthenticated', 'Who sent this may do it no more since it began to come, so nothing was done.', {
    fix: 'If an API key was revoked or expired, an admin can make a new one under Settings.',
  })
}

/** How that is found out, set once, before any route runs. */
export function setStillAdmitted(c: Context, isStillAdmitted: () => Promise<boolean>): void {
  c.set('stillAdmitted', isStillAdmitted)
}

async function isAdmitted(ctx: AppContext, c: Context, row: Guarded, bearer: string | undefined): Promise<boolean> {
  try {
    if (bearer !== undefined) return Boolean(await admitKey(ctx, row, bearer))
    const person = await findPerson(ctx, c)
    return person !== undefined && includesRole(person.role, row.role)
  } catch (error) {
    return !(error instanceof Refusal)
  }
}

export type Guarded = Exclude<AccessRow, { open: true }>

async function keyFor(ctx: AppContext, c: Context, row: Guarded, key: string): Promise<Actor> {
  try {
    return await admitKey(ctx, row, key)
  } catch (error) {
    if (error instanceof Refusal && error.status === 401) c.header('www-authenticate', 'Bearer')
    throw error
  }
}

/** Who holds this key, if it may ask this route. */
export async function admitKey(ctx: AppContext, row: Guarded, key: string): Promise<Actor> {
  const holder = await findKeyHolder(ctx, key)
  if (!holder) {
    throw new Refusal('unauthenticated', 'This API key is unknown, revoked or expired.', {
      fix: 'An admin can make a new one under Settings.',
    })
  }
  if (row.scope === null) {
    throw new Refusal('forbidden', 'This is done by a person: no API key may do it.', {
      fix: `Sign in as someone with the role ${row.role}.`,
    })
  }
  if (!holder.scopes.includes(row.scope)) {
    throw new Refusal('forbidden', `This needs an API key with the scope ${row.scope}.`, {
      fix: `The key "${holder.name}" has ${holder.scopes.join(', ')}. An admin can make one with ${row.scope}.`,
    })
  }
  return holder
}

async function personFor(ctx: AppContext, c: Context, row: Guarded): Promise<Actor> {
  const person = await findPerson(ctx, c)
  if (!person) {
    c.header('www-authenticate', 'Bearer')
    throw new Refusal('unauthenticated', 'Nobody is signed in.', {
      fix: row.scope ? `Sign in, or send an API key with the scope ${row.scope} as a Bearer token.` : 'Sign in.',
    })
  }
  if (!includesRole(person.role, row.role)) {
    throw new Refusal('forbidden', `This needs the role ${row.role}; yours is ${person.role}.`, {
      fix: 'An admin can change your role under People.',
    })
  }
  return person
}

/** Whose session the cookie is; undefined when it is nobody's, ended, or its owner is disabled. */
async function findPerson(ctx: AppContext, c: Context): Promise<Extract<Actor, { kind: 'user' }> | undefined> {
  const cookie = c.req.header('cookie')
  if (!cookie) return undefined
  const auth = await authOf(ctx)
  // The route of better-auth prolongs sessions; here nothing could hand the new cookie on.
  const session = await auth.api.getSession({ headers: new Headers({ cookie }), query: { disableRefresh: true } })
  if (!session || session.user.banned) return undefined
  return { kind: 'user', id: session.user.id, name: session.user.name, role: Role.parse(session.user.role) }
}

function refuseForeign(ctx: AppContext, c: Context, row: AccessRow): void {
  const why = whyForeign({
    method: c.req.method,
    publicUrl: ctx.publicUrl,
    host: c.req.header('host') ?? new URL(c.req.url).host,
    origin: c.req.header('origin'),
    fetchSite: c.req.header('sec-fetch-site'),
    csrfHeader: c.req.header('x-switchboard-csrf'),
    // Signing in and setting up rest on no cookie; signing out does.
    byCookie: c.req.header('cookie') !== undefined && (!('open' in row) || row.path === '/api/auth/sign-out'),
  })
  if (why === undefined) return
  throw new Refusal('wrong_origin', `This change was not made. ${why}`, {
    fix: `Use the console at ${ctx.publicUrl}, an API key, or send the header x-switchboard-csrf: 1 besides the cookie.`,
  })
}

const bearerOf = (c: Context): string | undefined => bearerIn(c.req.header('authorization'))

export const bearerIn = (header: string | undefined): string | undefined => header?.match(/^Bearer +(\S+) *$/i)?.[1]
