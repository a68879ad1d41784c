import type { DeliveryPolicy } from '../../shared/notification-types.ts'

/** What each policy does with a message that may have arrived and cannot be looked for. */
export const policyWords: Readonly<Record<DeliveryPolicy, { name: string; means: string }>> = {
  at_least_once: {
    name: 'Send again',
    means: 'It arrives for certain, but might stand there twice. Such a one is marked “may be a duplicate”.',
  },
  at_most_once: {
    name: 'Do not repeat',
    means: 'It never stands there twice, but might be missing. Such a one is marked “maybe sent” and left to you.',
  },
}

/** What holds where nothing was chosen; the server says the same of `maxAttempts`. */
export const DEFAULT_ATTEMPTS = 30
