import type { CommandInfo } from '../../shared/commands.ts'
import type { AppContext } from '../context.ts'
import type { Db } from '../db/schema.ts'

/** What the slices above know of an integration. They build on this one, so app.ts hands it in. */
export type Dependants = {
  countDestinations: (db: Db, integrationIds: string[]) => Promise<Map<string, { all: number; webhooks: number }>>
  /** The saved webhooks, opened: the connection test posts to each. */
  openWebhooks: (ctx: AppContext, integrationId: string) => Promise<{ label: string; url: string }[]>
  /** Commands that the platform answers, for the manifest. */
  listDeclared: (db: Db) => Promise<CommandInfo[]>
  /** Deliveries that have not been sent. */
  countWaiting: (db: Db, integrationId: string) => Promise<number>
  /** Begins to end those, in the transaction of the deletion and before anything else of it. */
  cancelWaiting: (ctx: AppContext, trx: Db, integrationId: string) => Promise<void>
  /** Goes on with that once it is committed: a short while, the rest is the workers'. */
  sweepWaiting: (ctx: AppContext, integrationId: string) => Promise<void>
}
