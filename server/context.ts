import type { Db } from './db/schema.ts'
import type { IdPrefix } from './lib/ids.ts'
import type { Log } from './lib/log.ts'
import type { Vault } from './vault/vault.ts'

/** What every verb is handed: the outside world, so that a test can set the clock, chance and ids. */
export type AppContext = {
  db: Db
  now: () => number
  /** The clock that leases and pace go by: the database's, where replicas share one. Asked inside a transaction. */
  storeNow: (db: Db) => Promise<number>
  newId: (prefix: IdPrefix) => string
  /** From 0 up to 1. */
  random: () => number
  log: Log
  vault: Vault
  slack: SlackReach
  platform: PlatformReach
  /** What people and Slack reach this server at; no slash at the end. */
  publicUrl: string
  /** Whether messages keep the provider's pace; `off` only for a simulator without limits. */
  pace: 'slack' | 'off'
  /** This process among the replicas: the owner written into leases. */
  workerId: string
  /** Tells a loop that there is work; it looks by itself too, so a lost nudge costs only time. */
  nudge: (loop: Loop) => void
}

export type Loop =
  | 'deliveries'
  | 'channels'
  | 'rollups'
  | 'replays'
  | 'platform_notices'
  | 'schedules'
  | 'quiet_hours'
  | 'mentions'
  | 'commands'

/** How Slack is reached: the one connection pool, and the only hosts that a secret may be sent to. */
export type SlackReach = {
  /** With a slash at the end. */
  apiUrl: string
  webhookHosts: string[]
  uploadHosts: string[]
  proxyUrl: string | undefined
  /** Keeps connections open between requests, follows no redirect, goes through the proxy when one is set. */
  fetch: (url: string | URL, request?: SlackRequest) => Promise<SlackResponse>
}

export type SlackRequest = {
  method?: 'GET' | 'POST'
  headers?: Record<string, string>
  /** What is not a text is sent as it comes, and needs a content-length among the headers. */
  body?: string | AsyncIterable<Uint8Array>
  signal?: AbortSignal
  /** A reading of `performance.now()`: when it is past before the first byte is written, nothing is sent. */
  notAfterMs?: number
  /** Instead of a limit for the whole request: how long nothing may move. */
  stallMs?: number
}

/** What of a `Response` is needed here: the answer is there as a whole, its header names are in lower case. */
export type SlackResponse = {
  url: string
  status: number
  statusText: string
  ok: boolean
  headers: { get: (name: string) => string | null; entries: () => Iterable<[string, string]> }
  body: { cancel: () => Promise<void> } | null
  text: () => Promise<string>
}

/** How the customer's own service is reached, at an address that a person typed in. */
export type PlatformReach = {
  /** Hosts, or hosts and ports, that may be of a private network and be spoken to over plain http. */
  hosts: string[]
  /** Posts JSON; bounded in time and length, follows no redirect. What goes wrong is an answer too. */
  ask: (url: string, request: PlatformRequest) => Promise<PlatformAnswer>
}

export type PlatformRequest = {
  headers: Record<string, string>
  body: string
  /** For all of it, from looking up the name to the last byte of the answer. */
  deadlineMs: number
}

/** `httpStatus` of a failure: the answer began, and then was no good. */
export type PlatformAnswer =
  | { kind: 'answered'; status: number; text: string; retryAfterMs?: number }
  | { kind: 'failed'; code: string; detail?: string; httpStatus?: number }
