import type { Kysely } from 'kysely'

/*
 * Row types. Instants are epoch milliseconds, JSON is text read through a schema, a flag is a nullable time: one set of
 * types serves both engines. Columns are snake_case in the database; Kysely's plugin translates.
 */

/** better-auth owns these four; their column names and types follow its own field names. */
export type UsersTable = {
  id: string
  name: string
  email: string
  emailVerified: boolean | number
  image: string | null
  createdAt: string | Date
  updatedAt: string | Date
  role: string | null
  banned: boolean | number | null
  banReason: string | null
  banExpires: string | Date | null
}
export type SessionsTable = {
  id: string
  userId: string
  token: string
  expiresAt: string | Date
  ipAddress: string | null
  userAgent: string | null
  createdAt: string | Date
  updatedAt: string | Date
  impersonatedBy: string | null
}

export type AccountsTable = {
  id: string
  accountId: string
  providerId: string
  userId: string
  accessToken: string | null
  refreshToken: string | null
  idToken: string | null
  accessTokenExpiresAt: string | Date | null
  refreshTokenExpiresAt: string | Date | null
  scope: string | null
  /** scrypt, salted. */
  password: string | null
  createdAt: string | Date
  updatedAt: string | Date
}

/** Failed sign-ins by account and by address, for the brute-force limits. */
export type SignInFailuresTable = { subject: string; failures: number; firstAt: number; lastAt: number }

/** One row once the first admin exists; the table can't hold two. */
export type SetupDoneTable = { onlyOne: number; doneAt: number }

export type ApiKeysTable = {
  id: string
  name: string
  /** SHA-256 of the key, hex. */
  hash: string
  fingerprint: string
  scopes: string
  createdAt: number
  createdBy: string
  expiresAt: number | null
  revokedAt: number | null
  lastUsedAt: number | null
}

/** Each entry's hash covers the one before, so a row that was changed or taken out shows. */
export type AuditEntriesTable = {
  id: string
  number: number
  at: number
  actorKind: string
  actorId: string | null
  actorName: string
  action: string
  subjectKind: string
  subjectId: string
  subjectName: string
  detail: string
  hash: string
}

/** A key that seals one integration's secrets, itself wrapped by the master key named by `masterKeyId`. */
export type DataKeysTable = {
  id: string
  integrationId: string
  wrapped: string
  masterKeyId: string
  createdAt: number
  retiredAt: number | null
}

export type IntegrationsTable = {
  id: string
  provider: 'slack'
  name: string
  appId: string
  clientId: string
  /** JSON: feature keys. */
  features: string
  testChannel: string | null
  state: 'untested' | 'ok' | 'failing'
  stateAt: number
  stateCode: string | null
  disabledAt: number | null
  pausedAt: number | null
  pausedBy: string | null
  /** Why it paused itself; null: somebody paused it. */
  pauseCode: string | null
  /** null: the defaults. */
  maxAttempts: number | null
  nextAttemptDelayMs: number | null
  workspaceId: string | null
  workspaceName: string | null
  workspaceUrl: string | null
  botUserId: string | null
  botId: string | null
  botName: string | null
  createdAt: number
  createdBy: string
  updatedAt: number
}

export type CredentialsTable = {
  id: string
  integrationId: string
  kind: 'clientSecret' | 'signingSecret' | 'botToken' | 'appToken'
  sealed: string
  fingerprint: string
  setAt: number
  setBy: string
}

export type ConnectionTestsTable = {
  id: string
  integrationId: string
  number: number
  state: 'running' | 'ok' | 'warning' | 'failing' | 'waiting' | 'cancelled'
  startedAt: number
  endedAt: number | null
  byName: string
  /** JSON: TestStep[]. */
  steps: string
  /** JSON: string[]. */
  changes: string
  /** JSON: what the test found and what it worked with, to tell later what changed since. */
  facts: string
  /** Since when its last step waits for a call that Slack signed. */
  awaitsCallSince: number | null
}

/** When Slack last called each address of an integration, and when such a call was last refused. */
export type InboundSeenTable = {
  integrationId: string
  surface: 'commands' | 'interactions'
  lastCalledAt: number | null
  lastRefusedAt: number | null
  lastRefusedReason: string | null
  lastRefusedSkewMs: number | null
}

