import type { DeliveryState } from '../../shared/deliveries.ts'
import type { Shape, Tone } from '../ui/StatePill.tsx'

type Shown = {
  label: string
  tone: Tone
  shape?: Shape
  /** What a person may still do about it. */
  can?: 'replay' | 'cancel'
  /** Something will still happen to it by itself. */
  moves?: true
}

/** How each state looks, and what may be done in it: the server refuses the rest. */
export const deliveryStateLooks: Readonly<Record<DeliveryState, Shown>> = {
  pending: { label: 'Pending', tone: 'neutral', shape: 'clock', can: 'cancel', moves: true },
  sending: { label: 'Sending', tone: 'neutral', shape: 'running', moves: true },
  retrying: { label: 'Retrying', tone: 'warn', shape: 'alert', can: 'cancel', moves: true },
  unconfirmed: { label: 'Unconfirmed', tone: 'warn', shape: 'dashed', can: 'replay' },
  held: { label: 'Held', tone: 'warn', shape: 'clock', can: 'cancel', moves: true },
  delivered: { label: 'Delivered', tone: 'ok' },
  failed: { label: 'Failed', tone: 'bad', can: 'replay' },
  suppressed: { label: 'Suppressed', tone: 'neutral', shape: 'minus' },
  cancelled: { label: 'Cancelled', tone: 'neutral', shape: 'ban', can: 'replay' },
}

export const markLabels = { may_be_duplicate: 'May be a duplicate', maybe_sent: 'Maybe sent' } as const

export const originLabels = { test: 'Test message', message: 'Message', event: 'Event' } as const
