import type { Delivery, DeliveryState } from '../../shared/deliveries.ts'
import type { Shape, Tone } from '../ui/StatePill.tsx'

type Shown = {
  label: string
  tone: Tone
  shape?: Shape
  /** Something will still happen to it by itself. */
  moves?: true
}

/** How each state looks. */
export const deliveryStateLooks: Readonly<Record<DeliveryState, Shown>> = {
  pending: { label: 'Pending', tone: 'neutral', shape: 'clock', moves: true },
  sending: { label: 'Sending', tone: 'neutral', shape: 'running', moves: true },
  retrying: { label: 'Retrying', tone: 'warn', shape: 'alert', moves: true },
  unconfirmed: { label: 'Unconfirmed', tone: 'warn', shape: 'dashed', moves: true },
  held: { label: 'Held', tone: 'warn', shape: 'clock', moves: true },
  delivered: { label: 'Delivered', tone: 'ok' },
  failed: { label: 'Failed', tone: 'bad' },
  suppressed: { label: 'Suppressed', tone: 'neutral', shape: 'minus' },
  cancelled: { label: 'Cancelled', tone: 'neutral', shape: 'ban' },
}

/** Whether anything will still happen by itself. An unconfirmed one is looked for until only a person can decide. */
export function isMoving({ state, canReplay }: Pick<Delivery, 'state' | 'canReplay'>): boolean {
  return deliveryStateLooks[state].moves === true && !(state === 'unconfirmed' && canReplay)
}

export const markLabels = { may_be_duplicate: 'May be a duplicate', maybe_sent: 'Maybe sent' } as const

export const originLabels = { test: 'Test message', message: 'Message', event: 'Event', summary: 'Summary' } as const
