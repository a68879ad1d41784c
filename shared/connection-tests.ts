import { z } from 'zod'
import { NewIntegration } from './integrations.ts'
import { Instant, PageQuery } from './paging.ts'

/** The steps in the order they run; a page may draw the list before the first one ends. */
export const stepNames = [
  'fields',
  'reach',
  'bot_token',
  'app_match',
  'scopes',
  'client_secret',
  'app_token',
  'channel',
  'message',
  'webhooks',
  'signing_secret',
] as const
export const StepName = z.enum(stepNames)
export type StepName = z.infer<typeof StepName>

/** What a person calls each step. */
export const stepLabels: Readonly<Record<StepName, string>> = {
  fields: 'Form of the fields',
  reach: 'Reaching Slack',
  bot_token: 'Bot token',
  app_match: 'App ID',
  scopes: 'Scopes',
  client_secret: 'Client ID and secret',
  app_token: 'App-level token',
  channel: 'Test channel',
  message: 'Test message',
  webhooks: 'Webhooks',
  signing_secret: 'Signing secret',
}

/** The action of the button in the test message; its value is the id of the test. */
export const TEST_ACTION_ID = 'switchboard_test'

export const StepState = z.enum(['running', 'pass', 'warn', 'fail', 'skipped', 'waiting'])
export type StepState = z.infer<typeof StepState>

export const Link = z.object({ label: z.string(), url: z.string() })

export const TestStep = z.object({
  name: StepName,
  state: StepState,
  title: z.string().describe('One line, for example "Bot token is @switchboard in Acme"'),
  tookMs: z.number(),
  code: z.string().optional().describe("Slack's exact code, or the network's"),
  requestId: z.string().optional().describe('x-slack-req-id'),
  detail: z.string().optional().describe('What it means, one plain sentence'),
  fix: z.string().optional().describe('What to do, one plain sentence'),
  link: Link.optional().describe("The page of Slack's app settings where it is done"),
  field: z.string().optional().describe('The field at fault'),
  items: z
    .array(
      z.object({
        label: z.string(),
        state: StepState,
        note: z.string().optional(),
        code: z.string().optional(),
        fix: z.string().optional(),
      }),
    )
    .optional()
    .describe('Parts of the step: scopes, webhooks, DNS/TCP/TLS/HTTP, fields'),
})
export type TestStep = z.infer<typeof TestStep>

export const TestState = z.enum(['running', 'ok', 'warning', 'failing', 'waiting', 'cancelled'])
export type TestState = z.infer<typeof TestState>

export const ConnectionTest = z.object({
  id: z.string().optional().describe('Absent for an integration that is not saved yet'),
  number: z.number().int().optional(),
  state: TestState,
  startedAt: Instant,
  endedAt: Instant.optional(),
  by: z.string(),
  steps: z.array(TestStep),
  changes: z.array(z.string()).describe('What changed since the last passing run, one sentence each'),
})
export type ConnectionTest = z.infer<typeof ConnectionTest>

/**
 * What is on screen. A secret left out is taken from the saved integration, so nothing is retyped to test; `null` tests
 * without it.
 */
export const TestDraft = NewIntegration.omit({ id: true, provider: true, enabled: true })
  .partial()
  .extend({
    botToken: NewIntegration.shape.botToken.nullable(),
    appToken: NewIntegration.shape.appToken.nullable(),
    testChannel: NewIntegration.shape.testChannel.nullable(),
    webhooks: z.array(z.string().trim().max(500)).max(20).optional(),
  })
export type TestDraft = z.infer<typeof TestDraft>

/** Lines of the stream: each step when it starts and ends, then the whole run. */
export const TestStreamEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('step'), step: TestStep }),
  z.object({ kind: z.literal('ended'), test: ConnectionTest }),
])
export type TestStreamEvent = z.infer<typeof TestStreamEvent>

export const ListConnectionTests = PageQuery
