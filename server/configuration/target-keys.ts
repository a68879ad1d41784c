/** A place that messages go to, the same however it was named: `<integration id> <kind> <id in Slack, or name>`. */
export type TargetKey = string

export type TargetKind = 'channel' | 'person' | 'webhook' | 'recipient'
export type TargetParts = { integrationId: string; kind: TargetKind; target: string }

export const targetKey = ({ integrationId, kind, target }: TargetParts): TargetKey =>
  `${integrationId} ${kind} ${target}`.trimEnd()

export function partsOf(key: TargetKey): TargetParts {
  const [integrationId = '', kind = '', ...target] = key.split(' ')
  return { integrationId, kind: kind as TargetKind, target: target.join(' ') } // written by targetKey only
}

export const isTargetKey = (value: unknown): value is TargetKey =>
  typeof value === 'string' && /^int_\w+ (channel|person|webhook|recipient)( |$)/.test(value)
