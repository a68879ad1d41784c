import { Role, type User } from '../../shared/users.ts'
import { asFlag } from '../db/engine.ts'
import type { Db, UsersTable } from '../db/schema.ts'
import { found, optional, toInstant, toPage } from '../lib/paging.ts'
import { networkOf } from './address.ts'

export type NewPerson = { id: string; name: string; email: string; role: Role; passwordHash: string; now: number }

/** False: someone has this e-mail already. */
export async function insertPerson(db: Db, person: NewPerson): Promise<boolean> {
  const at = toInstant(person.now)
  const made = await db
    .insertInto('users')
    .values({
      id: person.id,
      name: person.name,
      email: person.email,
      emailVerified: asFlag(db, true),
      image: null,
      createdAt: at,
      updatedAt: at,
      role: person.role,
      banned: asFlag(db, false),
      banReason: null,
      banExpires: null,
    })
    .onConflict((conflict) => conflict.column('email').doNothing())
    .executeTakeFirst()
  if (made.numInsertedOrUpdatedRows !== 1n) return false
  await db
    .insertInto('accounts')
    .values({
      id: `${person.id}_password`,
      // better-auth finds a password by this pair: its account id is the person's own.
      accountId: person.id,
      providerId: 'credential',
      userId: person.id,
      accessToken: null,
      refreshToken: null,
      idToken: null,
      accessTokenExpiresAt: null,
      refreshTokenExpiresAt: null,
      scope: null,
      password: person.passwordHash,
      createdAt: at,
      updatedAt: at,
    })
    .execute()
  return true
}

/** Takes the one place there is for a first admin. False: it is taken. */
export async function takeSetup(db: Db, now: number): Promise<boolean> {
  const taken = await db
    .insertInto('setupDone')
    .values({ onlyOne: 1, doneAt: now })
    .onConflict((conflict) => conflict.column('onlyOne').doNothing())
    .executeTakeFirst()
  return taken.numInsertedOrUpdatedRows === 1n
}

export async function isSetupTaken(db: Db): Promise<boolean> {
  return (await db.selectFrom('setupDone').select('onlyOne').executeTakeFirst()) !== undefined
}

export async function listUsers(
  db: Db,
  query: { cursor?: string | undefined; limit: number },
): Promise<{ items: User[]; next?: string }> {
  let select = people(db)
    .orderBy('users.id')
    .limit(query.limit + 1)
  if (query.cursor) select = select.where('users.id', '>', query.cursor)
  return toPage(await select.execute(), query.limit, toUser)
}

export async function getUser(db: Db, id: string): Promise<User> {
  return toUser(found(await people(db).where('users.id', '=', id).executeTakeFirst(), 'user', id))
}

export type PersonChange = { name?: string | undefined; role?: Role | undefined; disabled?: boolean | undefined }

export async function updatePerson(db: Db, id: string, change: PersonChange, now: number): Promise<void> {
  const { name, role, disabled } = change
  await db
    .updateTable('users')
    .set({
      updatedAt: toInstant(now),
      ...(name === undefined ? {} : { name }),
      ...(role === undefined ? {} : { role }),
      // better-auth has no column for since when, and shows its reason to nobody: the instant stands there.
      ...(disabled === undefined
        ? {}
        : { banned: asFlag(db, disabled), banReason: disabled ? toInstant(now) : null, banExpires: null }),
    })
    .where('id', '=', id)
    .execute()
}

export async function updatePassword(db: Db, userId: string, passwordHash: string, now: number): Promise<void> {
  await db
    .updateTable('accounts')
    .set({ password: passwordHash, updatedAt: toInstant(now) })
    .where('userId', '=', userId)
    .where('providerId', '=', 'credential')
    .execute()
}

export async function findPasswordHash(db: Db, userId: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('accounts')
    .select('password')
    .where('userId', '=', userId)
    .where('providerId', '=', 'credential')
    .executeTakeFirst()
  return row?.password ?? undefined
}

/** The same by e-mail, for when nobody knows yet whether there is such an account. */
export async function findPasswordHashByEmail(db: Db, email: string): Promise<string | undefined> {
  const user = await db.selectFrom('users').select('id').where('email', '=', email).executeTakeFirst()
  return user && findPasswordHash(db, user.id)
}

/** Admins who can still sign in, but for this one. */
export async function countOtherAdmins(db: Db, id: string): Promise<number> {
  const row = await db
    .selectFrom('users')
    .select((select) => select.fn.countAll().as('count'))
    .where('role', '=', 'admin')
    .where('id', '!=', id)
    .where((where) => where.or([where('banned', 'is', null), where('banned', '=', asFlag(db, false))]))
    .executeTakeFirst()
  return Number(row?.count ?? 0)
}

/** Signs someone out everywhere, but for one session when its token is given. */
export async function deleteSessions(db: Db, userId: string, exceptToken?: string): Promise<void> {
  let gone = db.deleteFrom('sessions').where('userId', '=', userId)
  if (exceptToken) gone = gone.where('token', '!=', exceptToken)
  await gone.execute()
}

export async function deleteSession(db: Db, token: string): Promise<void> {
  await db.deleteFrom('sessions').where('token', '=', token).execute()
}

/** Sessions that ran out; better-auth takes one away only when its cookie comes back. */
export async function deleteEndedSessions(db: Db, userId: string, now: number): Promise<void> {
  await db.deleteFrom('sessions').where('userId', '=', userId).where('expiresAt', '<', toInstant(now)).execute()
}

/** Whether this account has a live session that began in this network. */
export async function hasSessionFrom(db: Db, email: string, network: string, now: number): Promise<boolean> {
  const rows = await db
    .selectFrom('sessions')
    .innerJoin('users', 'users.id', 'sessions.userId')
    .select(['sessions.ipAddress', 'sessions.expiresAt'])
    .where('users.email', '=', email)
    .execute()
  return rows.some(
    ({ ipAddress, expiresAt }) =>
      ipAddress !== null && networkOf(ipAddress) === network && new Date(expiresAt).getTime() > now,
  )
}

function people(db: Db) {
  return db
    .selectFrom('users')
    .leftJoin('sessions', 'sessions.userId', 'users.id')
    .select(['users.id', 'users.name', 'users.email', 'users.role', 'users.banned', 'users.banReason'])
    .select('users.createdAt')
    .select((select) => select.fn.max('sessions.updatedAt').as('seenAt'))
    .groupBy([
      'users.id',
      'users.name',
      'users.email',
      'users.role',
      'users.banned',
      'users.banReason',
      'users.createdAt',
    ])
}

type PersonRow = Pick<UsersTable, 'id' | 'name' | 'email' | 'role' | 'banned' | 'banReason' | 'createdAt'> & {
  seenAt: string | Date | null
}

function toUser(row: PersonRow): User {
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    role: Role.parse(row.role),
    ...optional('disabledAt', row.banned ? (row.banReason ?? toInstant(0)) : undefined),
    createdAt: new Date(row.createdAt).toISOString(),
    ...optional('lastSeenAt', row.seenAt === null ? undefined : new Date(row.seenAt).toISOString()),
  }
}
