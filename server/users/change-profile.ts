import type { ProfileChange, User } from '../../shared/users.ts'
import { recordAudit } from '../audit/record.ts'
import type { AppContext } from '../context.ts'
import { lockForTransaction } from '../db/engine.ts'
import { Refusal } from '../errors.ts'
import type { Actor } from './actor.ts'
import { tryPasswordChange } from './attempts.ts'
import { hashPassword, isPassword } from './passwords.ts'
import { deleteSessions, findPasswordHash, getUser, updatePassword, updatePerson } from './store.ts'

export type Person = Extract<Actor, { kind: 'user' }>

/** Someone changes their own name or password. A new password ends their other sessions. */
export async function changeProfile(
  ctx: AppContext,
  actor: Person,
  change: ProfileChange,
  from: { address: string; sessionToken: string | undefined },
): Promise<User> {
  if (change.password !== undefined) await proveOwnPassword(ctx, actor, change.currentPassword, from.address)
  const passwordHash = change.password === undefined ? undefined : await hashPassword(change.password)
  await ctx.db.transaction().execute(async (trx) => {
    // Whoever signs in with the old password meanwhile is found by what follows, or finds the new one.
    await lockForTransaction(trx, 'users')
    await updatePerson(trx, actor.id, { name: change.name }, ctx.now())
    if (passwordHash) {
      await updatePassword(trx, actor.id, passwordHash, ctx.now())
      await deleteSessions(trx, actor.id, from.sessionToken)
    }
    await recordAudit(ctx, trx, actor, {
      action: passwordHash ? 'profile.password_changed' : 'profile.changed',
      subject: { kind: 'user', id: actor.id, name: change.name ?? actor.name },
      detail: change.name === undefined ? {} : { name: { from: actor.name, to: change.name } },
    })
  })
  return getUser(ctx.db, actor.id)
}

async function proveOwnPassword(ctx: AppContext, actor: Person, current: string | undefined, address: string) {
  if (current === undefined) {
    throw new Refusal('invalid', 'The current password is needed to set a new one.', { field: 'currentPassword' })
  }
  await tryPasswordChange(ctx, actor.id, address, async (attempt) => {
    const hash = await findPasswordHash(ctx.db, actor.id)
    if (!hash || !(await isPassword(current, hash))) {
      throw new Refusal('forbidden', 'The current password is not right.', { field: 'currentPassword' })
    }
    await attempt.succeeded()
  })
}
