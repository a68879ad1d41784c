import type { AppContext } from '../context.ts'
import type { Db } from '../db/schema.ts'
import type { Actor } from '../users/actor.ts'

type Running = { by: string; cancel: AbortController; ended: Promise<void> }

/** The runs of this process, by integration. */
const running = new WeakMap<Db, Map<string, Running>>()

/**
 * Whoever starts a test over cancels their own earlier run, and waits until it has ended. The run of somebody else is
 * left alone: `run` finds it in the database and is refused.
 */
export async function endingOwnRun<Result>(
  ctx: AppContext,
  actor: Actor,
  integrationId: string,
  signal: AbortSignal,
  run: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const runs = running.get(ctx.db) ?? new Map<string, Running>()
  running.set(ctx.db, runs)
  const by = 'id' in actor ? actor.id : actor.name
  const earlier = runs.get(integrationId)
  if (earlier?.by === by) {
    earlier.cancel.abort()
    await earlier.ended
  }
  if (runs.has(integrationId)) return run(signal)

  const cancel = new AbortController()
  const ended = Promise.withResolvers<void>()
  runs.set(integrationId, { by, cancel, ended: ended.promise })
  try {
    return await run(AbortSignal.any([signal, cancel.signal]))
  } finally {
    runs.delete(integrationId)
    ended.resolve()
  }
}
