import type { ErrorAnswer } from '../shared/refusals.ts'
import type { AppContext } from './context.ts'
import { refusalOfTrouble } from './db/trouble.ts'
import { Refusal } from './errors.ts'
import { redactText } from './lib/redact.ts'

export type Asked = { method: string; path: string; requestId: string | undefined }

/** The one form of every answer that is no success. What is not a refusal is our bug: logged, and told without detail. */
export function answerError(
  ctx: AppContext,
  error: unknown,
  asked: Asked,
): { status: number; body: ErrorAnswer; retryAfterSeconds: number | undefined } {
  const trouble = refusalOfTrouble(error)
  if (trouble) ctx.log.error('database.in_trouble', { ...asked, error })
  const refusal = trouble ?? (error instanceof Refusal ? error : undefined)
  if (!refusal) ctx.log.error('request.broke', { ...asked, error })
  const told =
    refusal ?? new Refusal('internal', 'Something broke on our side. It was logged; nothing half-done was kept.')
  // A field's name comes from outside: people paste tokens where a name should stand, and it may be as long as the body.
  const [message, field, fix] = [told.message, told.field, told.fix].map(
    (text) => text && redactText(text.slice(0, LONGEST_TOLD)),
  )
  const { requestId } = asked
  const body: ErrorAnswer = {
    error: {
      code: told.code,
      message: message ?? '',
      ...(field && { field }),
      ...(fix && { fix }),
      ...(requestId && { requestId }),
    },
  }
  return { status: told.status, body, retryAfterSeconds: told.retryAfterSeconds }
}

/** Longer than any sentence of ours. */
const LONGEST_TOLD = 1_000
