import type { z } from 'zod'
import type { User, UserChange } from '../../shared/users.ts'
import { recordAudit } from '../audit/record.ts'
import type { AppContext } from '../context.ts'
import { lockForTransaction } from '../db/engine.ts'
import { Refusal } from '../errors.ts'
import type { Actor } from './actor.ts'
import { hashPassword } from './passwords.ts'
import { countOtherAdmins, deleteSessions, getUser, updatePassword, updatePerson } from './store.ts'

/** An admin changes a person. Disabling and a new password end that person's sessions at once. */
export async function changeUser(
  ctx: AppContext,
  actor: Actor,
  id: string,
  change: z.infer<typeof UserChange>,
): Promise<User> {
  const passwordHash = change.password === undefined ? undefined : await hashPassword(change.password)
  await ctx.db.transaction().execute(async (trx) => {
    // Two admins who demote each other at the same moment must not both succeed.
    await lockForTransaction(trx, 'users')
    const before = await getUser(trx, id)
    const problem = whyNot(before, change, actor, (await countOtherAdmins(trx, id)) === 0)
    if (problem) throw problem
    await updatePerson(trx, id, change, ctx.now())
    if (passwordHash) await updatePassword(trx, id, passwordHash, ctx.now())
    const roleChanged = change.role !== undefined && change.role !== before.role
    if (change.disabled || passwordHash) await deleteSessions(trx, id)
    await recordAudit(ctx, trx, actor, {
      action: actionOf(before, change),
      subject: { kind: 'user', id, name: change.name ?? before.name },
      detail: {
        ...(change.name !== undefined &&
          change.name !== before.name && { name: { from: before.name, to: change.name } }),
        ...(roleChanged && { role: { from: before.role, to: change.role } }),
        ...(passwordHash && { passwordReset: true }),
      },
    })
  })
  return getUser(ctx.db, id)
}

/** Why this change may not be made: it would lock someone, or everyone, out. */
export function whyNot(
  before: User,
  change: z.infer<typeof UserChange>,
  actor: Actor,
  isOnlyAdmin: boolean,
): Refusal | undefined {
  const isSelf = actor.kind === 'user' && actor.id === before.id
  const isAdmin = before.role === 'admin' && before.disabledAt === undefined
  if (change.disabled && isSelf) {
    return new Refusal('conflict', 'You can’t disable your own account.', {
      field: 'disabled',
      fix: 'Ask another admin to do it.',
    })
  }
  if (isAdmin && isOnlyAdmin && (change.disabled || (change.role !== undefined && change.role !== 'admin'))) {
    return new Refusal('conflict', `${before.name} is the only admin: without one nobody could manage this server.`, {
      field: change.disabled ? 'disabled' : 'role',
      fix: 'Make somebody else an admin first.',
    })
  }
  if (isSelf && change.password !== undefined) {
    return new Refusal('conflict', 'Your own password is changed in your profile, with the current one.', {
      field: 'password',
      fix: 'Open your profile, or PATCH /api/profile.',
    })
  }
  return undefined
}

function actionOf(before: User, { disabled }: z.infer<typeof UserChange>): string {
  if (disabled === true && !before.disabledAt) return 'user.disabled'
  return disabled === false && before.disabledAt ? 'user.enabled' : 'user.changed'
}
