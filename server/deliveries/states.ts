import type { DeliveryState } from '../../shared/deliveries.ts'

/**
 * Every change of state that may happen, and why. What is not here does not happen: each update names the state it
 * expects, and a test holds the stores to this table.
 */
export const stateChanges: readonly { from: DeliveryState; to: DeliveryState; because: string }[] = [
  { from: 'pending', to: 'sending', because: 'a worker claimed it' },
  { from: 'retrying', to: 'sending', because: 'its wait is over and a worker claimed it' },
  { from: 'held', to: 'sending', because: 'its line moves again and a worker claimed it' },
  { from: 'sending', to: 'delivered', because: 'Slack took the message' },
  { from: 'sending', to: 'retrying', because: 'another try makes sense, or Slack asked to wait' },
  { from: 'sending', to: 'failed', because: 'Slack refused it for good, or its attempts are used up' },
  { from: 'sending', to: 'unconfirmed', because: 'it is not known whether the message arrived' },
  { from: 'sending', to: 'held', because: 'its destination or integration turned out to be dead or switched off' },
  { from: 'pending', to: 'suppressed', because: 'a later one says what it would have said' },
  { from: 'retrying', to: 'suppressed', because: 'a later one says what it would have said' },
  {
    from: 'held',
    to: 'suppressed',
    because: 'a later one says what it would have said, or its mute drops what it holds',
  },
  { from: 'unconfirmed', to: 'delivered', because: 'it was found in Slack' },
  { from: 'unconfirmed', to: 'retrying', because: 'it is not in Slack, or its policy is to send it all the same' },
  { from: 'unconfirmed', to: 'failed', because: 'it is not in Slack, and its attempts are used up' },
  { from: 'unconfirmed', to: 'cancelled', because: 'somebody cancelled it, or its destination was deleted' },
  { from: 'pending', to: 'held', because: 'its destination, integration or type is paused' },
  { from: 'retrying', to: 'held', because: 'its destination, integration or type is paused' },
  { from: 'held', to: 'pending', because: 'its destination, integration or type goes on, or it is no longer quiet' },
  { from: 'pending', to: 'cancelled', because: 'somebody cancelled it, or its destination was deleted' },
  { from: 'retrying', to: 'cancelled', because: 'somebody cancelled it, or its destination was deleted' },
  { from: 'held', to: 'cancelled', because: 'somebody cancelled it, or its destination was deleted' },
  { from: 'pending', to: 'delivered', because: 'the summary that says what it would have said was delivered' },
  {
    from: 'pending',
    to: 'failed',
    because: 'the summary that says what it would have said failed, or the message that it continues',
  },
  { from: 'retrying', to: 'failed', because: 'the message that it continues failed' },
  { from: 'held', to: 'failed', because: 'the message that it continues failed' },
]

/** Whether the table has this change. */
export function canChange(from: DeliveryState, to: DeliveryState): boolean {
  return stateChanges.some((change) => change.from === from && change.to === to)
}

/** Waits for a worker. */
export const waitingStates = ['pending', 'retrying', 'held'] as const satisfies DeliveryState[]

/** Has come to its end; `endedAt` says when. */
export const endedStates = ['delivered', 'failed', 'suppressed', 'cancelled'] as const satisfies DeliveryState[]
export const hasEnded = (state: DeliveryState): boolean => endedStates.some((ended) => ended === state)

/** Nothing happens to it any more unless somebody acts, once it is out of line: what a replay is for. */
export const replayableStates = ['failed', 'unconfirmed', 'cancelled', 'suppressed'] as const satisfies DeliveryState[]

/** Not with a worker yet, so it can still be taken back. */
export const cancellableStates = ['pending', 'retrying', 'held', 'unconfirmed'] as const satisfies DeliveryState[]
