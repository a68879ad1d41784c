import { Role } from '../../shared/users.ts'
import { recordAudit } from '../audit/record.ts'
import type { AppContext } from '../context.ts'
import { authOf } from './auth.ts'

/** Ends the session of this cookie, and gives the cookies that clear it. Without a session there is nothing to do. */
export async function signOut(ctx: AppContext, cookie: string | undefined): Promise<string[]> {
  const auth = await authOf(ctx)
  const headers = new Headers({ cookie: cookie ?? '' })
  const session = await auth.api.getSession({ headers, query: { disableRefresh: true } })
  const ended = await auth.api.signOut({ headers, asResponse: true })
  if (session) {
    const { id, name, role } = session.user
    await ctx.db.transaction().execute(async (trx) => {
      const actor = { kind: 'user', id, name, role: Role.parse(role) } as const
      await recordAudit(ctx, trx, actor, { action: 'user.signed_out', subject: { kind: 'user', id, name } })
    })
  }
  return ended.headers.getSetCookie()
}