export type DestinationsTable = {
  id: string
  integrationId: string
  kind: 'channel' | 'person' | 'webhook'
  name: string
  /** Channel or user id; T…/B… of a webhook. Never a secret. */
  target: string
  /** The conversation id that messages go to: the channel, or the person's direct message once opened. */
  conversationId: string | null
  isPrivate: number | null
  /** A webhook's address, sealed. */
  sealedUrl: string | null
  /** Keyed hash of the webhook's address: the same hook is not taken twice. */
  urlHash: string | null
  state: 'untested' | 'ok' | 'failing'
  stateAt: number
  code: string | null
  disabledAt: number | null
  pausedAt: number | null
  pausedBy: string | null
  /** Why it paused itself; null: somebody paused it. */
  pauseCode: string | null
  owner: string | null
  note: string | null
  lastDeliveredAt: number | null
  createdAt: number
  createdBy: string
}

/** The channel directory of each workspace, as last read page by page. */
export type ChannelsTable = {
  integrationId: string
  id: string
  name: string
  isPrivate: number
  isArchived: number
  isMember: number
  members: number | null
  /** The refresh that last saw it; a finished refresh drops what it did not see. */
  refreshId: number
}
export type ChannelRefreshesTable = {
  integrationId: string
  refreshId: number
  state: 'running' | 'complete' | 'failed'
  cursor: string | null
  pages: number
  startedAt: number
  endedAt: number | null
  /** When the next page, or the next whole refresh, may be asked for. */
  dueAt: number
  claimedBy: string | null
  leaseEndsAt: number | null
  code: string | null
}

/** Someone of a workspace. The keys are the names as they are compared: normalized, in lower case. */
export type SlackUsersTable = {
  integrationId: string
  id: string
  handle: string
  displayName: string
  realName: string
  handleKey: string
  displayKey: string
  realKey: string
  /** In lower case. */
  email: string | null
  isDeleted: number
  isBot: number
  /** The refresh that last saw them; a finished refresh drops whom it did not see. */
  refreshId: number
}
export type SlackGroupsTable = {
  integrationId: string
  id: string
  handle: string
  name: string
  handleKey: string
  nameKey: string
  isDisabled: number
  refreshId: number
}
/** How far the reading of the people, or of the groups, of a workspace has come. */
export type SlackListsTable = {
  integrationId: string
  list: 'people' | 'groups'
  /** Another one after each change of what is known: what was read under the old one is out of date. */
  generation: string
  refreshId: number
  state: 'running' | 'complete' | 'failed'
  cursor: string | null
  pages: number
  /** When it was last read from beginning to end. */
  wholeAt: number | null
  endedAt: number | null
  dueAt: number
  claimedBy: string | null
  leaseEndsAt: number | null
  code: string | null
}
/** Whom Slack named for an e-mail address that the list of people does not have; nobody, where `userId` is empty. */
export type SlackEmailLookupsTable = {
  integrationId: string
  email: string
  userId: string | null
  userName: string | null
  lookedAt: number
}

export type DeliveriesTable = {
  id: string
  eventId: string | null
  integrationId: string
  destinationId: string
  /** `summary`: Switchboard made it of a flood. */
  origin: 'test' | 'message' | 'event' | 'summary'
  title: string
  /** JSON: Message. */
  message: string
  priority: 'urgent' | 'normal' | 'low'
  state:
    | 'pending'
    | 'sending'
    | 'retrying'
    | 'unconfirmed'
    | 'held'
    | 'delivered'
    | 'failed'
    | 'suppressed'
    | 'cancelled'
  /** Attempts made; a wait that Slack asked for counts none. */
  tries: number
  dueAt: number
  claimedBy: string | null
  leaseEndsAt: number | null
  createdAt: number
  createdBy: string
  endedAt: number | null
  deliveredAt: number | null
  messageTs: string | null
  conversationId: string | null
  permalink: string | null
  code: string | null
  mark: 'may_be_duplicate' | 'maybe_sent' | null
  /** Names as they were when it was accepted: history outlives what it names. */
  integrationName: string | null
  destinationKind: string | null
  destinationName: string | null
  /** The delivery that this one sends again. */
  replayOf: string | null
  /** When the present state began. */
  stateAt: number | null
  /** Its place in its destination's line: -1 a test somebody watches, 0 urgent, 1 normal, 2 low; null: not in line. */
  rank: number | null
  /** Its place among those of its rank. Null: written by a replica that knows no lanes. */
  queueAt: number | null
  /** The event's type. */
  type: string | null
  /** The platform's name for the person it is about. */
  recipient: string | null
  /** null, of rows from before: a post. */
  action: 'post' | 'update' | 'delete' | null
  /** The first delivered with this key is the parent; later ones reply to it. */
  threadKey: string | null
  /** The parent, where it is known without a look at the deliveries. */
  threadTs: string | null
  /** Set: a reply that the whole channel sees. */
  broadcast: number | null
  /** The first delivered with this key is changed by later ones. */
  updateKey: string | null
  /** Set: a change also leaves a reply that tells of it. */
  updateTrail: number | null
  dedupeKey: string | null
  /** The delivery whose message is changed or taken away. */
  targetId: string | null
  /** The delivery of which this is a continuation, since the message was too long for one. */
  partOf: string | null
  /** The summary, or the page of one, that says what this would have said. */
  foldedInto: string | null
  /** The delivery that said the same a short time before. */
  duplicateOf: string | null
  /** What to do about an unknown outcome that can't be looked up; null: at_least_once. */
  policy: 'at_least_once' | 'at_most_once' | null
  /** From the notification type; null: as the integration says. */
  maxAttempts: number | null
  nextAttemptDelayMs: number | null
  /** More low ones than this waiting for the channel become a summary. */
  foldAfter: number | null
  /** Since when it may stand in Slack without our knowing. */
  unsureSince: number | null
  /** How often it was looked for. */
  looks: number | null
  fileId: string | null
  /** Slack's id of the upload. */
  uploadId: string | null
  /** The replay job that made it. */
  replayId: string | null
  /** What Slack said beyond the code: the block at fault, the scope needed. */
  detail: string | null
}

