import { z } from 'zod'
import { isSecretLike } from './credentials.ts'
import { Retrying } from './notification-types.ts'
import { NameNotToken, OneLine } from './one-line.ts'
import { Instant } from './paging.ts'

export const ProviderKind = z.enum(['slack'])
export type ProviderKind = z.infer<typeof ProviderKind>

/** `untested` until a connection test ends; `failing` when the last test or a send found a dead credential. */
export const IntegrationState = z.enum(['untested', 'ok', 'failing', 'paused', 'disabled'])
export type IntegrationState = z.infer<typeof IntegrationState>

/** The secrets of an integration: sealed at rest, shown as a fingerprint, never returned. */
export const credentialKinds = ['clientSecret', 'signingSecret', 'botToken', 'appToken'] as const
export const CredentialKind = z.enum(credentialKinds)
export type CredentialKind = z.infer<typeof CredentialKind>

const name = NameNotToken.min(1, 'Give it a name, for example "Acme production".').max(80)
/** Everybody who may look sees these two: a secret that somebody put there by mistake must not be kept. */
const id = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .refine((value) => !isSecretLike(value), 'This looks like a secret, and this field is shown to everybody.')
const secret = z.string().trim().min(1).max(1_000)
/** Keys of shared/slack-scopes.ts: which features are switched on decides which scopes are needed. */
const features = z.array(z.string().max(40)).max(40)
/** Id, #name or permalink of the channel that test messages go to. */
const testChannel = z.string().trim().max(300)

export const NewIntegration = z.strictObject({
  id: z
    .string()
    .regex(/^int_[0-9a-z]{22}$/, 'An id comes from the manifest; leave it out to get a new one.')
    .optional()
    .describe('The id whose addresses the manifest names'),
  provider: ProviderKind,
  name,
  appId: id,
  clientId: id,
  clientSecret: secret,
  signingSecret: secret,
  botToken: secret.optional(),
  appToken: secret.optional(),
  enabled: z.boolean().optional(),
  features: features.optional(),
  testChannel: testChannel.optional(),
  ...Retrying,
})
export type NewIntegration = z.infer<typeof NewIntegration>

/** A change: a field left out stays as it is; `null` takes an optional secret away. */
export const IntegrationChange = z.strictObject({
  name: name.optional(),
  appId: id.optional(),
  clientId: id.optional(),
  clientSecret: secret.optional(),
  signingSecret: secret.optional(),
  botToken: secret.nullable().optional(),
  appToken: secret.nullable().optional(),
  enabled: z.boolean().optional(),
  features: features.optional(),
  testChannel: testChannel.nullable().optional(),
  ...Retrying,
})
export type IntegrationChange = z.infer<typeof IntegrationChange>

export const Fingerprint = z.object({
  shown: z.string().describe('Type and last four characters, for example "xoxb •••• cdef"'),
  setAt: Instant,
  setBy: z.string(),
})

export const Workspace = z.object({ id: z.string(), name: z.string(), url: z.string(), botName: z.string().optional() })

export const Integration = z.object({
  id: z.string(),
  provider: ProviderKind,
  name: z.string(),
  state: IntegrationState,
  stateSince: Instant,
  stateCode: z.string().optional().describe("Slack's code, when failing or paused for it"),
  pausedBy: z.string().optional(),
  appId: z.string(),
  clientId: z.string(),
  credentials: z.partialRecord(CredentialKind, Fingerprint),
  workspace: Workspace.optional().describe('Known after the first test that reached Slack'),
  features: z.array(z.string()),
  testChannel: z.string().optional(),
  maxAttempts: z.number().int().nullable().describe('null: 30, and no fewer than fit into 70 minutes'),
  nextAttemptDelay: z.number().nullable().describe('Seconds; null: the default of 1'),
  addresses: z
    .array(
      z.object({
        surface: z.enum(['commands', 'interactions']),
        url: z.string(),
        lastCalledAt: Instant.optional(),
        lastRefused: z.object({ at: Instant, reason: z.string() }).optional(),
      }),
    )
    .describe('The addresses Slack calls, and when it last did'),
  lastTest: z
    .object({ id: z.string(), at: Instant, state: z.string(), failed: z.number(), warned: z.number() })
    .optional(),
  destinations: z.number().int(),
  notes: z.array(z.string()).describe('Worth knowing, for example that the same app is connected twice'),
  createdAt: Instant,
  updatedAt: Instant,
})
export type Integration = z.infer<typeof Integration>

/** What a deletion takes along. Deliveries that have ended stay in the log. */
export const IntegrationBelongings = z.object({
  name: z.string(),
  destinations: z.number().int(),
  webhooks: z.number().int().describe('Of the destinations: their addresses can not be shown again'),
  waiting: z.number().int().describe('Deliveries that have not been sent and are cancelled'),
  tests: z.number().int(),
})
export type IntegrationBelongings = z.infer<typeof IntegrationBelongings>

/** Deleting asks for the exact name, so that nobody deletes the neighbour. */
export const DeleteIntegration = z.object({ name: z.string().max(200).optional() })

/** The catalogue: what can be connected, and what honestly cannot yet. */
export const CatalogueEntry = z.object({
  kind: z.string(),
  name: z.string(),
  description: z.string(),
  built: z.boolean(),
})
export type CatalogueEntry = z.infer<typeof CatalogueEntry>

export const ManifestQuery = z.object({
  name: OneLine.min(1).max(80).default('Switchboard'),
  integrationId: z.string().max(64).optional(),
  features: z.string().max(1_000).optional().describe('Comma-separated feature keys; all the defaults when left out'),
})
export const ManifestAnswer = z.object({
  integrationId: z.string().describe('The id whose addresses the manifest names: send it along when creating'),
  json: z.string(),
  yaml: z.string(),
  link: z.string().describe("Opens Slack's page for a new app, filled in"),
  warnings: z.array(z.string()),
})
export type ManifestAnswer = z.infer<typeof ManifestAnswer>
