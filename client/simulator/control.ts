import { z } from 'zod'
import { ApiError } from '../lib/api.ts'

export const Channel = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['public', 'private', 'im']),
  archived: z.boolean(),
  private: z.boolean(),
  readOnly: z.boolean(),
  member: z.boolean(),
  purpose: z.string(),
  messages: z.number(),
})
export type Channel = z.infer<typeof Channel>

const Blocks = z.array(z.record(z.string(), z.unknown()))

export const Message = z.object({
  ts: z.string(),
  user: z.string().optional(),
  username: z.string().optional(),
  bot_id: z.string().optional(),
  bot_profile: z.object({ name: z.string() }).optional(),
  text: z.string(),
  blocks: Blocks.optional(),
  attachments: Blocks.optional(),
  thread_ts: z.string().optional(),
  edited: z.object({ ts: z.string() }).optional(),
  reactions: z.array(z.object({ name: z.string(), count: z.number() })).optional(),
  ephemeral_to: z.string().optional(),
})
export type Message = z.infer<typeof Message>

export const Person = z.object({
  id: z.string(),
  name: z.string(),
  realName: z.string(),
  deleted: z.boolean(),
  isBot: z.boolean(),
})
export type Person = z.infer<typeof Person>

export const TOKEN_STATES = ['live', 'expired', 'revoked', 'inactive'] as const
export const TokenKind = z.enum(['bot', 'user', 'app'])

export const App = z.object({
  appId: z.string(),
  name: z.string(),
  clientId: z.string(),
  clientSecret: z.string(),
  signingSecret: z.string(),
  botToken: z.string().nullable(),
  userToken: z.string().nullable(),
  appToken: z.string().nullable(),
  scopes: z.array(z.string()),
  commandsUrl: z.string().nullable(),
  interactivityUrl: z.string().nullable(),
  commands: z.array(z.object({ command: z.string(), description: z.string() })),
  tokens: z.array(z.object({ kind: TokenKind, state: z.enum(TOKEN_STATES), scopes: z.array(z.string()) })),
  webhooks: z.array(
    z.object({ id: z.string(), url: z.string(), channel: z.string().nullable(), removed: z.boolean() }),
  ),
})
export type App = z.infer<typeof App>

export const Fault = z.object({
  id: z.string(),
  method: z.string(),
  channel: z.string().optional(),
  kind: z.string(),
  code: z.string().optional(),
  times: z.number().nullable(),
  hits: z.number(),
})
export type Fault = z.infer<typeof Fault>

export const Call = z.object({
  id: z.number(),
  at: z.string(),
  direction: z.enum(['in', 'out']),
  method: z.string(),
  args: z.unknown(),
  status: z.number().nullable(),
  ok: z.boolean().optional(),
  error: z.string().optional(),
  fault: z.string().optional(),
  tookMs: z.number().optional(),
})
export type Call = z.infer<typeof Call>

export const Settings = z.object({
  pace: z.enum(['slack', 'fast']),
  dateSkewSeconds: z.number(),
  retryAfterHeader: z.boolean(),
  url: z.string(),
  team: z.object({ name: z.string(), domain: z.string() }),
  methods: z.array(z.string()),
  faultKinds: z.array(z.string()),
})

export const Answered = z.object({
  status: z.number().nullable(),
  tookMs: z.number(),
  body: z.string(),
  error: z.string().optional(),
})

const Refusal = z.object({
  error: z.object({ code: z.string(), message: z.string(), field: z.string().optional() }),
})

/** Asks the simulator's control API. Refusals and silence are thrown as ApiError, as everywhere in the console. */
export async function control<T>(method: string, path: string, schema: z.ZodType<T>, body?: unknown): Promise<T> {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) }
  const response = await fetch(`/_sim${path}`, init).catch(() => {
    throw new ApiError({
      status: 0,
      code: 'unreachable',
      message: 'The simulator could not be reached.',
      fix: 'Check that it still runs, then try again.',
    })
  })
  const text = await response.text()
  if (!response.ok) throw refusal(response.status, text)
  return schema.parse(text === '' ? undefined : JSON.parse(text))
}

function refusal(status: number, text: string): ApiError {
  const known = Refusal.safeParse(readJson(text)).data?.error
  const { code, message, field } = known ?? {
    code: `http_${status}`,
    message: `The simulator answered ${status}.`,
    field: undefined,
  }
  return new ApiError({ status, code, message, field })
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
