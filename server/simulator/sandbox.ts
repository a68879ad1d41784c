import type { Calls } from './calls.ts'
import type { Fault } from './faults.ts'
import type { Limiter } from './limits.ts'
import type { Outbox } from './outbound.ts'
import type { Feed } from './stream.ts'
import type { Workspace } from './workspace.ts'

export type Pace = 'slack' | 'fast'
export type SeedName = 'acme' | 'large' | 'empty'

/** One running simulator: its workspace and everything that shapes how it answers. */
export type Sandbox = {
  now: () => number
  /** http://127.0.0.1:PORT, known once it listens. */
  url: string
  host: string
  seed: SeedName
  pace: Pace
  dateSkewSeconds: number
  /** False leaves Retry-After out of every 429. */
  retryAfterHeader: boolean
  /** How long after its completion a file shows in its conversation. */
  fileShareMs: number
  /** The most messages a page of a conversation holds; 15 is what Slack gives to apps for many workspaces. */
  historyPageMost: number
  workspace: Workspace
  faults: Fault[]
  limiter: Limiter
  calls: Calls
  feed: Feed
  outbox: Outbox
  /** Aborted when the simulator stops, so that nothing that waits keeps it alive. */
  stopping: AbortSignal
}
