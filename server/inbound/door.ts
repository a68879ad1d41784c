import type { RefusalReason } from '../../shared/commands.ts'
import type { AppContext } from '../context.ts'
import { Refusal } from '../errors.ts'
import { findSigningSecret } from '../integrations/credentials.ts'
import { confirmSigningSecret, noteRefusedRequest } from '../integrations/signing-secret.ts'
import type { Surface } from '../integrations/store.ts'
import type { NoBody } from '../lib/read-body.ts'
import { countRefusals, UNKNOWN } from './count-refusals.ts'
import { isSslCheck, verifySignature } from './verify.ts'

export type { Surface } from '../integrations/store.ts'

/** A request to one of the addresses that Slack calls, with nothing believed yet. */
export type Call = {
  integrationId: string
  surface: Surface
  body: Buffer | NoBody
  signature: string | undefined
  timestamp: string | undefined
  declaredBytes: number | undefined
  contentEncoding: string | undefined
  /** Of the clock that never jumps, when its first byte was here. */
  startedMs: number
}

/** A request that Slack signed, at an integration that is switched on. */
export type VerifiedCall = {
  integrationId: string
  surface: Surface
  body: Buffer
  /** With its time in front: rows that come together lie together in the index that finds replays. */
  signature: string
  startedMs: number
}

/** What Slack, or whoever called, is answered. Without a body it is empty: it tells nothing. */
export type Reply = { status: 200 | 400 | 401 | 413 | 500 | 503; body?: object }

export type Checked = { kind: 'verified'; call: VerifiedCall } | { kind: 'answered'; reply: Reply }

export type Door = ReturnType<typeof openDoor>

/** Lets in what Slack signed. All else is counted, never parsed and, as far as it was not Slack's, told nothing. */
export function openDoor(ctx: AppContext) {
  const counts = countRefusals(ctx)
  const underWay = new Set<Promise<void>>()

  /** Work that Slack does not wait for. Closing does. */
  const afterwards = (about: string, work: Promise<void>) => {
    const ended = work
      .catch((error) => ctx.log.error('inbound.afterwards_broke', { about, error }))
      .finally(() => underWay.delete(ended))
    underWay.add(ended)
  }

  const refuse = (call: Call | VerifiedCall, reason: RefusalReason, skewMs?: number): Reply => {
    const { integrationId, surface } = call
    counts.add({ integrationId, surface, reason, skewMs })
    const { declaredBytes, contentEncoding } = 'declaredBytes' in call ? call : {}
    const receivedBytes = typeof call.body === 'string' ? undefined : call.body.length
    const facts = { surface, reason, at: ctx.now(), skewMs, declaredBytes, receivedBytes, contentEncoding }
    afterwards('refused', noteRefusedRequest(ctx, integrationId, facts))
    return { status: REFUSED[reason] ?? 401 }
  }

  const check = async (call: Call): Promise<Checked> => {
    const { body, integrationId, surface, signature, timestamp } = call
    if (body === 'aborted') return answered({ status: 400 })
    if (body === 'too_many') return answered({ status: 503 })
    if (body !== 'too_large' && isSslCheck(body)) return answered({ status: 200 })
    const found = await secretOf(ctx, integrationId)
    if (found === 'unreadable') return answered({ status: 503 })
    if (!found) {
      counts.add({ integrationId: UNKNOWN, surface, reason: 'unknown_integration' })
      // The same as at an integration that exists: whoever guesses ids must not see when one is right.
      return answered({ status: body === 'too_large' ? 413 : 401 })
    }
    if (body === 'too_large') return answered(refuse(call, 'too_large'))
    const verdict = verifySignature(found.secret, { signature, timestamp, body }, ctx.now())
    if (!verdict.ok) return answered(refuse(call, verdict.reason, verdict.skewMs))
    if (found.disabled) {
      refuse(call, 'disabled')
      return answered(surface === 'commands' ? { status: 200, body: SWITCHED_OFF } : { status: 200 })
    }
    return {
      kind: 'verified',
      call: { integrationId, surface, body, signature: `${timestamp}:${signature}`, startedMs: call.startedMs },
    }
  }

  return {
    check,
    refuse,
    afterwards,
    /** A new call with Slack's signature: the signing secret is the right one. */
    proven: ({ integrationId, surface }: VerifiedCall, testId?: string) =>
      afterwards(
        'proven',
        confirmSigningSecret(ctx, integrationId, { surface, at: ctx.now(), ...(testId !== undefined && { testId }) }),
      ),
    flush: counts.flush,
    close: async () => {
      await Promise.all(underWay)
      await counts.flush()
    },
  }
}

const answered = (reply: Reply): Checked => ({ kind: 'answered', reply })

/** The signing secret, as far as there is one; a secret that can't be opened is an admin's business, not Slack's. */
async function secretOf(ctx: AppContext, integrationId: string) {
  try {
    return await findSigningSecret(ctx, integrationId)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    ctx.log.error('inbound.secret_unreadable', { integrationId, problem: error.message })
    return 'unreadable'
  }
}

/** Whose status is not 401. */
const REFUSED: Partial<Record<RefusalReason, Reply['status']>> = { too_large: 413, malformed: 400 }
const SWITCHED_OFF = {
  response_type: 'ephemeral',
  text: 'Switchboard is switched off for this workspace. An admin can enable it under Integrations.',
}
