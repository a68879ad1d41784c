import type { TestStep } from '../../shared/connection-tests.ts'
import type { Message } from '../../shared/deliveries.ts'
import type { Channel, Person } from '../../shared/destinations.ts'
import type { CredentialKind, ProviderKind } from '../../shared/integrations.ts'
import type { AppContext } from '../context.ts'

/** An integration with its secrets opened, for as long as one call takes. */
export type Connection = {
  /** Absent while the integration is only on screen. */
  integrationId?: string
  appId?: string
  clientId?: string
  secrets: Partial<Record<CredentialKind, string>>
}

/** Where one message goes: a conversation through the bot, a person, or a webhook. */
export type Target =
  | { kind: 'channel'; conversationId: string }
  /** `person`: a member ID, or an e-mail address that is looked up first. */
  | { kind: 'person'; person: string; conversationId?: string }
  | { kind: 'webhook'; url: string }

/** What is done in Slack: a new message, a change of one that stands there, or taking one away. */
export type Act =
  | { kind: 'post'; threadTs?: string; broadcast?: boolean }
  /** `threadTs`: of the thread that it stands in, if it is a reply. */
  | { kind: 'update'; messageTs: string; threadTs?: string }
  | { kind: 'delete'; messageTs: string }

export type OutgoingMessage = {
  /** Kept in the message's metadata, so that a lost answer can be looked up later. */
  deliveryId: string
  target: Target
  message: Message
  act: Act
  file?: OutgoingFile
}

/** A file that goes along with a message; the message is its comment. */
export type OutgoingFile = {
  name: string
  sizeBytes: number
  altText?: string
  /** The bytes from the beginning, read from the store as they are sent: never the whole file in memory. */
  read: () => AsyncIterable<Uint8Array>
  /** Set once an earlier attempt got so far: the upload is not made again, and a lost share can be looked for. */
  uploadId?: string
  /** Called with the upload's id, and awaited, before the step whose outcome may be lost. */
  keepUploadId: (uploadId: string) => Promise<void>
}

/** How one request may be ended, and until when it may begin. */
export type SendLimits = {
  signal?: AbortSignal
  /** A reading of `performance.now()` after which no byte may leave any more: the claim may be another's by then. */
  notAfterMs?: number
}

/** A message whose outcome is unknown, and where and since when it may stand in Slack. */
export type LostMessage = {
  deliveryId: string
  conversationId: string
  /** The parent, when it was a reply. */
  threadTs?: string
  /** Epoch milliseconds: it can't have been sent before. */
  since: number
  /** Of a file, which carries no metadata. */
  uploadId?: string
}
/**
 * What a look into the conversation found. `isBesideThread`: the thread it was to be in is gone, and it stands in the
 * conversation itself. `can_not_look`: the scope or the conversation is not open to the app.
 */
export type LookResult = { exchange: Exchange } & (
  | { kind: 'found'; messageTs: string; permalink?: string; isBesideThread?: true }
  | { kind: 'not_found' }
  | { kind: 'can_not_look'; code: string }
  | { kind: 'rate_limited'; code: string; waitMs: number }
  | { kind: 'transient'; code: string }
)

/** What one request was and what came back; secrets are already out of it. */
export type Exchange = {
  /** chat.postMessage, webhook, … */
  method: string
  /** Wall time of the request in milliseconds, from a clock that never jumps. */
  tookMs: number
  httpStatus?: number
  /** x-slack-req-id */
  requestId?: string
  request: unknown
  response: unknown
}

/** Why a call did not do what was asked. `code` is a row of shared/slack-codes.ts, or Slack's own word. */
export type CallFailure =
  | { kind: 'rate_limited'; code: string; waitMs: number }
  /** `waitMs`: trying again sooner than this is of no use. */
  | { kind: 'transient'; code: string; waitMs?: number }
  /** It may have happened all the same. */
  | { kind: 'ambiguous'; code: string }
  | {
      kind: 'permanent'
      code: string
      stops: 'message' | 'destination' | 'credential' | 'integration'
      detail?: string
    }

