import type { Delivery } from '../../shared/deliveries.ts'
import { slackCode } from '../../shared/slack-codes.ts'

/** What a person should do first: sending elsewhere where the destination is dead, replaying where nothing need change. */
export function helpingAct({ state, code }: Pick<Delivery, 'state' | 'code'>): 'replay' | 'elsewhere' | undefined {
  if (state === 'cancelled') return 'replay'
  if ((state !== 'failed' && state !== 'held') || code === undefined) return undefined
  const { retry, stops } = slackCode(code)
  if (stops === 'destination') return 'elsewhere'
  if (state === 'held') return undefined
  return retry === 'never' ? undefined : 'replay'
}