/** One destination that something waits for: the unit of order, of pace and of claims. */
export type LanesTable = {
  destinationId: string
  integrationId: string
  /** The rank that is due first. */
  rank: number
  /** When to look at it next; while claimed, the end of the lease. Null: nothing waits, or it is stopped. */
  nextAt: number | null
  /** The last place that was given: whatever the clocks do, who comes later stands behind. */
  tailAt: number
  claimedBy: string | null
  leaseEndsAt: number | null
  /** Why nothing but tests leaves it. */
  stoppedCode: string | null
  stoppedAt: number | null
  /** Its deliveries have yet to be marked as held, or as waiting again; what goes out does not depend on it. */
  sweep: 'hold' | 'release' | null
  /** JSON: Place. How far that has come. */
  sweepAfter: string | null
}

/** Deliveries that wait, being brought to a new state some hundreds at a time. The row is gone when all are. */
export type SweepsTable = {
  /** A new one each time it begins anew. */
  id: string
  kind: 'type' | 'destination' | 'integration' | 'replay' | 'quiet'
  /** Which of them. */
  subject: string
  act: 'hold' | 'release' | 'cancel' | 'decide'
  /** JSON: SweepCursor. How far it has come. */
  cursor: string | null
  /** How many it has changed. */
  moved: number
  askedAt: number
  /** Null: what is being taken in by the settings before is not written yet, and would be missed. */
  readyAt: number | null
}

/** A token bucket that all replicas share: of a conversation, a webhook, or a method of an integration. */
export type BucketsTable = {
  key: string
  /** When it will be full again: each token taken moves it by the time that one takes to come back. */
  fullAt: number
  /** Slack asked to wait until then. */
  closedUntil: number
  /** The destination that met the method's limit last, and when: a second one soon after means the limit is the method's. */
  limitedBy: string | null
  limitedAt: number | null
}

export type EventsTable = {
  id: string
  /** The API key or person that sent it. */
  source: string
  type: string
  /** JSON: the event as it was taken. */
  body: string
  acceptedAt: number
  /** The state of types, rules, quiet hours and mutes under which it was decided. Null: taken in before there was one. */
  routingRevision: number | null
  /** JSON: RoutingNotes. Null: nothing to note. */
  routingNotes: string | null
  /** Null: where its type, a rule or itself sends it, as nearly all. */
  landed: 'nowhere' | 'fallback' | null
}

/** The answer that a repeated request gets again. */
export type IdempotencyKeysTable = {
  source: string
  key: string
  /** SHA-256 of the body, hex. */
  bodyHash: string
  /** JSON. */
  answer: string
  createdAt: number
}

export type FilesTable = {
  id: string
  name: string
  sizeBytes: number
  contentType: string
  altText: string | null
  sha256: string
  createdAt: number
  createdBy: string
}
export type FileChunksTable = { fileId: string; number: number; bytes: Buffer }

