import { deliveryCode } from '../../shared/delivery-codes.ts'
import { Refusal } from '../errors.ts'
import type { CallFailure } from '../providers/provider.ts'

/** A failed look-up as a refusal: what Slack said, what it means and the way out. */
export function refusalOfFailure(failure: CallFailure, about: { what: string; field?: string }): Refusal {
  const { meaning, fix } = deliveryCode(failure.code)
  const more = { field: about.field, fix }
  const message = `${about.what}: ${meaning} (${failure.code})`
  switch (failure.kind) {
    case 'permanent':
      return new Refusal('invalid', message, more)
    case 'rate_limited':
      // The meaning is that of a delivery, which is queued; of this request nothing was kept.
      return new Refusal('unavailable', `${about.what}: Slack asks to wait, and nothing was kept. (${failure.code})`, {
        ...more,
        fix: 'Send it again after the time in Retry-After.',
        retryAfterSeconds: Math.ceil(failure.waitMs / 1000),
      })
    case 'transient':
    case 'ambiguous':
      return new Refusal('unavailable', message, more)
  }
}
