import type { Db } from './db/schema.ts'
import type { IdPrefix } from './lib/ids.ts'
import type { Log } from './lib/log.ts'
import type { Vault } from './vault/vault.ts'

/** What every verb is handed: the outside world, so that a test can set the clock, chance and ids. */
export type AppContext = {
  db: Db
  now: () => number
  newId: (prefix: IdPrefix) => string
  /** From 0 up to 1. */
  random: () => number
  log: Log
  vault: Vault
  slack: SlackReach
  /** What people and Slack reach this server at; no slash at the end. */
  publicUrl: string
  /** This process among the replicas: the owner written into leases. */
  workerId: string
  /** Tells a loop that there is work; it looks by itself too, so a lost nudge costs only time. */
  nudge: (loop: Loop) => void
}

export type Loop = 'deliveries' | 'channels' | 'rollups'

/** How Slack is reached: the one connection pool, and the only hosts that a secret may be sent to. */
export type SlackReach = {
  /** With a slash at the end. */
  apiUrl: string
  webhookHosts: string[]
  uploadHosts: string[]
  proxyUrl: string | undefined
  /** Keeps connections open between requests, follows no redirect, goes through the proxy when one is set. */
  fetch: typeof globalThis.fetch
}