/** What becomes of one type of event, and how its deliveries are treated. */
export type NotificationTypesTable = {
  type: string
  description: string | null
  disabledAt: number | null
  /** JSON: SavedTarget[]; null: none. */
  destinations: string | null
  priority: 'urgent' | 'normal' | 'low' | null
  /** JSON: string[]; null: none. */
  mentions: string | null
  emoji: string | null
  template: string | null
  /** JSON: Threading. */
  threading: string | null
  updateBy: string | null
  /** JSON: string[]; null: all. */
  allowedFields: string | null
  retentionDays: number | null
  policy: 'at_least_once' | 'at_most_once'
  maxAttempts: number | null
  nextAttemptDelayMs: number | null
  foldAfter: number | null
  dedupeWindowMs: number
  updateTrail: number
  pausedAt: number | null
  pausedBy: string | null
  updatedAt: number
  updatedBy: string
}

/** A template, and which of its versions is in use. */
export type TemplatesTable = {
  name: string
  description: string | null
  version: number
}

/** What a template said from one change to the next; never changed itself. */
export type TemplateVersionsTable = {
  name: string
  number: number
  source: string
  /** JSON: an event. */
  sample: string
  /** JSON: SavedCase[]. */
  cases: string
  note: string | null
  at: number
  by: string
}

/** A condition over the event, and what it adds. */
export type RoutingRulesTable = {
  id: string
  position: number
  name: string
  condition: string
  disabledAt: number | null
  stop: number
  /** JSON: SavedTarget[]. */
  destinations: string
  /** JSON: string[]. */
  mentions: string
  priority: 'urgent' | 'normal' | 'low' | null
  updatedAt: number
  updatedBy: string
}

/** One row. Whatever may change a decision counts `revision` up in its own transaction. */
export type RoutingStateTable = {
  onlyOne: number
  revision: number
  /** JSON: SavedTarget[]. */
  fallback: string
}

/** One apply of a configuration file. */
export type ChangeSetsTable = {
  id: string
  at: number
  byName: string
  file: string
  format: string
  /** JSON: ChangeCounts. */
  counts: string
  /** JSON: PlannedChange[], without secrets. */
  changes: string
}

/** What a file set a thing to when it was last applied: whoever changes it in the console afterwards is seen by it. */
export type AppliedObjectsTable = {
  kind: string
  key: string
  /** JSON, without secrets. */
  fields: string
  changeSetId: string
}

/** A slash command that the platform answers. */
export type DeclaredCommandsTable = {
  command: string
  description: string
  /** JSON: a list of name, description and type. */
  parameters: string
  handler: string
  updatedAt: number
  updatedBy: string
}

/** All that decided at a revision, kept with the first event that was decided by it. */
export type RoutingSnapshotsTable = { revision: number; body: string; at: number }

/** When messages about something have to wait, week by week. */
export type QuietHoursTable = {
  id: string
  /** JSON: QuietScope. */
  scope: string
  /** JSON: number[], 1 is Monday. */
  days: string
  /** As the clock on the wall shows it: 22:00. */
  begins: string
  ends: string
  timeZone: string
  urgentBreaksThrough: number
  atEnd: 'digest' | 'send' | 'drop'
  disabledAt: number | null
  updatedAt: number
  updatedBy: string
}

/** Quiet for once, with a reason. */
export type MutesTable = {
  id: string
  /** JSON: QuietScope. */
  scope: string
  fromAt: number
  untilAt: number
  reason: string
  createdBy: string
  urgentBreaksThrough: number
  atEnd: 'digest' | 'send' | 'drop'
  /** By hand, before its time. */
  endedAt: number | null
  endedBy: string | null
}

/** What quiet hours or a mute did to a delivery. */
export type QuietWaitsTable = {
  deliveryId: string
  destinationId: string
  code: 'quiet_hours' | 'muted'
  /** The id of the quiet hours or mute that holds it; empty while that has to be decided anew. */
  heldBy: string
  /** JSON: string[]. What has held it to its end; each holds a delivery once. */
  heldBefore: string
  reason: string
  atEnd: 'digest' | 'send' | 'drop'
  beganAt: number
  untilAt: number
  /** When it would have gone out. */
  meantAt: number
  /** Null: it waits. */
  endedAt: number | null
  outcome: 'digest' | 'sent' | 'dropped' | 'over' | 'broke_through' | 'taken_along' | null
}

/** How much was deleted on a day since it was old enough. */
export type RetentionDaysTable = {
  /** 2026-11-26, in UTC. */
  day: string
  deliveries: number
  events: number
  files: number
  /** When the audit trail was told. */
  toldAt: number | null
}

