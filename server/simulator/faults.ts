import { z } from 'zod'
import { chance, hex } from './ids.ts'
import type { Sandbox } from './sandbox.ts'
import { tell } from './stream.ts'
import { findChannel } from './workspace.ts'

/** Each way Slack, or the road to it, goes wrong. The second list happens after the work was done. */
export const FAULT_KINDS = [
  'rate_limited',
  'rate_limited_without_header',
  'http_500',
  'http_503_html',
  'redirect',
  'slow',
  'never_answers',
  'reset',
  'error',
  'webhook_error',
  'truncated_json',
  'lost_answer',
  'http_500_after_commit',
] as const

export const NewFault = z.strictObject({
  method: z.string().min(1),
  channel: z.string().min(1).optional(),
  kind: z.enum(FAULT_KINDS),
  code: z.string().min(1).optional(),
  status: z.number().int().min(200).max(599).optional(),
  body: z.string().optional(),
  retryAfterSeconds: z.number().int().min(0).max(3600).optional(),
  delayMs: z.number().int().min(0).max(600_000).optional(),
  times: z.number().int().min(1).nullable().default(1),
  probability: z.number().min(0).max(1).default(1),
})

export type NewFault = z.input<typeof NewFault>
export type Fault = z.output<typeof NewFault> & { id: string; hits: number }

/** Puts a fault on the dial. It strikes `times` times, or until it is taken off. */
export function addFault(sandbox: Sandbox, fault: z.output<typeof NewFault>): Fault {
  const added: Fault = { id: `flt_${hex(12)}`, ...fault, hits: 0 }
  sandbox.faults.push(added)
  return added
}

/** True when there was such a fault. */
export function removeFault(sandbox: Sandbox, id: string): boolean {
  const before = sandbox.faults.length
  sandbox.faults = sandbox.faults.filter((fault) => fault.id !== id)
  return sandbox.faults.length < before
}

/** The fault that strikes this call, counted; `webhook` and `response_url` are method names here. */
export function takeFault(sandbox: Sandbox, method: string, channel: string | undefined): Fault | undefined {
  const fault = sandbox.faults.find(
    (each) => matchesMethod(each, method) && matchesChannel(sandbox, each, channel) && chance(each.probability),
  )
  if (!fault) return undefined
  fault.hits += 1
  if (fault.times !== null && fault.hits >= fault.times) removeFault(sandbox, fault.id)
  tell(sandbox.feed, { kind: 'state' })
  return fault
}

function matchesMethod(fault: Fault, method: string): boolean {
  return fault.method === '*' || fault.method === method
}

function matchesChannel(sandbox: Sandbox, fault: Fault, channel: string | undefined): boolean {
  if (fault.channel === undefined) return true
  if (channel === undefined) return false
  const idOf = (idOrName: string) => findChannel(sandbox.workspace, idOrName)?.id ?? idOrName
  return idOf(fault.channel) === idOf(channel)
}