export type SendResult = { exchange: Exchange } /** `appId`: which app posted it, where Slack says so. */ & (
  | { kind: 'sent'; messageTs?: string; conversationId?: string; permalink?: string; appId?: string }
  | CallFailure
)

/** The answer of a read, or why there is none. */
export type CallResult<Answer> =
  | { kind: 'answered'; answer: Answer; exchange: Exchange }
  | { kind: 'failed'; failure: CallFailure; exchange: Exchange }

/** What the doctor found out about the workspace, kept with the integration after the test. */
export type Findings = {
  workspaceId?: string
  workspaceName?: string
  workspaceUrl?: string
  botUserId?: string
  botId?: string
  botName?: string
  /** What the bot token was granted. */
  scopes?: string[]
}

/** What a connection test works on: what is on screen, completed by what is saved. */
export type CheckSubject = Connection & {
  features: string[]
  testChannel?: string
  webhooks: { label: string; url: string }[]
  /** The workspace of the last passing test, if there was one. */
  lastWorkspaceId?: string
  /** A button in the test message carries this, so that the click can be told from others. */
  testId: string
}

/** Someone of the workspace, by every name that others may write. */
export type Member = {
  id: string
  handle: string
  displayName: string
  realName: string
  /** Absent without the scope to see it. */
  email?: string
  isDeleted: boolean
  isBot: boolean
}
/** A handle that calls several people at once. */
export type MemberGroup = { id: string; handle: string; name: string; isDisabled: boolean }

/** How many requests a bucket holds when full, and how fast it fills again. */
export type Rate = { burst: number; perMinute: number }

/** A kind of integration. Adding one is implementing these and a row in registry.ts. */
export type Provider = {
  kind: ProviderKind
  /** One message; never retries by itself. A failure is a result, not an exception. */
  send: (ctx: AppContext, connection: Connection, message: OutgoingMessage, limits?: SendLimits) => Promise<SendResult>
  /** Looks whether a message of unknown outcome stands in its conversation. A webhook's can't be looked for. */
  look: (ctx: AppContext, connection: Connection, lost: LostMessage, limits?: SendLimits) => Promise<LookResult>
  /** The pace the provider allows: of each conversation or webhook, and of each method of one integration. */
  rates: { conversation: Rate; webhook: Rate; methods: Record<string, Rate> }
  /**
   * Runs the steps that ask the provider, in order, reporting each as it starts (`running`) and ends. A step that can't
   * run is `skipped` and says why; no failure hides a later step that can still run. Ends early when `signal` aborts.
   */
  check: (
    ctx: AppContext,
    subject: CheckSubject,
    report: (step: TestStep) => void,
    signal: AbortSignal,
  ) => Promise<Findings>
  /** The cheapest call that proves the credentials, for the availability figure. */
  probe: (ctx: AppContext, connection: Connection) => Promise<CallResult<Findings>>
  directory: {
    /** One page of the workspace's channels; `nextCursor` is absent on the last. */
    listChannels: (
      ctx: AppContext,
      connection: Connection,
      page: { cursor?: string },
    ) => Promise<CallResult<{ channels: Channel[]; nextCursor?: string }>>
    getChannel: (ctx: AppContext, connection: Connection, channelId: string) => Promise<CallResult<Channel>>
    findPersonByEmail: (ctx: AppContext, connection: Connection, email: string) => Promise<CallResult<Person>>
    getPerson: (ctx: AppContext, connection: Connection, userId: string) => Promise<CallResult<Person>>
    /** One page of the people of the workspace, those who left included; `nextCursor` is absent on the last. */
    listPeople: (
      ctx: AppContext,
      connection: Connection,
      page: { cursor?: string },
    ) => Promise<CallResult<{ people: Member[]; nextCursor?: string }>>
    /** All user groups, the disabled ones included: they come in one page. */
    listGroups: (ctx: AppContext, connection: Connection) => Promise<CallResult<{ groups: MemberGroup[] }>>
    /** The conversation id of the direct message with the bot of a person, named by member ID or e-mail address. */
    openDirectMessage: (ctx: AppContext, connection: Connection, person: string) => Promise<CallResult<string>>
  }
}