/** An open problem that Switchboard noticed by itself. One is open for each subject. */
export type IncidentsTable = {
  id: string
  subjectKind: 'destination' | 'integration' | 'platform_endpoint' | 'schedule'
  subjectId: string
  subjectName: string
  /** Empty: of a schedule that no integration is asked for. */
  integrationId: string
  code: string
  detail: string | null
  /** The delivery that met it. */
  deliveryId: string | null
  openedAt: number
  closedAt: number | null
  closedBy: string | null
}

/** What runs at which times. */
export type SchedulesTable = {
  id: string
  name: string
  cron: string
  timeZone: string
  type: string
  /** JSON: ScheduleSource. */
  source: string
  disabledAt: number | null
  missedRuns: 'skip' | 'run_once' | 'run_all'
  overlap: 'skip' | 'wait'
  /** The next time that has not been planned. Null: switched off, or there is none. */
  nextAt: number | null
  updatedAt: number
  updatedBy: string
}

export type ScheduleRunsTable = {
  id: string
  scheduleId: string
  plannedAt: number
  /** Who pressed Run now; null: the schedule. */
  askedBy: string | null
  state: 'waiting' | 'running' | 'done' | 'failed' | 'skipped'
  /** From when on it tells of what happened, since its first attempt. */
  since: number | null
  dueAt: number
  tries: number
  claimedBy: string | null
  leaseEndsAt: number | null
  startedAt: number | null
  endedAt: number | null
  events: number
  /** JSON: string[], of the first ten. */
  eventIds: string
  code: string | null
  detail: string | null
}

/** The customer's own service, one for each integration. */
export type PlatformEndpointsTable = {
  id: string
  integrationId: string
  url: string
  disabledAt: number | null
  updatedAt: number
  updatedBy: string
}

/** What calls to an endpoint are signed with: the present secret, and earlier ones until they end. */
export type PlatformSecretsTable = {
  id: string
  endpointId: string
  sealed: string
  /** Its last four characters. */
  ending: string
  madeAt: number
  /** Null: the present one. */
  endsAt: number | null
}

export type PlatformCallsTable = {
  id: string
  integrationId: string
  kind: string
  state: 'pending' | 'sending' | 'retrying' | 'delivered' | 'failed'
  /** JSON: the body while it waits; once it has ended, how it began, secrets removed. */
  request: string
  tries: number
  dueAt: number
  claimedBy: string | null
  leaseEndsAt: number | null
  createdAt: number
  endedAt: number | null
  code: string | null
  detail: string | null
}

export type PlatformAttemptsTable = {
  callId: string
  number: number
  startedAt: number
  tookMs: number
  httpStatus: number | null
  code: string | null
  /** How the answer began, secrets removed. */
  answer: string | null
}

/** A job that sends again what a filter finds. */
export type ReplaysTable = {
  id: string
  state: 'running' | 'paused' | 'done' | 'cancelled'
  /** JSON. */
  filter: string
  options: string
  /** The last delivery that was looked at. */
  cursor: string | null
  total: number
  made: number
  skipped: number
  createdAt: number
  createdBy: string
  endedAt: number | null
  dueAt: number
  claimedBy: string | null
  leaseEndsAt: number | null
}

export type AttemptsTable = {
  id: string
  deliveryId: string
  integrationId: string
  /** null: Slack asked to wait, which uses up no attempt. */
  number: number | null
  method: string
  startedAt: number
  endedAt: number
  tookMs: number
  outcome:
    | 'sent'
    | 'rate_limited'
    | 'transient'
    | 'permanent'
    | 'ambiguous'
    /** Of a look for a message of unknown outcome. */
    | 'found'
    | 'not_found'
    | 'can_not_look'
  code: string | null
  httpStatus: number | null
  requestId: string | null
  retryAfterMs: number | null
  /** JSON, secrets removed. */
  request: string
  response: string
}

/** One signed slash command, stored before Slack is answered. */
export type InvocationsTable = {
  id: string
  integrationId: string
  command: string
  text: string
  userId: string
  userName: string
  channelId: string
  channelName: string
  teamId: string
  /** `<timestamp>:v0=…`: the same signed request is taken once. */
  signature: string
  receivedAt: number
  ackMs: number
  outcome: 'answered' | 'failed' | 'waiting'
  code: string | null
  /** When the platform's answer was given, or given up; null where Switchboard answered by itself. */
  endedAt: number | null
  /** How long the platform took. */
  platformMs: number | null
  /** The call in the log of the platform. */
  callId: string | null
  detail: string | null
}

