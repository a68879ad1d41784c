import { IdParam, PageQuery, pageOf } from '../../shared/paging.ts'
import {
  ApiKey,
  MadeApiKey,
  NewApiKey,
  NewUser,
  ProfileChange,
  SetupBody,
  SetupState,
  User,
  UserChange,
} from '../../shared/users.ts'
import type { AppContext } from '../context.ts'
import { Refusal } from '../errors.ts'
import { answer, createRoute, jsonBody, newRoutes } from '../lib/routes.ts'
import { actorOf } from './actor.ts'
import { clientAddress } from './address.ts'
import { makeApiKey, revokeApiKey } from './api-keys.ts'
import { listApiKeys } from './api-keys-store.ts'
import { authOf } from './auth.ts'
import { changeProfile, type Person } from './change-profile.ts'
import { changeUser } from './change-user.ts'
import { makeUser } from './make-user.ts'
import { isSetupNeeded, setUp } from './setup.ts'
import { authHttp } from './sign-in-routes.ts'
import { getUser, listUsers } from './store.ts'

export type UsersOptions = {
  /** Makes the first admin; absent once there is one. */
  setupToken: string | undefined
  /** How deep X-Forwarded-For is believed. */
  proxyHops: number
}

/** Setup, signing in, people, one's own profile, API keys. */
export function usersHttp(ctx: AppContext, options: UsersOptions) {
  const routes = newRoutes()
  routes.route('/', setupRoutes(ctx, options))
  routes.route('/', authHttp(ctx, options))
  routes.route('/', peopleRoutes(ctx))
  routes.route('/', profileRoutes(ctx, options))
  routes.route('/', apiKeyRoutes(ctx))
  return routes
}

function setupRoutes(ctx: AppContext, options: UsersOptions) {
  return newRoutes()
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/setup',
        tags: ['Setup'],
        summary: 'Whether the first admin has still to be made',
        responses: { 200: answer(SetupState, 'Whether setup is needed.') },
      }),
      async (c) => c.json({ needed: await isSetupNeeded(ctx.db) }, 200),
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/api/setup',
        tags: ['Setup'],
        summary: 'Make the first admin',
        description: 'Takes the token of the link that the server printed. Works once; afterwards 403 `setup_done`.',
        request: { body: jsonBody(SetupBody) },
        responses: { 201: answer(User, 'The first admin, who can now sign in.') },
      }),
      async (c) => {
        const address = clientAddress(c, options.proxyHops)
        return c.json(await setUp(ctx, options.setupToken, c.req.valid('json'), address), 201)
      },
    )
}

function peopleRoutes(ctx: AppContext) {
  return newRoutes()
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/users',
        tags: ['People'],
        summary: 'List people',
        request: { query: PageQuery },
        responses: { 200: answer(pageOf(User), 'People, oldest account first.') },
      }),
      async (c) => c.json(await listUsers(ctx.db, c.req.valid('query')), 200),
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/api/users',
        tags: ['People'],
        summary: 'Add a person',
        request: { body: jsonBody(NewUser) },
        responses: { 201: answer(User, 'The person, who can sign in with that password.') },
      }),
      async (c) => c.json(await makeUser(ctx, actorOf(c), c.req.valid('json')), 201),
    )
    .openapi(
      createRoute({
        method: 'patch',
        path: '/api/users/{id}',
        tags: ['People'],
        summary: 'Change, disable or enable a person',
        description: 'Disabling, or setting a password, signs them out everywhere at once. One admin always remains.',
        request: { params: IdParam, body: jsonBody(UserChange) },
        responses: { 200: answer(User, 'The person as changed.') },
      }),
      async (c) => c.json(await changeUser(ctx, actorOf(c), c.req.valid('param').id, c.req.valid('json')), 200),
    )
}

function profileRoutes(ctx: AppContext, options: UsersOptions) {
  return newRoutes()
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/profile',
        tags: ['Profile'],
        summary: 'Your own account',
        responses: { 200: answer(User, 'You.') },
      }),
      async (c) => c.json(await getUser(ctx.db, personOf(actorOf(c)).id), 200),
    )
    .openapi(
      createRoute({
        method: 'patch',
        path: '/api/profile',
        tags: ['Profile'],
        summary: 'Change your own name or password',
        description: 'A new password takes the current one, and ends your sessions elsewhere.',
        request: { body: jsonBody(ProfileChange) },
        responses: { 200: answer(User, 'You, as changed.') },
      }),
      async (c) => {
        const auth = await authOf(ctx)
        const headers = new Headers({ cookie: c.req.header('cookie') ?? '' })
        const session = await auth.api.getSession({ headers, query: { disableRefresh: true } })
        const from = { address: clientAddress(c, options.proxyHops), sessionToken: session?.session.token }
        return c.json(await changeProfile(ctx, personOf(actorOf(c)), c.req.valid('json'), from), 200)
      },
    )
}

function apiKeyRoutes(ctx: AppContext) {
  return newRoutes()
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/api-keys',
        tags: ['API keys'],
        summary: 'List API keys',
        request: { query: PageQuery },
        responses: { 200: answer(pageOf(ApiKey), 'Keys, newest first, revoked ones too; never the key itself.') },
      }),
      async (c) => c.json(await listApiKeys(ctx.db, c.req.valid('query')), 200),
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/api/api-keys',
        tags: ['API keys'],
        summary: 'Make an API key',
        description: 'The answer holds the key this once. Use it as `Authorization: Bearer sk_…`.',
        request: { body: jsonBody(NewApiKey) },
        responses: { 201: answer(MadeApiKey, 'The key. It is not shown again.') },
      }),
      async (c) => c.json(await makeApiKey(ctx, actorOf(c), c.req.valid('json')), 201),
    )
    .openapi(
      createRoute({
        method: 'delete',
        path: '/api/api-keys/{id}',
        tags: ['API keys'],
        summary: 'Revoke an API key',
        request: { params: IdParam },
        responses: { 200: answer(ApiKey, 'The key, refused from now on.') },
      }),
      async (c) => c.json(await revokeApiKey(ctx, actorOf(c), c.req.valid('param').id), 200),
    )
}

function personOf(actor: ReturnType<typeof actorOf>): Person {
  if (actor.kind !== 'user') throw new Refusal('forbidden', 'Only a person has a profile.')
  return actor
}
