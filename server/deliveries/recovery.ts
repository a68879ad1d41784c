import type { AppContext } from '../context.ts'
import { isSlow, LONGEST_WAIT_MS } from './lanes/waits-store.ts'
import type { Finished } from './settle.ts'

/** A hiccup is over by then: Slack, or the way there, was out of order. */
const TRIES_OF_TROUBLE = 3

/** Whether this one found out that Slack takes messages again which it had refused for long. */
export const hasRecovered = ({ taken, step }: Finished): boolean =>
  step.state === 'delivered' && taken.delivery.tries >= TRIES_OF_TROUBLE

/** When that was last found out here, by integration; by this process's own clock, as the times of attempts are. */
const recoveredAt = new WeakMap<AppContext, Map<string, number>>()

export function noteRecovered(ctx: AppContext, finished: readonly Finished[]): void {
  const known = recoveredAt.get(ctx) ?? new Map<string, number>()
  recoveredAt.set(ctx, known)
  for (const each of finished) if (hasRecovered(each)) known.set(each.taken.integration.id, ctx.now())
}

/**
 * How long a delivery waits for its next attempt. One that was still being tried while others found out that Slack is back
 * was in nobody's list of waits, and must not sit out a longer one than they do now.
 */
export function waitAfter(ctx: AppContext, finished: Finished, waitMs: number): number {
  const { taken, step, attempts } = finished
  const { integration, delivery } = taken
  const at = recoveredAt.get(ctx)?.get(integration.id)
  const startedAt = attempts.at(-1)?.startedAt
  const isLate = at !== undefined && startedAt !== undefined && startedAt <= at
  if (!isLate || step.state !== 'retrying' || isSlow(step.code)) return waitMs
  const wantedMs = delivery.nextAttemptDelayMs ?? integration.nextAttemptDelayMs ?? 0
  return Math.min(waitMs, Math.max(LONGEST_WAIT_MS, wantedMs))
}
