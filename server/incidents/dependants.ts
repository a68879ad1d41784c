import type { AppContext } from '../context.ts'
import type { Db } from '../db/schema.ts'
import type { SavedIncident } from './store.ts'

/** What the slices above say about incidents; app.ts hands it in, since those slices build on this one. */
export type Dependants = {
  /** How many deliveries wait behind each of these, by its id. One that is closed holds nothing. */
  countHeld: (ctx: AppContext, incidents: readonly SavedIncident[]) => Promise<Map<string, number>>
  /** The Slack app of each of these integrations, for links to its pages. */
  listAppIds: (db: Db, integrationIds: readonly string[]) => Promise<Map<string, string>>
}
