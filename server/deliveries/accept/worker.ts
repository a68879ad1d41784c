import type { AppContext } from '../../context.ts'
import { dropLostChunks } from '../../files/store.ts'
import { type Repeating, repeat } from '../../lib/repeat.ts'
import { dropAnswersBefore } from './idempotency-store.ts'

/** Drops what taking in leaves behind: answers that nobody asks for again, and uploads that a crash broke off. */
export function startAcceptUpkeep(ctx: AppContext): Repeating {
  return repeat(
    () => dropLeftovers(ctx),
    EVERY_MS,
    (error) => ctx.log.error('accept_upkeep.broke', { error }),
  )
}

/** One bounded round; true when there is more to drop. */
export async function dropLeftovers(ctx: AppContext): Promise<boolean> {
  const now = ctx.now()
  const answers = await dropAnswersBefore(ctx.db, now - ANSWERS_KEPT_MS, MOST_ANSWERS)
  const chunks = await dropLostChunks(ctx.db, now - UPLOADS_END_WITHIN_MS, MOST_CHUNKS)
  return answers === MOST_ANSWERS || chunks === MOST_CHUNKS
}

const DAY_MS = 24 * 60 * 60_000
export const ANSWERS_KEPT_MS = 7 * DAY_MS
const UPLOADS_END_WITHIN_MS = DAY_MS
const EVERY_MS = 10 * 60_000
const MOST_ANSWERS = 1_000
const MOST_CHUNKS = 20
