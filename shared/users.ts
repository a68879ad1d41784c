import { z } from 'zod'
import { NameNotToken } from './one-line.ts'
import { Instant } from './paging.ts'

/** Roles nest: an admin may do all that an operator may, an operator all that a viewer may. */
export const roles = ['viewer', 'operator', 'admin'] as const
export const Role = z.enum(roles)
export type Role = z.infer<typeof Role>

/** What an API key may be allowed to do. */
export const scopes = [
  'events:write',
  'messages:write',
  'deliveries:read',
  'deliveries:write',
  'config:read',
  'config:write',
  'metrics:read',
  'audit:read',
] as const
export const Scope = z.enum(scopes)
export type Scope = z.infer<typeof Scope>

const Name = NameNotToken.min(1, 'A name is needed.').max(100, 'At most 100 characters.')
const Email = z.email('This is not a whole e-mail address, such as ada@acme.example.').max(254)
export const Password = z
  .string()
  .min(12, 'At least 12 characters: three unrelated words do.')
  .max(128, 'At most 128 characters.')

export const SetupState = z.object({ needed: z.boolean().describe('True until the first admin exists') })

export const SetupBody = z.strictObject({
  token: z.string().min(1).max(200).describe('From the setup link the server printed'),
  name: Name,
  email: Email,
  password: Password,
})
export type SetupBody = z.infer<typeof SetupBody>

export const User = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  role: Role,
  disabledAt: Instant.optional(),
  createdAt: Instant,
  lastSeenAt: Instant.optional(),
})
export type User = z.infer<typeof User>

export const NewUser = z.strictObject({ name: Name, email: Email, role: Role, password: Password })
export const UserChange = z.strictObject({
  name: Name.optional(),
  role: Role.optional(),
  password: Password.optional(),
  disabled: z.boolean().optional(),
})

/** What one may change about oneself; a new password takes the current one. */
export const ProfileChange = z.strictObject({
  name: Name.optional(),
  password: Password.optional(),
  currentPassword: z.string().max(128).optional(),
})
export type ProfileChange = z.infer<typeof ProfileChange>

export const SignInBody = z.strictObject({
  email: Email,
  password: z.string().min(1).max(128),
  rememberMe: z.boolean().optional().describe('False: signed out when the browser closes'),
})

/** `GET /api/auth/get-session`; null when signed out. */
export const Session = z
  .object({ user: z.object({ id: z.string(), name: z.string(), email: z.string(), role: Role }) })
  .nullable()
export type Session = z.infer<typeof Session>

export const NewApiKey = z.strictObject({
  name: Name,
  scopes: z.array(Scope).min(1, 'Choose at least one scope.'),
  expiresAt: Instant.optional(),
})
export const ApiKey = z.object({
  id: z.string(),
  name: z.string(),
  fingerprint: z.string().describe('The last four characters'),
  scopes: z.array(Scope),
  createdAt: Instant,
  createdBy: z.string(),
  expiresAt: Instant.optional(),
  revokedAt: Instant.optional(),
  lastUsedAt: Instant.optional(),
})
export type ApiKey = z.infer<typeof ApiKey>
export const MadeApiKey = ApiKey.extend({
  key: z.string().describe('The key itself: shown this once, stored as a hash'),
})
