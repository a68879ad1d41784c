import type { z } from 'zod'
import type { NewUser, User } from '../../shared/users.ts'
import { recordAudit } from '../audit/record.ts'
import type { AppContext } from '../context.ts'
import { Refusal } from '../errors.ts'
import type { Actor } from './actor.ts'
import { hashPassword } from './passwords.ts'
import { getUser, insertPerson } from './store.ts'

/** Adds a person, who can sign in at once with the password given. */
export async function makeUser(ctx: AppContext, actor: Actor, body: z.infer<typeof NewUser>): Promise<User> {
  const id = ctx.newId('usr')
  const email = body.email.toLowerCase()
  const passwordHash = await hashPassword(body.password)
  await ctx.db.transaction().execute(async (trx) => {
    const made = await insertPerson(trx, { id, name: body.name, email, role: body.role, passwordHash, now: ctx.now() })
    if (!made) throw new Refusal('conflict', `Somebody has the e-mail ${email} already.`, { field: 'email' })
    await recordAudit(ctx, trx, actor, {
      action: 'user.made',
      subject: { kind: 'user', id, name: body.name },
      detail: { email, role: body.role },
    })
  })
  return getUser(ctx.db, id)
}
