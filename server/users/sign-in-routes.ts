import { Role, Session, SignInBody } from '../../shared/users.ts'
import type { AppContext } from '../context.ts'
import { answer, createRoute, jsonBody, newRoutes, z } from '../lib/routes.ts'
import { clientAddress } from './address.ts'
import { authOf } from './auth.ts'
import { type SessionUser, signIn } from './sign-in.ts'
import { signOut } from './sign-out.ts'

const SignedIn = z.object({ user: Session.unwrap().shape.user })
const SignedOut = z.object({ success: z.boolean() })

/** The three routes of better-auth that are reachable. Its answers also hold the session's token; ours never do. */
export function authHttp(ctx: AppContext, options: { proxyHops: number }) {
  return newRoutes()
    .openapi(
      createRoute({
        method: 'post',
        path: '/api/auth/sign-in/email',
        tags: ['Signing in'],
        summary: 'Sign in with e-mail and password',
        description: 'Sets the session cookie: HttpOnly, SameSite=Lax, 7 days, prolonged while it is used.',
        request: { body: jsonBody(SignInBody) },
        responses: { 200: answer(SignedIn, 'Signed in.') },
      }),
      async (c) => {
        const from = { address: clientAddress(c, options.proxyHops), userAgent: c.req.header('user-agent') }
        const { user, cookies } = await signIn(ctx, c.req.valid('json'), from)
        for (const cookie of cookies) c.header('set-cookie', cookie, { append: true })
        return c.json({ user: shown(user) }, 200)
      },
    )
    .openapi(
      createRoute({
        method: 'post',
        path: '/api/auth/sign-out',
        tags: ['Signing in'],
        summary: 'Sign out',
        responses: { 200: answer(SignedOut, 'The session is over, on every machine it was copied to.') },
      }),
      async (c) => {
        const cookies = await signOut(ctx, c.req.header('cookie'))
        for (const cookie of cookies) c.header('set-cookie', cookie, { append: true })
        return c.json({ success: true }, 200)
      },
    )
    .openapi(
      createRoute({
        method: 'get',
        path: '/api/auth/get-session',
        tags: ['Signing in'],
        summary: 'Who is signed in',
        responses: { 200: answer(Session, 'The person, or null when nobody is signed in.') },
      }),
      async (c) => {
        const auth = await authOf(ctx)
        const { headers, response } = await auth.api.getSession({
          headers: new Headers({ cookie: c.req.header('cookie') ?? '' }),
          returnHeaders: true,
        })
        for (const cookie of headers.getSetCookie()) c.header('set-cookie', cookie, { append: true })
        return c.json(response && !response.user.banned ? { user: shown(response.user) } : null, 200)
      },
    )
}

const shown = ({ id, name, email, role }: SessionUser) => ({ id, name, email, role: Role.parse(role) })