/** A use that the platform has to answer, until it is answered or its response_url has run out. */
export type WaitingCommandsTable = {
  invocationId: string
  integrationId: string
  /** Sealed JSON: what was typed, and the address that takes the answer. */
  asked: string
  /** Sealed JSON: the answer, when it is there and Slack could not take it yet. */
  answer: string | null
  /** Counts claims. */
  tries: number
  /** While it is claimed: when the lease ends. */
  dueAt: number
  claimedBy: string | null
  expiresAt: number
}

/** One signed click or modal. */
export type InteractionsTable = {
  id: string
  integrationId: string
  kind: string
  actionId: string
  value: string
  userId: string
  userName: string
  channelId: string
  messageTs: string
  signature: string
  receivedAt: number
  ackMs: number
}

/** Refused requests, counted by minute: an attacker can make the counts grow, never the number of rows. */
export type RefusedRequestsTable = {
  integrationId: string
  surface: 'commands' | 'interactions'
  reason: string
  minuteAt: number
  count: number
  lastAt: number
  /** How far the request's timestamp lay from our clock, for the hint about clocks. */
  lastSkewMs: number | null
}

export type ProbesTable = {
  id: string
  integrationId: string
  at: number
  tookMs: number
  ok: number
  code: string | null
}

/** The last minute of each integration that some replica took on to probe. */
export type ProbeClaimsTable = { integrationId: string; minuteAt: number }

/** Figures of one minute, or of one of the wider steps, computed from the rows; computing them again changes nothing. */
export type RollupsTable = {
  /** One of the steps of the windows in shared/metrics.ts, milliseconds. */
  stepMs: number
  at: number
  integrationId: string
  /** As listed in server/metrics/figures.ts. */
  series: string
  /** The method or command; empty where there is none. */
  label: string
  good: number
  bad: number
  /** First-try deliveries; else 0. */
  first: number
  /** JSON sketch of milliseconds, or empty. */
  sketch: string
}
/** How far the roll-up has come. */
export type RollupMarksTable = { name: string; at: number }

export type Database = {
  users: UsersTable
  sessions: SessionsTable
  accounts: AccountsTable
  signInFailures: SignInFailuresTable
  setupDone: SetupDoneTable
  apiKeys: ApiKeysTable
  auditEntries: AuditEntriesTable
  dataKeys: DataKeysTable
  integrations: IntegrationsTable
  credentials: CredentialsTable
  connectionTests: ConnectionTestsTable
  inboundSeen: InboundSeenTable
  destinations: DestinationsTable
  channels: ChannelsTable
  channelRefreshes: ChannelRefreshesTable
  slackUsers: SlackUsersTable
  slackGroups: SlackGroupsTable
  slackLists: SlackListsTable
  slackEmailLookups: SlackEmailLookupsTable
  deliveries: DeliveriesTable
  attempts: AttemptsTable
  lanes: LanesTable
  sweeps: SweepsTable
  buckets: BucketsTable
  events: EventsTable
  idempotencyKeys: IdempotencyKeysTable
  files: FilesTable
  fileChunks: FileChunksTable
  notificationTypes: NotificationTypesTable
  templates: TemplatesTable
  templateVersions: TemplateVersionsTable
  routingRules: RoutingRulesTable
  routingState: RoutingStateTable
  routingSnapshots: RoutingSnapshotsTable
  quietHours: QuietHoursTable
  mutes: MutesTable
  quietWaits: QuietWaitsTable
  retentionDays: RetentionDaysTable
  changeSets: ChangeSetsTable
  appliedObjects: AppliedObjectsTable
  declaredCommands: DeclaredCommandsTable
  incidents: IncidentsTable
  replays: ReplaysTable
  schedules: SchedulesTable
  scheduleRuns: ScheduleRunsTable
  platformEndpoints: PlatformEndpointsTable
  platformSecrets: PlatformSecretsTable
  platformCalls: PlatformCallsTable
  platformAttempts: PlatformAttemptsTable
  invocations: InvocationsTable
  waitingCommands: WaitingCommandsTable
  interactions: InteractionsTable
  refusedRequests: RefusedRequestsTable
  probes: ProbesTable
  probeClaims: ProbeClaimsTable
  rollups: RollupsTable
  rollupMarks: RollupMarksTable
}

/** The database, or an open transaction in it. */
export type Db = Kysely<Database>
