import type { AppContext } from '../context.ts'
import { engineOf } from '../db/engine.ts'
import { ADDRESS_HEADER } from './address.ts'

export const SESSION_LIFE_SECONDS = 7 * 24 * 60 * 60
/** A session in use is prolonged at most this often; that also tells when someone was last seen. */
const SESSION_REFRESH_SECONDS = 60 * 60

/** better-auth on our database. Loaded when first asked, since a start need not wait for it; one for each context. */
export function authOf(ctx: AppContext): Promise<Auth> {
  const known = made.get(ctx) ?? makeAuth(ctx)
  made.set(ctx, known)
  return known
}

export type Auth = Awaited<ReturnType<typeof makeAuth>>

const made = new WeakMap<AppContext, Promise<Auth>>()

/** People are made and changed by our own verbs, in one transaction with the audit trail; better-auth keeps sessions. */
async function makeAuth(ctx: AppContext) {
  const [{ betterAuth }, { admin }, { createAccessControl }] = await Promise.all([
    import('better-auth'),
    import('better-auth/plugins/admin'),
    import('better-auth/plugins/access'),
  ])
  // Rights are decided by access.ts; the plugin keeps `role` and lets nobody in who is disabled.
  const nothing = createAccessControl({}).newRole({})
  return betterAuth({
    appName: 'Switchboard',
    baseURL: ctx.publicUrl,
    basePath: '/api/auth',
    trustedOrigins: [ctx.publicUrl],
    secret: ctx.vault.derivedKey('sessions').toString('base64url'),
    database: { db: ctx.db, type: engineOf(ctx.db) },
    user: { modelName: 'users' },
    account: { modelName: 'accounts' },
    verification: { modelName: 'verifications' },
    session: {
      modelName: 'sessions',
      expiresIn: SESSION_LIFE_SECONDS,
      updateAge: SESSION_REFRESH_SECONDS,
      // Every request looks at the row, so that someone disabled is out at once.
      cookieCache: { enabled: false },
    },
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 12, maxPasswordLength: 128 },
    plugins: [
      admin({
        adminRoles: ['admin'],
        defaultRole: 'viewer',
        roles: { admin: nothing, operator: nothing, viewer: nothing },
        bannedUserMessage: 'This account is disabled.',
      }),
    ],
    advanced: {
      cookiePrefix: 'switchboard',
      useSecureCookies: ctx.publicUrl.startsWith('https:'),
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
      database: {
        generateId: () => ctx.newId('ses'),
        // It would look for camelCase columns, which Kysely translates; a test compares the two lists instead.
        validateSchema: false,
      },
    },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: {
      level: 'warn',
      // Only its own sentence is kept: what it prints besides may hold an account.
      log: (level, message) => {
        if (level === 'error') ctx.log.error('auth.failed', { message })
        else ctx.log.debug('auth.said', { message })
      },
    },
  })
}
