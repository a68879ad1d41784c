import type { Db } from '../db/schema.ts'

/** What platform, which stands beside integrations, has to know of one; app.ts hands it in. */
export type Dependants = {
  /** Refuses when there is none. It stays as it is until the transaction ends. */
  lockIntegration: (trx: Db, id: string) => Promise<{ name: string }>
}
