import type { AppContext } from '../context.ts'

/** What waits now, as deliveries count it; app.ts hands it in, since metrics stands aside. */
export type QueueNow = {
  standing: readonly { state: string; priority: string; count: number }[]
  /** `drainedAt` is absent of a line that is stopped. */
  lanes: readonly { oldestAt: number; drainedAt?: number }[]
}
export type Dependants = { queueFigures: (ctx: AppContext) => Promise<QueueNow> }
